"""Shapes and data of others that are wrong: each is refused with a place and a word, never a value.

Both engines see the same refusal, since it is made before one of them is started.
"""

import json
import sys
from pathlib import Path

import pytest

from dpc_kg.base.assets import shape_files
from dpc_kg.base.errors import DpcError, NotSupported
from dpc_kg.base.vocab import RDF, SH
from dpc_kg.cli import main
from dpc_kg.validate import worker
from dpc_kg.validate.shapesgraph import shapes_graph
from dpc_kg.validate.shapesguard import check_shapes

HEAD = f"@prefix sh: <{SH}> . @prefix e: <http://e/> . @prefix rdf: <{RDF}> .\n"
SHAPE = "e:S a sh:NodeShape ; sh:targetClass e:C ;\n  "
SOUND = SHAPE + "sh:property [ sh:path e:p ; sh:maxCount 1 ] ."
DATA = HEAD + 'e:x a e:C ; e:p "secret" .'

REFUSED = {
    "recursive": (
        "sh:property [ sh:path e:p ; sh:node e:T ] . e:T a sh:NodeShape ; sh:not e:S .",
        3,
        "Shapes refer to themselves: S - T - S.",
    ),
    "itself": ("sh:node e:S .", 3, "Shapes refer to themselves: S - S."),
    "in a list": ("sh:or ( e:T ) . e:T sh:and ( e:S ) .", 3, "S - T - S"),
    "nameless": ("sh:node _:a . _:a sh:not _:b . _:b sh:not _:a .", 3, "shapes without a name"),
    "look-ahead": (
        'sh:property [ sh:path e:p ; sh:pattern "^(?!secret)" ] .',
        2,
        "shapes.ttl, line 3: A pattern looks ahead",
    ),
    "flags": ('sh:pattern "a" ; sh:flags "q" .', 2, "flags other than"),
    "term": (
        "sh:property [ sh:path e:p ; sh:minCuont 1 ] .",
        2,
        "line 3, sh:minCuont: SHACL has no such term. Did you mean sh:minCount?",
    ),
    "value": (
        "sh:nodeKind sh:Iri .",
        2,
        "line 3, sh:Iri: SHACL has no such term. Did you mean sh:IRI?",
    ),
    "list": ("sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l .", 2, "A list leads back to itself."),
    "shapes": ("sh:or _:l . _:l rdf:first e:T ; rdf:rest _:l .", 2, "A list leads back"),
    "path": ("sh:property [ sh:path _:p ] . _:p sh:inversePath _:p .", 3, "nested more than 100"),
    "paths": ("sh:property e:P . e:P sh:path e:p , e:q .", 2, "P: A property shape has more than"),
    "query": ('sh:sparql [ sh:select "SELECT $this WHERE {" ] .', 2, "S: A query of these shapes"),
    "minus": (
        'sh:sparql [ sh:select "SELECT $this WHERE { $this ?p 1 MINUS { $this ?p 2 } }" ] .',
        2,
        "uses MINUS",
    ),
    "subquery": (
        'sh:sparql [ sh:select "SELECT $this WHERE { { SELECT (COUNT(?z) AS ?n) WHERE '
        '{ ?z ?p ?o } } }" ] .',
        2,
        "has a subquery that does not select $this",
    ),
    "parameter": (
        "sh:nodeKind sh:IRI . e:K a sh:ConstraintComponent ; sh:parameter [ sh:path e:lang ] ; "
        'sh:validator [ sh:ask "ASK { BIND(1 AS ?lang) }" ] .',
        2,
        "K: A query of these shapes gives $lang another value.",
    ),
}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(HEAD + SOUND, encoding="utf-8")
    return tmp_path


def check(name: str, text: str, room: Path) -> None:
    path = room / name
    path.write_text(text, encoding="utf-8")
    check_shapes(shapes_graph([path]))


@pytest.mark.parametrize("name", REFUSED)
def test_bad_shapes_are_refused_with_a_place_and_a_word(room: Path, name: str) -> None:
    shape, code, words = REFUSED[name]
    with pytest.raises(DpcError) as caught:
        check("shapes.ttl", HEAD + SHAPE + shape, room)
    assert words in str(caught.value)
    assert caught.value.exit_code == code
    assert caught.value.file == "shapes.ttl"
    assert "secret" not in str(caught.value)


def test_our_own_shapes_hold_nothing_of_it() -> None:
    check_shapes(shapes_graph(shape_files()))


def test_a_long_chain_of_shapes_is_refused(room: Path) -> None:
    links = (f"e:S{n} a sh:NodeShape ; sh:node e:S{n + 1} .\n" for n in range(20_000))
    with pytest.raises(NotSupported, match="nested more than 100 deep"):
        check("chain.ttl", HEAD + "".join(links), room)


