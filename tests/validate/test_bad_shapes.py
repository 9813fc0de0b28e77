"""Shapes and data of others that are wrong: each is refused with a place and a word, never a value.

Both engines see the same refusal, since it is made before one of them is started.
"""

import json
import signal
import subprocess
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
    "path": (
        "sh:property [ sh:path _:p ] . _:p sh:inversePath _:p .",
        3,
        "more than 100 steps, or leads",
    ),
    "long path": (
        f"sh:property [ sh:path ( {'e:p ' * 100} ) ] .",
        3,
        "A path has more than 100 steps",
    ),
    "many ways": (
        f"sh:property [ sh:path [ sh:alternativePath ( {'e:p ' * 100} ) ] ] .",
        3,
        "A path has more than 100 steps",
    ),
    "long pattern": (f'sh:pattern "{"a" * 10_001}" .', 2, "is longer than 10,000 characters"),
    "no pattern": ('sh:pattern "(secret" .', 2, "line 3, S: A pattern is no regular expression."),
    "deep pattern": (f'sh:pattern "{"(" * 4000}{")" * 4000}" .', 2, "is nested too deeply"),
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
    with pytest.raises(NotSupported, match="S40: Shapes are nested more than 40 deep"):
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


def test_a_value_of_megabytes_in_xml(room: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The parser reads it without end, and one engine cannot read it again."""
    head = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/"><e:C rdf:about="http://e/x">\n'
    text = f"{head}<e:p>{'secret' * 3_000_000}</e:p></e:C></rdf:RDF>"
    (room / "data.rdf").write_text(text, encoding="utf-8")
    code, out, err = ran(capfd, "--shapes", "shapes.ttl", "--data", "data.rdf")
    assert (code, out) == (2, "")
    assert "data.rdf, line 2: A value is longer than 16 MB." in err


def test_a_mark_of_utf_8_is_passed_over(room: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = HEAD.replace("\n", "") + 'e:x a e:C ; e:p 1 , "secret" .'
    (room / "data.ttl").write_text(text, encoding="utf-8")
    expected = ran(capfd, *FILES)
    (room / "data.ttl").write_text(text, encoding="utf-8-sig")
    assert expected == ran(capfd, *FILES)
    assert expected[0] == 1


@pytest.mark.parametrize("name", ["data.ttl", "shapes.ttl"])
def test_utf_16_is_told(room: Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    path = room / name
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")
    code, out, err = ran(capfd, *FILES)
    assert (code, out) == (2, "")
    assert f"{name}: The file is not in UTF-8. Export it again as UTF-8." in err


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
    assert "takes more memory than it is given (4 GiB), or has ended the engine. Split" in err


def test_more_time_than_given_is_told(
    room: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(signal, "SIGXCPU"):
        pytest.skip("this system has no cap on processor time")
    ended = subprocess.CompletedProcess[bytes]([], -signal.SIGXCPU, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    code, out, err = ran(capfd, *FILES, "--seconds", "7")
    assert (code, out) == (2, "")
    assert "takes more time than it is given (7 s of processor time). Split the file" in err


def test_what_would_take_too_long_is_not_begun(
    room: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    nodes = range(40)
    values = ", ".join(f"_:b{n}" for n in nodes)
    lines = [f"_:b{n} a e:C ; e:n {values} .\n" for n in nodes]
    (room / "data.ttl").write_text(HEAD + "".join(lines), encoding="utf-8")
    inner = "sh:property [ sh:path e:n ; sh:node {} ] .\n"
    shapes = (f"e:S{n} a sh:NodeShape ; {inner.format(f'e:S{n + 1}')}" for n in range(9))
    text = HEAD + SHAPE + inner.format("e:S0") + "".join(shapes) + "e:S9 a sh:NodeShape ."
    (room / "shapes.ttl").write_text(text, encoding="utf-8")
    for engine in ("auto", "pyshacl"):
        code, out, err = ran(capfd, *FILES, "--engine", engine)
        assert (code, out) == (3, "")
        assert "shapes.ttl, S: To validate this would take about" in err


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        pytest.param(MemoryError(), "more memory than it is given", id="memory"),
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
