"""A statement is found where it stands: in every syntax, and nowhere rather than elsewhere."""

import random
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpc_kg.validate.jsonplaces import json_places
from dpc_kg.validate.positions import Place, lines_of, places
from dpc_kg.validate.results import Result
from dpc_kg.validate.turtleplaces import Placed, placed
from dpc_kg.validate.turtletokens import Unfamiliar
from tests.validate.uglyturtle import PREFIXES, Ugly

BASE = "http://b/x/y/"


def read(text: str, syntax: ox.RdfFormat) -> list[Placed]:
    triples = [quad.triple for quad in ox.parse(text, format=syntax, base_iri=BASE)]
    found = list(placed(text, iter(triples)))
    assert [each.triple for each in found] == triples
    return found


@given(st.integers(0, 10**9), st.booleans())
def test_ugly_turtle_comes_back_with_the_place_of_every_value(seed: int, graphs: bool) -> None:
    ugly = Ugly(seed, graphs)
    syntax = ox.RdfFormat.TRIG if graphs else ox.RdfFormat.TURTLE
    found = read(ugly.text, syntax)
    met = set()
    for triple, subject, value in found:
        if subject in ugly.subjects:
            alone = f"{PREFIXES}{ugly.subjects[subject]} e:p e:o ."
            assert first(alone, ox.RdfFormat.TURTLE).subject == triple.subject
        else:
            assert ugly.text[subject] in "()" or isinstance(triple.subject, ox.BlankNode)
        if value in ugly.values and not triple.predicate.value.endswith("#rest"):
            alone = f"{PREFIXES}e:s e:p {ugly.values[value]} ."
            assert first(alone, ox.RdfFormat.TURTLE).object == triple.object
            met.add(value)
        elif isinstance(triple.object, ox.BlankNode):
            assert ugly.text[value] in "_[(" or triple.predicate.value.endswith("#rest")
        else:
            assert str(triple.object).endswith("#nil>")
            assert ugly.text[value] in "()"
    assert met == set(ugly.values)


def first(text: str, syntax: ox.RdfFormat) -> ox.Triple:
    """Give the first triple of a text that may end anyhow."""
    found: ox.Triple = next(ox.parse(text, format=syntax, base_iri=BASE)).triple
    return found


IRIS = [ox.NamedNode(f"http://e/{name}") for name in ("a", "b#c", "é", "x.y", "d/", "f%20")]
TEXTS = ["", "a", 'a"b', "a\nb", "\\", "é😀", "it's", " # ", "1", "\t"]


@given(st.integers(0, 10**9))
@pytest.mark.parametrize("ending", ["nt", "nq", "ttl", "trig"])
def test_what_the_writer_writes_is_found(ending: str, seed: int) -> None:
    dice = random.Random(seed)
    graph: list[ox.DefaultGraph | ox.NamedNode]
    graph = [ox.DefaultGraph()] if ending in ("nt", "ttl") else [ox.DefaultGraph(), *IRIS[:2]]
    blanks = [ox.BlankNode(f"n{number}") for number in range(3)]
    subjects: list[ox.NamedNode | ox.BlankNode] = [*IRIS, *blanks]
    values: list[ox.NamedNode | ox.BlankNode | ox.Literal]
    literals = [
        made
        for text in TEXTS
        for made in (
            ox.Literal(text),
            ox.Literal(text, language="en-us"),
            ox.Literal(text, datatype=IRIS[0]),
        )
    ]
    values = [*subjects, *literals]
    quads = [
        ox.Quad(
            dice.choice(subjects),
            dice.choice(IRIS),
            dice.choice(values),
            dice.choice(graph),
        )
        for _ in range(12)
    ]
    syntax = ox.RdfFormat.from_extension(ending)
    assert syntax is not None
    prefixes = {"e": "http://e/"} if ending in ("ttl", "trig") else {}
    text = (ox.serialize(quads, format=syntax, prefixes=prefixes) or b"").decode()
    head = "@prefix e: <http://e/> .\n" if prefixes else ""
    for triple, subject, value in read(text, syntax):
        if not isinstance(triple.subject, ox.BlankNode):
            tail = text[subject:]
            assert first(head + tail, syntax).subject == triple.subject
        if isinstance(triple.object, ox.BlankNode):
            assert text[value] in "_["
        else:
            line = f"{head}<http://s> <http://p> {text[value:]}"
            assert first(line, syntax).object == triple.object


