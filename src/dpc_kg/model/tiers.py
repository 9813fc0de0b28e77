"""The tiers basic, essential and full: one shapes file each, made from ``dpc:tier``.

What may not be wrong is the same in every tier: closure, values, patterns. A tier only says what
must be there. A property is demanded in a tier if its own tier is not above that tier, or not
above the tier of the class: who uses a class gives what belongs to it. So whatever breaks a rule
in a lower tier breaks it in every higher one (DESIGN section 5; one file a tier as in CIDS).
"""

from pathlib import Path

from rdflib import OWL, RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from dpc_kg.base import assets
from dpc_kg.base.rdfio import canonical_turtle
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES, DPC, SH, local_name
from dpc_kg.model import ontology, profiles

TIERS = ("basic", "essential", "full")
"""From the least demanding to the most."""

BASE = "https://w3id.org/dpc/shapes/tiers/"
_SH = Namespace(SH)
_DPC = Namespace(DPC)
_TITLES = {
    "basic": (
        "Basic tier of the DPC Common Data Model: what every partner gives",
        "Niveau de base du modèle commun de données DPC : ce que donne chaque partenaire",
        "Nivel básico del modelo común de datos DPC: lo que da cada socio",
        "المستوى الأساسي من نموذج البيانات المشترك DPC: ما يقدمه كل شريك",
    ),
    "essential": (
        "Essential tier of the DPC Common Data Model: what partners who exchange records give",
        "Niveau essentiel du modèle commun de données DPC : ce que donnent les partenaires qui"
        " échangent des enregistrements",
        "Nivel esencial del modelo común de datos DPC: lo que dan los socios que intercambian"
        " registros",
        "المستوى الضروري من نموذج البيانات المشترك DPC: ما يقدمه الشركاء الذين يتبادلون السجلات",
    ),
    "full": (
        "Full tier of the DPC Common Data Model: everything the shapes ask for",
        "Niveau complet du modèle commun de données DPC : tout ce que demandent les formes",
        "Nivel completo del modelo común de datos DPC: todo lo que piden las formas",
        "المستوى الكامل من نموذج البيانات المشترك DPC: كل ما تطلبه الأشكال",
    ),
}


def tier_of(iri: str) -> int:
    """Give the place of a term's tier among ``TIERS``; a term without one is of the lowest."""
    tier = ontology.load().value(URIRef(iri), _DPC.tier)
    return TIERS.index(local_name(str(tier))) if tier is not None else 0


def shapes(tier: str) -> Graph:
    """Give the shapes of one tier, the closure of the leaf classes among them."""
    graph = profiles.hand_written() + profiles.closure()
    for header in set(graph.subjects(RDF.type, OWL.Ontology)):
        graph.remove((header, None, None))
    level = TIERS.index(tier)
    for shape, target in list(graph.subject_objects(_SH.targetClass)):
        _relax(graph, shape, max(level, tier_of(str(target))))
    _header(graph, tier)
    return graph


def demands(tier: str) -> int:
    """Give the number of values that a tier demands, over all classes."""
    graph = shapes(tier)
    return sum(
        _least(graph, prop) > 0
        for shape in graph.subjects(_SH.targetClass)
        for prop in graph.objects(shape, _SH.property)
    )


def write(folder: Path | None = None) -> list[Path]:
    """Write the shapes files of all tiers in canonical form, and give their paths."""
    base = folder or assets.root() / "shapes" / "tiers"
    base.mkdir(parents=True, exist_ok=True)
    for tier in TIERS:
        text = canonical_turtle(shapes(tier))
        (base / f"{tier}.ttl").write_text(text, encoding="utf-8", newline="\n")
    return [base / f"{tier}.ttl" for tier in TIERS]


def _relax(graph: Graph, shape: Node, level: int) -> None:
    """Drop what a shape demands of properties above a level."""
    for prop in list(graph.objects(shape, _SH.property)):
        path = graph.value(prop, _SH.path)
        if isinstance(path, URIRef) and _least(graph, prop) and tier_of(str(path)) > level:
            graph.remove((prop, _SH.minCount, None))
    blamed = graph.value(shape, _DPC.blames)
    if blamed is not None and tier_of(str(blamed)) > level and _demands_a_value(graph, shape):
        _drop(graph, shape)


def _least(graph: Graph, prop: Node) -> int:
    least = graph.value(prop, _SH.minCount)
    return 0 if least is None else int(str(least))


def _demands_a_value(graph: Graph, rule: Node) -> bool:
    """Tell whether a conditional rule is broken by the absence of a value."""
    return any((part, _SH.maxCount, Literal(0)) in graph for part in _parts(graph, rule))


def _parts(graph: Graph, rule: Node) -> list[Node]:
    """Give the shapes that a conditional rule is made of."""
    broken = graph.value(rule, _SH["not"])
    head = graph.value(broken, _SH["and"]) if broken is not None else None
    return [] if broken is None or head is None else [broken, *graph.items(head)]


def _drop(graph: Graph, rule: Node) -> None:
    for node in (rule, *_parts(graph, rule)):
        for triple in graph.cbd(node):
            graph.remove(triple)


def _header(graph: Graph, tier: str) -> None:
    header = URIRef(BASE + tier)
    version = ontology.load().value(URIRef(DPC.removesuffix("#")), OWL.versionInfo)
    graph.add((header, RDF.type, OWL.Ontology))
    graph.add((header, OWL.versionInfo, Literal(str(version))))
    graph.add((header, OWL.versionIRI, URIRef(f"{header}/{version}")))
    graph.add((header, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")))
    graph.add((header, _DPC.translationStatus, URIRef(f"{CODES}translation-status/drafted")))
    for lang, title in zip(LANGS, _TITLES[tier], strict=True):
        graph.add((header, DCTERMS.title, Literal(title, lang=lang)))


if __name__ == "__main__":
    profiles.write()
    write()
