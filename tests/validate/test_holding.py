"""pySHACL held to bounds: the same results as without, and an end where there was none."""

import signal
from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import SH
from dpc_kg.validate import holding
from dpc_kg.validate.engines import validate_data

HEAD = f"@prefix sh: <{SH}> . @prefix e: <http://e/> .\n"
SHAPE = "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property e:P . e:P sh:path "
PATHS = {
    "star": "[ sh:zeroOrMorePath e:n ]",
    "plus": "[ sh:oneOrMorePath [ sh:inversePath e:n ] ]",
    "either": "[ sh:zeroOrMorePath [ sh:alternativePath ( e:n [ sh:inversePath e:m ] ) ] ]",
    "sequence": "( e:n [ sh:zeroOrOnePath e:m ] [ sh:inversePath e:n ] )",
    "long": f"( {'e:n ' * 15})",
    "back": "[ sh:inversePath ( e:n e:m ) ]",
}


def found(room: Path, shape: str, data: str, engine: str) -> list[tuple[str | None, ...]]:
    (room / "shapes.ttl").write_text(HEAD + SHAPE + shape, encoding="utf-8")
    (room / "data.ttl").write_text(HEAD + data, encoding="utf-8")
    run = validate_data(room / "data.ttl", room / "shapes.ttl", engine)
    return sorted((each.focus, each.path, each.value) for each in run.results)


@pytest.mark.parametrize("kept", [holding.KEPT, 3])
@pytest.mark.parametrize("name", PATHS)
def test_paths_lead_where_they_lead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kept: int
) -> None:
    pytest.importorskip("shacl")
    monkeypatch.setattr(holding, "KEPT", kept)
    circle = "".join(f"e:x{n} a e:C ; e:n e:x{(n + 1) % 5} ; e:m e:x{n * 2} .\n" for n in range(8))
    shape = PATHS[name] + " ; sh:class e:D ."
    expected = found(tmp_path, shape, circle, "shacl")
    assert expected
    assert found(tmp_path, shape, circle, "pyshacl") == expected


def test_a_pattern_without_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(signal, "setitimer"):
        pytest.skip("this system has no timer for it")
    monkeypatch.setattr(holding, "MATCH_SECONDS", 0.05)
    data = f'e:x a e:C ; e:p "{"a" * 5000}!" .'
    with pytest.raises(DpcError) as caught:
        found(tmp_path, 'e:p ; sh:pattern "^(a+)+$" .', data, "pyshacl")
    said = str(caught.value)
    assert said.startswith("shapes.ttl, line 2, P: A pattern takes too long on a value.")
    assert "aaa" not in said


def test_patterns_are_searched_for(tmp_path: Path) -> None:
    data = 'e:x a e:C ; e:p "xay" , "b" .'
    for pattern, wrong in (("a", ['"b"']), ("^a", ['"b"', '"xay"']), ("^(x|b)", [])):
        shape = f'e:p ; sh:pattern "{pattern}" .'
        assert [each[2] for each in found(tmp_path, shape, data, "pyshacl")] == wrong