UNKNOWN = ["<<( e:a e:b e:c )>>", "<< e:a e:b e:c >>", "1 {| e:q 2 |}", "1 ~ e:r", '"a"@en--ltr']


@pytest.mark.parametrize("value", UNKNOWN)
def test_what_is_not_known_gives_no_places(value: str, tmp_path: Path) -> None:
    path = tmp_path / "d.ttl"
    path.write_text(f"@prefix e: <http://e/> . e:s e:p 1 ; e:q {value} .", encoding="utf-8")
    with pytest.raises(Unfamiliar):
        read(path.read_text(encoding="utf-8"), ox.RdfFormat.TURTLE)
    assert places(path, [result("http://e/s", "http://e/p")]) == [None]


def test_triples_of_another_text_give_no_places() -> None:
    text = "<http://e/s> <http://e/p> 1 , 2 ."
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    for wrong in (triples[:1], triples[::-1], [*triples, triples[0]]):
        with pytest.raises(Unfamiliar):
            list(placed(text, iter(wrong)))


def result(focus: str, path: str | None, value: str | None = None) -> Result:
    return Result(focus, path, value, "", None, "")


XSD_INT = "^^<http://www.w3.org/2001/XMLSchema#integer>"
TURTLE = """@prefix e: <http://e/> .
e:a e:p "é", "x"@en ;  # e:z
  e:q [ e:r 5 ], _:n .
_:n e:r 6 . e:b e:p e:a .
"""
NODE = [
    ("http://e/a", "http://e/p", '"x"@en', (2, 14)),
    ("http://e/a", "http://e/p", None, (2, 9)),
    ("http://e/a", "http://e/p", '"none"', (2, 1)),
    ("http://e/a", "http://e/z", None, (2, 1)),
    ("http://e/a", None, "http://e/a", (2, 1)),
    ("http://e/a", "http://e/q", "_:b1", (3, 18)),
    ("_:b0", "http://e/r", f'"5"{XSD_INT}', (3, 13)),
    ("_:0_b1", "http://e/r", f'"6"{XSD_INT}', (4, 9)),
    ("_:b0", "http://e/z", None, (3, 7)),
    ("http://e/a", "^<http://e/p>", "http://e/b", (4, 21)),
    ("http://e/a", "(<http://e/q>/<http://e/r>)", f'"5"{XSD_INT}', (2, 1)),
    ("http://e/none", "http://e/p", None, None),
    ('"é"', None, '"é"', None),
]


def test_of_a_statement_of_its_path_of_its_subject(tmp_path: Path) -> None:
    path = tmp_path / "d.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    found = places(path, [result(*each[:3]) for each in NODE])
    assert [(at.line, at.character) if at else None for at in found] == [each[3] for each in NODE]


LINED = (
    '<http://e/a> <http://e/p> "😀" {g}.\n\n# <http://e/a>\n  <http://e/a> <http://e/p> "b" {g}.\n'
)


@pytest.mark.parametrize(("ending", "graph"), [("nt", ""), ("nq", "<http://e/g> "), ("nq", "_:g ")])
def test_lines_of_statements(ending: str, graph: str, tmp_path: Path) -> None:
    path = tmp_path / f"d.{ending}"
    path.write_bytes(LINED.replace("{g}", graph).replace("\n", "\r\n").encode())
    asked = [result("http://e/a", "http://e/p", value) for value in ('"😀"', '"b"', None)]
    assert places(path, asked) == [Place(1, 27), Place(4, 29), Place(1, 27)]


