"""Extensions: an organisation's own fields validate, outsiders lose nothing, no rule is lifted."""

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, RDFS
from rdflib.term import Node

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError, UnknownAsset
from dpc_kg.base.vocab import CODES, DPC, SHAPES
from dpc_kg.cli.main import main
from dpc_kg.model import extensions
from dpc_kg.model.extensions import Extension
from dpc_kg.validate.engines import validate_quads
from dpc_kg.validate.extending import graph_of, problems, validate_extended

DATA = Path(__file__).parents[1] / "extensions/example-org/data.trig"
D, X = Namespace(DPC), Namespace("https://w3id.org/dpc/ext/example-org#")
XS = Namespace("https://w3id.org/dpc/ext/example-org/shapes#")
S = Namespace(SHAPES)
ENGINES = ["shacl", "pyshacl"]


@cache
def example() -> Extension:
    return extensions.load("example-org")


def changed(folder: Path, *triples: tuple[URIRef, URIRef, Node | str]) -> Extension:
    path = folder / "changed.ttl"
    graph = Graph()
    for triple in example().graph:
        graph.add(triple)
    for subject, predicate, value in triples:
        graph.add((subject, predicate, value if isinstance(value, Node) else URIRef(value)))
    graph.serialize(path, format="turtle")
    return extensions.load(str(path))


def edited(folder: Path, old: str, new: str) -> Path:
    path = folder / "data.trig"
    text = DATA.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", extensions.names())
def test_every_registered_extension_may_be_registered(name: str) -> None:
    assert problems(extensions.load(name)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_data_of_an_extension_validate(engine: str) -> None:
    assert validate_extended(DATA, example(), engine).conforms


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("outreach-route/street-work", "outreach-route/leaflet", "CaseShape-outreachRoute"),
        ("groupSessions 4", "groupSessions -4", "CaseShape-groupSessions"),
        ("groupSessions 4", 'groupSessions "with her aunt"', "CaseShape-groupSessions"),
        ("groupSessions 4", 'nickname "Example"', "CaseShape-closed"),
        ("dpc:riskLevel <https://w3id.org/dpc/codes/risk-level/high> ;", "", "CaseShape-riskLevel"),
        ("case-status/open", "case-status/asleep", "CaseShape-hasStatus"),
    ],
)
def test_core_and_extension_rules_both_hold(
    tmp_path: Path, engine: str, old: str, new: str, rule: str
) -> None:
    run = validate_extended(edited(tmp_path, old, new), example(), engine)
    assert {result.rule for result in run.results} == {rule}


def test_an_outside_reader_leaves_the_extras_out_and_loses_nothing(tmp_path: Path) -> None:
    """The core part alone conforms to the core, and holds all that the core can say."""
    core = tmp_path / "core.nq"
    quads = list(ox.parse(DATA.read_bytes(), format=ox.RdfFormat.TRIG))
    ours = [quad for quad in quads if not str(quad.graph_name).endswith("/ext>")]
    assert len(ours) < len(quads)
    ox.serialize(ours, core, format=ox.RdfFormat.N_QUADS)
    assert validate_quads(core).conforms
    left = {triple for triple in graph_of(DATA) if not str(triple[1]).startswith(str(X))}
    assert set(graph_of(core)) == left


def test_the_core_refuses_the_extras_where_nobody_registered_them(tmp_path: Path) -> None:
    path = tmp_path / "all.nt"
    graph_of(DATA).serialize(path, format="nt", encoding="utf-8")
    quads = path.rename(tmp_path / "all.nq")
    assert {r.rule for r in validate_quads(quads).results} == {"CaseShape-closed"}


CLOSED = S["CaseShape-closed"]
ATTACKS: dict[str, list[tuple[URIRef, URIRef, Node | str]]] = {
    "switches a rule off": [(S.CaseShape, SH.deactivated, Literal(True))],
    "switches its own rule off": [(XS["CaseShape-riskLevel"], SH.deactivated, Literal(True))],
    "opens the closure": [(CLOSED, SH.ignoredProperties, FOAF.name)],
    "loosens a rule": [(S["CaseShape-ageBand"], SH.minCount, Literal(0))],
    "adds free text": [(X.outreachRoute, RDFS.range, XSD.string)],
    "adds a name": [(FOAF.name, RDF.type, OWL.DatatypeProperty)],
    "checks a name": [(XS["CaseShape-groupSessions"], SH.path, FOAF.name)],
    "redefines a field of the model": [(D.riskLevel, RDFS.range, XSD.string)],
    "says its field is one of the model": [(X.outreachRoute, RDFS.subPropertyOf, D.riskLevel)],
    "runs a query": [(XS.CaseShape, SH.sparql, XS.query)],
    "imports other rules": [(XS.CaseShape, OWL.imports, "https://example.org/rules")],
    "aims at a class of its own": [(XS.CaseShape, SH.targetClass, X.Person)],
    "makes a field less sensitive": [(D.riskLevel, D.sensitivity, CODES + "sensitivity/public")],
    "speaks for another organisation": [
        (URIRef("https://w3id.org/dpc/ext/other-org#x"), RDF.type, OWL.ObjectProperty)
    ],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_extension_lifts_a_rule(tmp_path: Path, attack: str) -> None:
    bad = changed(tmp_path, *ATTACKS[attack])
    assert problems(bad)
    with pytest.raises(DpcError, match="refused"):
        validate_extended(DATA, bad)


def test_a_rule_without_a_limit_is_refused(tmp_path: Path) -> None:
    """A field that takes any text would carry names."""
    graph = Graph()
    for triple in example().graph:
        graph.add(triple)
    rule = XS["CaseShape-outreachRoute"]
    graph.remove((rule, SH["in"], None))
    path = tmp_path / "open.ttl"
    graph.serialize(path, format="turtle")
    assert any("limits its value" in line for line in problems(extensions.load(str(path))))


def test_a_nameless_rule_does_not_slip_through(tmp_path: Path) -> None:
    node = BNode()
    bad = changed(tmp_path, (XS.CaseShape, SH.property, node))
    bad.graph.add((node, SH.path, FOAF.name))
    bad.graph.serialize(bad.path, format="turtle")
    assert problems(extensions.load(str(bad.path)))


def test_distance_counts_what_is_added() -> None:
    far = extensions.distance(example(), graph_of(DATA))
    (name, ours, own) = far.classes[0]
    assert (name, own, far.codes, far.tightened) == ("Case", 2, 3, 1)
    assert far.share == pytest.approx(2 / (ours + 2))
    assert far.statements == pytest.approx(2 / len(graph_of(DATA)))


def test_the_verb_reports_refuses_and_validates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["extension", "example-org", "--data", str(DATA)]) == 0
    assert "Distance from the core" in capsys.readouterr().out
    bad = changed(tmp_path, *ATTACKS["opens the closure"])
    assert main(["extension", str(bad.path)]) == 1
    assert "refused:" in capsys.readouterr().out
    assert (
        main(["extension", "example-org", "--data", str(edited(tmp_path, "/high", "/tall"))]) == 1
    )


def test_an_unknown_extension_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownAsset, match="example-org"):
        extensions.load("nobody")


def test_the_registered_files_are_named_after_their_organisation() -> None:
    for path in assets.asset("shapes", "profiles").glob("*.ttl"):
        assert extensions.load(str(path)).org == path.stem