def test_a_shape_that_many_refer_to_is_no_circle(room: Path) -> None:
    links = (f"e:S{n} a sh:NodeShape ; sh:node e:T , e:U .\n" for n in range(50))
    text = "e:T a sh:NodeShape ; sh:node e:U . e:U a sh:NodeShape ; sh:class e:C ."
    check("many.ttl", HEAD + "".join(links) + text, room)


def test_a_term_on_a_node_that_is_no_shape_is_left_alone(room: Path) -> None:
    check("other.ttl", HEAD + SOUND + " e:x sh:nodeShape e:S .", room)


def ran(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["validate", *arguments])
    said = capfd.readouterr()
    return code, said.out, said.err


def job(form: str) -> worker.Job:
    return worker.Job("data.ttl", "shapes.ttl", "full", "auto", form, "en", "data.ttl")


FILES = ("--shapes", "shapes.ttl", "--data", "data.ttl")


def test_the_command_says_it_and_exits_so(room: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert ran(capfd, *FILES)[0] == 0
    (room / "data.ttl").write_text(DATA.replace('"secret"', '1 , "secret"'), encoding="utf-8")
    code, out, _ = ran(capfd, *FILES, "--format", "ttl")
    assert (code, out.count("sh:resultSeverity")) == (1, 1)
    for name, expected in (("term", 2), ("recursive", 3)):
        (room / "shapes.ttl").write_text(HEAD + SHAPE + REFUSED[name][0], encoding="utf-8")
        code, out, err = ran(capfd, *FILES)
        assert (code, out) == (expected, "")
        assert err.startswith("error: shapes.ttl, line ")
        assert REFUSED[name][2] in err


def test_shapes_and_data_the_wrong_way_round(room: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capfd, "--shapes", "data.ttl", "--data", "shapes.ttl")
    assert (code, out) == (2, "")
    assert "There is no shape in this file. Were shapes and data given the wrong way" in err
    (room / "more.ttl").write_text(HEAD + SOUND.replace("e:C", "e:D"), encoding="utf-8")
    code, _, err = ran(capfd, "--shapes", "shapes.ttl", "--data", "more.ttl")
    assert code == 2
    assert "There are shapes in it: were shapes and data given the wrong way round?" in err


@pytest.mark.parametrize("name", ["data.ttl", "shapes.ttl"])
def test_a_value_of_megabytes(room: Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    with (room / name).open("a", encoding="utf-8") as file:
        file.write('\ne:x e:q "' + "secret" * 3_000_000 + '" .')
    code, out, err = ran(capfd, *FILES)
    assert (code, out) == (2, "")
    assert f"{name}, line " in err
    assert "A value is longer than 16 MB." in err
    assert "secret" not in err


def test_blank_nodes_that_all_refer_to_each_other(room: Path) -> None:
    """They have no order of their own, and get none: they are told apart by where they stand."""
    nodes = range(30)
    lines = [f"_:b{n} a e:C ; e:n _:b{m} .\n" for n in nodes for m in nodes if n != m]
    (room / "data.ttl").write_text(HEAD + "".join(lines), encoding="utf-8")
    path = "sh:property [ sh:path [ sh:zeroOrMorePath e:n ] ; sh:class e:D ] ."
    (room / "shapes.ttl").write_text(HEAD + SHAPE + path, encoding="utf-8")
    code, made = worker.report(job("json"))
    report = json.loads(made)
    assert (code, len(report["faults"]), report["records"]) == (1, 900, 30)


def test_a_worker_that_ends_is_told(
    room: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    code, out, err = ran(capfd, *FILES)
    assert (code, out) == (2, "")
    assert "takes more memory or time than it is given. Split the file" in err


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        pytest.param(MemoryError(), "more memory or time", id="memory"),
        pytest.param(RecursionError(), "nested too deeply", id="depth"),
        pytest.param(ValueError("secret"), "went wrong in dpc-kg itself (ValueError)", id="own"),
    ],
)
def test_the_worker_tells_every_end_without_a_value(
    room: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception, words: str
) -> None:
    def end(*_: object) -> tuple[int, bytes]:
        raise raised

    monkeypatch.setattr(worker, "report", end)
    told, made = worker.done(job("ttl"))
    assert made == b""
    assert words in json.dumps(told)
    assert "secret" not in json.dumps(told)


def test_the_reference_is_named_once_where_the_fast_engine_is_not(
    room: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    code, out, err = ran(capfd, *FILES)
    assert (code, out) == (0, "This data conforms: no faults (nodes checked: 1).\n")
    assert err.count("pyshacl") == 1
    assert "moteur SHACL rapide" in ran(capfd, *FILES, "--lang", "fr")[2]
    assert ran(capfd, *FILES, "--engine", "pyshacl")[2] == ""
    assert ran(capfd, *FILES, "--engine", "shacl")[0] == 3
    assert main(["doctor"]) == 0
    assert "pyshacl (slower, same results)" in capfd.readouterr().out
