"""RDF made to do harm (attacks 16, 19, 20, 34, 39, 42, 58, 59): as source, data and mapping."""

import itertools
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dpc_kg.cli import main

Told = tuple[int, str, set[str]]
Run = Callable[..., Told]

LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in itertools.pairwise("abcdefghijkl")
    )
    + ']>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
    '<rdf:Description rdf:about="urn:e:1"><e:p>&l;</e:p></rdf:Description></rdf:RDF>'
)
OPEN = "<urn:e:1> <urn:e:p>\n" + "[ <urn:e:p> " * 1_000_000
NAMED = '<urn:e:1> <urn:e:p> "[[[", """(((\n""", <urn:e:[> . # {{{\n'
SHAPE = """PREFIX sh: <http://www.w3.org/ns/shacl#>
<urn:e:S> a sh:NodeShape ; sh:targetClass <urn:e:C> ;
  sh:property [ sh:path <urn:e:p> ; sh:minCount 1 ] .
"""
SOUND = "<urn:e:1> a <urn:e:C> ; <urn:e:p> <urn:e:2> .\n"
FORMULATION = "http://www.w3.org/ns/formats/SPARQL_Results_CSV"
ALL = "SELECT ?s ?o { ?s <urn:e:p> ?o }"


def mapping(name: str, query: str = ALL) -> str:
    """Give a mapping of an RDF file by a query."""
    return (
        "PREFIX rml: <http://w3id.org/rml/>\n<urn:e:T> a rml:TriplesMap ; rml:logicalSource ["
        " rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path"
        f' "{name}" ] ; rml:iterator """{query}""" ; rml:referenceFormulation <{FORMULATION}> ] ;'
        ' rml:subjectMap [ rml:template "urn:e:{s}" ] ; rml:predicateObjectMap'
        ' [ rml:predicate <urn:e:p> ; rml:objectMap [ rml:reference "o" ] ] .\n'
    )


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb on a file: ``lift`` as source of a mapping, ``validate`` as data, or ``map``."""

    def run(verb: str, name: str, data: str, query: str = ALL) -> Told:
        (tmp_path / name).write_text(data, encoding="utf-8")
        (tmp_path / "m.ttl").write_text(mapping(name, query), encoding="utf-8")
        (tmp_path / "shapes.ttl").write_text(SHAPE, encoding="utf-8")
        there = {p.name for p in tmp_path.iterdir()}
        out = ["-o", str(tmp_path / "out.nq")]
        code = main(
            {
                "lift": ["lift", "--mapping", str(tmp_path / "m.ttl"), *out],
                "map": ["lift", "--mapping", str(tmp_path / name), *out],
                "validate": [
                    "validate", "--shapes", str(tmp_path / "shapes.ttl"),
                    "--data", str(tmp_path / name),
                ],
            }[verb]
        )  # fmt: skip
        shown = capsys.readouterr()
        text = shown.out + shown.err
        assert "Traceback" not in text
        assert "went wrong in dpc-kg itself" not in text
        return code, text, {p.name for p in tmp_path.iterdir()} - there

    return run


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """An address on this machine; whoever asks it makes the test fail."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x"
        with pytest.raises(BlockingIOError):
            server.accept()


def refused(made: Told, name: str, words: str) -> None:
    code, text, left = made
    assert (code in {1, 2, 3}, left) == (True, set())
    assert name in text
    assert words in text


@pytest.mark.parametrize("verb", ["lift", "validate"])
def test_entities_of_rdf_xml_are_refused_before_they_grow(told: Run, verb: str) -> None:
    refused(told(verb, "t.rdf", LAUGHS), "t.rdf, line 2", "document type")


@pytest.mark.parametrize("verb", ["lift", "validate", "map"])
def test_a_million_brackets_are_refused_at_their_line(told: Run, verb: str) -> None:
    refused(told(verb, "t.ttl", OPEN), "t.ttl, line 2", "nested too deeply")


@pytest.mark.parametrize("verb", ["lift", "validate"])
def test_brackets_in_strings_comments_and_names_are_none(told: Run, verb: str) -> None:
    data = NAMED.replace("<urn:e:[>", "<urn:e:2>") * 100 + SOUND + "# (" * 200
    code, _, left = told(verb, "t.ttl", data)
    assert (code, left) == (0, {"out.nq", "lift-report.json"} if verb == "lift" else set())


@pytest.mark.parametrize("verb", ["lift", "validate"])
def test_a_context_elsewhere_is_not_fetched(told: Run, elsewhere: str, verb: str) -> None:
    data = f'{{"@context": "{elsewhere}", "@id": "urn:e:1", "@type": "urn:e:C", "urn:e:p": 1}}'
    code, text, left = told(verb, "t.jsonld", data)
    assert (code in {1, 2, 3}, left) == (True, set())
    assert "t.jsonld" in text


@pytest.mark.parametrize("verb", ["lift", "validate"])
def test_an_import_is_not_followed(told: Run, elsewhere: str, verb: str) -> None:
    imports = f"<urn:e:o> <http://www.w3.org/2002/07/owl#imports> <{elsewhere}> .\n"
    assert told(verb, "t.ttl", SOUND + imports)[0] == 0


@pytest.mark.parametrize("word", ["SERVICE", "service#\n", "\\\\u0053ERVICE"])
def test_a_mapping_cannot_ask_another_endpoint(told: Run, elsewhere: str, word: str) -> None:
    query = f"SELECT ?s ?o {{ {word} <{elsewhere}> {{ ?s <urn:e:p> ?o }} }}"
    refused(told("lift", "t.ttl", SOUND, query), "error: t: ", "SERVICE")


@pytest.mark.parametrize("verb", ["lift", "validate"])
@pytest.mark.parametrize("kind", ["clique", "cycle"])
def test_blank_nodes_that_nobody_can_tell_apart_do_no_harm(told: Run, verb: str, kind: str) -> None:
    pairs = itertools.permutations(range(9), 2)
    tied = pairs if kind == "clique" else ((n, (n + 1) % 1_000) for n in range(1_000))
    lines = [f"_:n{a} <urn:e:p> _:n{b} ." for a, b in tied]
    assert told(verb, "t.ttl", SOUND + "\n".join(lines))[0] == 0


def test_shapes_are_never_taken_from_data(told: Run) -> None:
    own = (
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n<urn:e:S> sh:deactivated true .\n"
        "<urn:e:X> a sh:NodeShape ; sh:targetNode <urn:e:1> ; sh:property <urn:e:Y> .\n"
        "<urn:e:Y> sh:path <urn:e:none> ; sh:minCount 1 ; sh:node <urn:e:X> .\n"
        '<urn:e:Z> a sh:NodeShape ; sh:targetClass <urn:e:C> ; sh:sparql [ sh:select "ASK" ] .\n'
    )
    assert told("validate", "t.ttl", own + SOUND)[0] == 0
    assert told("validate", "t.ttl", own + "<urn:e:1> a <urn:e:C> .\n")[0] == 1
