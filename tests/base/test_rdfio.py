"""RDF in and out: every syntax read, every mistake told with its place, one canonical Turtle."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from dpc_kg.base.assets import ontology_files, shape_files
from dpc_kg.base.errors import DpcError
from dpc_kg.base.rdfio import canonical_turtle, is_canonical, read
from dpc_kg.base.vocab import DPC, PREFIXES, local_name

TURTLE = f"<{DPC}A> <{DPC}b> 'c' ."
SYNTAXES = {
    "a.ttl": TURTLE,
    "a.nt": f'<{DPC}A> <{DPC}b> "c" .',
    "a.rdf": f'<r:RDF xmlns:r="{PREFIXES["rdf"]}" xmlns:d="{DPC}">'
    f'<r:Description r:about="{DPC}A"><d:b>c</d:b></r:Description></r:RDF>',
}


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SYNTAXES)
def test_every_syntax_gives_the_same_triple(tmp_path: Path, name: str) -> None:
    graph = read(put(tmp_path, name, SYNTAXES[name]))
    assert set(graph) == {(URIRef(DPC + "A"), URIRef(DPC + "b"), Literal("c"))}


@pytest.mark.parametrize("name", SYNTAXES)
def test_what_is_not_well_formed_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(DpcError, match="Not well-formed") as caught:
        read(put(tmp_path, name, "{ canary-4711 < "))
    assert caught.value.file == name
    assert "canary" not in str(caught.value)


def test_a_mistake_in_turtle_has_its_line(tmp_path: Path) -> None:
    with pytest.raises(DpcError) as caught:
        read(put(tmp_path, "a.ttl", f"{TURTLE}\n\n{TURTLE}\n<x> <y> ] .\n"))
    assert caught.value.line == 4


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="Unknown RDF file ending") as caught:
        read(put(tmp_path, "a.xlsx", ""))
    assert ".ttl" in (caught.value.advice or "")
    with pytest.raises(DpcError, match="no such file"):
        read(tmp_path / "gone.ttl")
    (tmp_path / "latin.ttl").write_bytes(TURTLE.replace("c", "é").encode("cp1252"))
    with pytest.raises(DpcError, match="Not well-formed"):
        read(tmp_path / "latin.ttl")


NODES = st.sampled_from(
    [URIRef(DPC + "A"), URIRef("https://example.org/x"), BNode("one"), BNode("two")]
)
VALUES: st.SearchStrategy[Node] = st.one_of(
    NODES,
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8).map(Literal),
    st.integers(-9, 9).map(Literal),
    st.sampled_from([Literal("été", lang="fr"), Literal("طفل", lang="ar")]),
)
TRIPLES = st.tuples(NODES, st.sampled_from([URIRef(DPC + "p"), URIRef(DPC + "q")]), VALUES)


@given(st.lists(TRIPLES, max_size=8), st.integers())
@settings(derandomize=True, deadline=None, max_examples=40)
def test_canonical_turtle_keeps_the_graph_and_forgets_the_order(
    triples: list[tuple[Node, Node, Node]], seed: int
) -> None:
    first, second = Graph(), Graph()
    for triple in triples:
        first.add(triple)
    random.Random(seed).shuffle(triples)
    for triple in triples:
        second.add(triple)
    text = canonical_turtle(first)
    assert canonical_turtle(second) == text
    again = Graph().parse(data=text, format="turtle")
    assert isomorphic(again, first)
    assert canonical_turtle(again) == text


def test_canonical_is_told_from_not(tmp_path: Path) -> None:
    path = put(tmp_path, "a.ttl", TURTLE)
    assert not is_canonical(path)
    path.write_text(canonical_turtle(read(path)), encoding="utf-8", newline="\n")
    assert is_canonical(path)


@pytest.mark.parametrize("path", [*ontology_files(), *shape_files()][:3], ids=lambda p: p.name)
def test_our_own_files_are_canonical(path: Path) -> None:
    assert is_canonical(path)


def test_local_names() -> None:
    assert local_name("https://w3id.org/dpc/cdm#Case") == "Case"
    assert local_name("https://w3id.org/dpc/codes/sex/girl") == "girl"