JSON = """{"@context": {"e": "http://e/", "twice": "http://e/1/", "name": {"@id": "e:n"}},
 "@graph": [
  {"@context": {"twice": "http://e/2/"}, "@id": "twice:x", "e:p": 1},
  {"@id": "e:other", "e:knows": {"@id": "e:a"}},
  { "é": "http://e/a",
    "@id":   "e:a", "e:p": [1, {"@id": "http://e/b", "e:p": {"@value": "@id"}}]},
  {"@id": "rel", "name": "e:a"}
 ]}
"""


def test_json_ld_has_the_places_of_names(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonld"
    path.write_text(JSON, encoding="utf-8")
    own = path.with_name("rel").as_uri()
    names = [
        "http://e/a",
        "http://e/b",
        "http://e/other",
        "http://e/n",
        own,
        "http://e/1/x",
        "_:b0",
    ]
    found = places(path, [result(name, "http://e/p") for name in names])
    assert found == [Place(6, 14), Place(6, 40), Place(4, 11), None, Place(7, 11), None, None]


@pytest.mark.parametrize("part", ['"@type": "@json"', '"@base": "http://x/"', '"\\u0040id": 1'])
def test_json_ld_of_uncertain_names_has_none(part: str) -> None:
    text = '{"@context": {' + part + '}, "@id": "http://e/a", "http://e/p": 1}'
    with pytest.raises(Unfamiliar):
        list(json_places(text, BASE))


XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"
  xml:base="http://e/">
  <e:C rdf:about="a" e:attr="v">
    <!-- é --><e:p xml:lang="en-GB">x</e:p><e:p>y</e:p>
    <e:q rdf:resource="b"/>
    <e:q><e:D rdf:ID="c"><e:p rdf:datatype="http://e/t">z</e:p></e:D></e:q>
    <e:r rdf:parseType="Literal"><e:C rdf:about="fake"/></e:r>
    <e:s rdf:parseType="Resource"><e:p>w</e:p></e:s>
  </e:C>
</rdf:RDF>
"""
TAGS = [
    ("http://e/a", None, None, (4, 3)),
    ("http://e/a", "http://e/attr", '"v"', (4, 3)),
    ("http://e/a", "http://e/p", '"x"@en-gb', (5, 15)),
    ("http://e/a", "http://e/p", '"y"', (5, 44)),
    ("http://e/a", "http://e/p", '"w"', (4, 3)),
    ("http://e/a", "http://e/q", "http://e/b", (6, 5)),
    ("http://e/a", "http://e/q", "http://e/#c", (7, 5)),
    ("http://e/#c", "http://e/p", '"z"^^<http://e/t>', (7, 26)),
    ("http://e/a", "http://e/r", None, (8, 5)),
    ("http://e/fake", None, None, None),
    ("http://e/a", "http://e/s", None, (9, 5)),
    ("_:b0", "http://e/p", '"w"', None),
]


def test_rdf_xml_has_the_places_of_tags(tmp_path: Path) -> None:
    path = tmp_path / "d.rdf"
    path.write_text(XML, encoding="utf-8")
    found = places(path, [result(*each[:3]) for each in TAGS])
    assert [(at.line, at.character) if at else None for at in found] == [each[3] for each in TAGS]


def test_lines_and_columns_count_characters() -> None:
    text = "é😀x\r\n\ny"
    assert list(lines_of(text, [0, 2, 5, 6])) == [
        Place(1, 1),
        Place(1, 3),
        Place(2, 1),
        Place(3, 1),
    ]


def test_two_hundred_thousand_triples(tmp_path: Path) -> None:
    path, count = tmp_path / "big.ttl", 50_000
    with path.open("w", encoding="utf-8") as file:
        file.write("@prefix e: <http://e/> .\n")
        file.writelines(f'e:n{n} a e:C ; e:p "v{n}"@en , [ e:p {n} ] .\n' for n in range(count))
    wanted = range(0, count, 10_000)
    asked = [result(f"http://e/n{n}", "http://e/p", f'"v{n}"@en') for n in wanted]
    expected = [Place(n + 2, len(f"e:n{n} a e:C ; e:p ") + 1) for n in wanted]
    assert places(path, asked) == expected
