"""Profiles made from the shapes: the closure of every leaf class (``shapes/privacy.ttl``).

A closed superclass would refuse the data of its subclasses, so each leaf class gets one closed
shape of its own: what its shapes and those above it name may travel, everything else may not
(DESIGN section 5). The allowed properties stand in ``sh:ignoredProperties`` so that no property
shape is evaluated twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from rdflib import OWL, RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS

from dpc_kg.base import assets
from dpc_kg.base.rdfio import canonical_turtle, read
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES, DPC, SH, SHAPES, local_name
from dpc_kg.model import ontology

PRIVACY = "privacy.ttl"
GENERATED = frozenset({PRIVACY})
"""Shape files made by this room; all others are written by people."""

_SH = Namespace(SH)
_DPC = Namespace(DPC)
_DPCSH = Namespace(SHAPES)
_HEADER = URIRef("https://w3id.org/dpc/shapes/privacy")
_TITLE = (
    "Shapes of the DPC Common Data Model: nothing outside the model travels",
    "Formes du modèle commun de données DPC : rien d'étranger au modèle ne circule",
    "Formas del modelo común de datos DPC: nada ajeno al modelo viaja",
    "أشكال نموذج البيانات المشترك DPC: لا يُنقل شيء من خارج النموذج",
)
_CLOSED = (
    "{}: this record holds a field that the model does not have. Remove the field;"
    " personal data and free text never travel.",
    "{} : cet enregistrement contient un champ que le modèle ne prévoit pas. Retirez ce champ ;"
    " les données personnelles et le texte libre ne circulent jamais.",
    "{}: este registro contiene un campo que el modelo no tiene. Quite el campo;"
    " los datos personales y el texto libre nunca viajan.",
    "{}: يحتوي هذا السجل على حقل لا يوجد في النموذج. احذف الحقل؛"
    " فالبيانات الشخصية والنصوص الحرة لا تُنقل أبدًا.",
)
_TYPED = (
    "It is not said what kind of thing this is, or the kind is not in the model."
    " Give exactly one class of the model.",
    "La nature de cet élément n'est pas indiquée ou n'existe pas dans le modèle."
    " Indiquez exactement une classe du modèle.",
    "No se indica qué clase de elemento es, o la clase no está en el modelo."
    " Indique exactamente una clase del modelo.",
    "لم يُذكر نوع هذا العنصر أو أن النوع غير موجود في النموذج. حدد صنفًا واحدًا فقط من النموذج.",
)


def hand_written() -> Graph:
    """Give the shapes that people wrote, as one graph."""
    return Graph() + _written()


def _written() -> Graph:
    """Give the same graph, shared: only to be read."""
    return _merged(tuple(assets.shape_files()))


@lru_cache(maxsize=2)
def _merged(files: tuple[Path, ...]) -> Graph:
    merged = Graph()
    for path in files:
        if path.name not in GENERATED:
            for triple in read(path):
                merged.add(triple)
    return merged


def shapes_of(shapes: Graph, iri: str) -> list[URIRef]:
    """Give the node shapes that target a class or a class above it, sorted."""
    found = {
        shape
        for above in ontology.superclasses(iri)
        for shape in shapes.subjects(_SH.targetClass, URIRef(above))
        if isinstance(shape, URIRef)
    }
    return sorted(found)


def properties(shapes: Graph, iri: str, required: bool = False) -> tuple[str, ...]:
    """Give the properties that data of a class may carry, sorted; or only those it must carry."""
    return tuple(sorted({p for p, must in _paths(shapes, iri) if must or not required}))


def closure() -> Graph:
    """Give the closed shapes of all leaf classes, and the shape that asks for a known class."""
    shapes = _written()
    out = Graph()
    _header(out)
    for iri in ontology.leaf_classes():
        _close(out, iri, properties(shapes, iri))
    _type_shape(out, shapes)
    return out


def closed_around(iri: str, extras: Iterable[str]) -> Graph:
    """Give the closed shape of one class that lets further properties in."""
    out = Graph()
    _close(out, iri, sorted({*properties(_written(), iri), *extras}))
    return out


def write(folder: Path | None = None) -> list[Path]:
    """Write the generated shape files in canonical form, and give their paths."""
    path = (folder or assets.root() / "shapes") / PRIVACY
    path.write_text(canonical_turtle(closure()), encoding="utf-8", newline="\n")
    return [path]


def _paths(shapes: Graph, iri: str) -> Iterable[tuple[str, bool]]:
    for shape in shapes_of(shapes, iri):
        for prop in shapes.objects(shape, _SH.property):
            path = shapes.value(prop, _SH.path)
            least = shapes.value(prop, _SH.minCount)
            if isinstance(path, URIRef):
                yield str(path), least is not None and int(str(least)) > 0


def _close(out: Graph, iri: str, allowed: Iterable[str]) -> None:
    name = local_name(iri)
    shape = _DPCSH[f"{name}Shape-closed"]
    labels = [ontology.label(iri, lang) for lang in LANGS]
    texts = [text.format(word) for text, word in zip(_CLOSED, labels, strict=True)]
    _node_shape(out, shape, texts)
    out.add((shape, _SH.targetClass, URIRef(iri)))
    out.add((shape, _SH.closed, Literal(True)))
    ignored = [RDF.type, *(URIRef(p) for p in allowed)]
    out.add((shape, _SH.ignoredProperties, _list(out, ignored)))


def _type_shape(out: Graph, shapes: Graph) -> None:
    """Ask for a class we know: a record of a misspelt class would meet no shape at all."""
    shape, prop = _DPCSH.SubjectShape, _DPCSH["SubjectShape-type"]
    leaves = ontology.leaf_classes()
    users = Counter(p for leaf in leaves for p in properties(shapes, leaf))
    out.add((shape, RDF.type, _SH.NodeShape))
    out.add((shape, _SH.property, prop))
    out.add((shape, _SH.severity, _SH.Violation))
    for iri in leaves:
        out.add((shape, _SH.targetSubjectsOf, URIRef(_marker(shapes, iri, users))))
    _texts(out, prop, _SH.message, _TYPED)
    out.add((prop, RDF.type, _SH.PropertyShape))
    out.add((prop, _SH.path, RDF.type))
    out.add((prop, _SH.minCount, Literal(1)))
    out.add((prop, _SH.maxCount, Literal(1)))
    out.add((prop, _SH["in"], _list(out, [URIRef(iri) for iri in leaves])))
    out.add((prop, _SH.severity, _SH.Violation))


def _marker(shapes: Graph, iri: str, users: Mapping[str, int]) -> str:
    """Give our property that tells a class best: required, and shared with the fewest others."""
    choices = properties(shapes, iri, required=True) or properties(shapes, iri)
    ours = (p for p in choices if p.startswith(DPC))
    return min(ours, key=lambda p: (users[p], p))


def _node_shape(out: Graph, shape: URIRef, texts: Iterable[str]) -> None:
    out.add((shape, RDF.type, _SH.NodeShape))
    out.add((shape, _SH.severity, _SH.Violation))
    _texts(out, shape, _SH.message, texts)


def _header(out: Graph) -> None:
    version = ontology.load().value(URIRef("https://w3id.org/dpc/cdm"), OWL.versionInfo)
    out.add((_HEADER, RDF.type, OWL.Ontology))
    out.add((_HEADER, OWL.versionInfo, Literal(str(version))))
    out.add((_HEADER, OWL.versionIRI, URIRef(f"{_HEADER}/{version}")))
    out.add((_HEADER, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")))
    out.add((_HEADER, _DPC.translationStatus, URIRef(f"{CODES}translation-status/drafted")))
    _texts(out, _HEADER, DCTERMS.title, _TITLE)


def _texts(out: Graph, subject: URIRef, predicate: URIRef, texts: Iterable[str]) -> None:
    for lang, text in zip(LANGS, texts, strict=True):
        out.add((subject, predicate, Literal(text, lang=lang)))


def _list(out: Graph, items: list[URIRef]) -> BNode:
    head = BNode()
    Collection(out, head, list(items))
    return head


if __name__ == "__main__":
    write()
