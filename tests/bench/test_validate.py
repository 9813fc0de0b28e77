"""The bench of validation measures what it says: exactly the planted results, at small sizes."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bench import equal, validate_data
from bench.validate_page import validate_section
from dpc_kg.validate.fastengine import available

if sys.platform == "win32":
    pytest.skip("the bench measures by POSIX calls", allow_module_level=True)

from bench.validate import Options, bench

if not available():
    pytest.skip("the fast engine has no wheel for this system", allow_module_level=True)


def _options(folder: Path, name: str) -> Options:
    return Options(1, 600.0, folder / "bench", small=True, only=(name,))


@pytest.mark.parametrize("name", validate_data.SETS)
def test_ours_finds_what_is_planted(tmp_path: Path, name: str) -> None:
    if name == "across" and validate_data.prototype() is None:
        pytest.skip("needs the shared material (set DPC_SHARED to its folder)")
    figures = bench(_options(tmp_path, name), None)
    assert [one.name for one in figures.sets] == [name]
    made = figures.sets[0]
    assert made.planted
    assert made.triples >= 3_000
    assert list(made.sides) == ["ours"]
    assert len(made.warm) == len(made.changed) > 1
    assert f"| {made.triples:,} | {made.planted} | ours |" in validate_section(asdict(figures))


def test_a_side_that_finds_something_else_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.validate.equal.lines", lambda _: [])
    monkeypatch.setattr("bench.validate.equal.check", _unequal)
    with pytest.raises(equal.Unequal, match="results of ours"):
        bench(_options(tmp_path, "model"), None)


def _unequal(what: str, *_: object) -> int:
    raise equal.Unequal(what)


def test_the_same_size_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        assert validate_data.main(["model", "3000", str(folder)]) == 0
        names = ("data.nq", "data.nt", "planted.tsv")
        made.append([(folder / name).read_bytes() for name in names])
    assert made[0] == made[1]


def test_a_set_that_is_not_on_hand_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DPC_SHARED", str(tmp_path))
    figures = bench(_options(tmp_path, "across"), None)
    assert figures.sets == []
    assert "Not on hand: shapes that read across." in validate_section(asdict(figures))


def test_the_section_says_ratios_and_milliseconds() -> None:
    text = validate_section(_figures())
    assert "| our shapes | 1,000 | 7 | pySHACL | 80.0 | 80.0 | 100 | 40.0 | 40.0 |" in text
    assert "| shacl | > 600.0 | > 600.0 | 100 | > 300.0 | > 300.0 |" in text
    assert "in one process: median 11 ms (10-12; goal <= 50)" in text


def test_the_section_says_which_goals_were_reached() -> None:
    figures = _figures()
    one = figures["sets"][0]
    one["triples"] = 100_937
    goal = "50 times as fast as pySHACL at 100,000 triples"
    assert f"| our shapes | {goal} | 40.0 | missed |" in validate_section(figures)
    one["triples"] = 10_000_363
    text = validate_section(figures)
    assert goal not in text
    for row in (
        "3 times as fast as the fastest other engine at 10,000,000 triples | 40.0 | reached",
        "10,000,000 triples in 15 s | 2.0 | reached",
        "10,000,000 triples with 150 MiB | 100 | reached",
    ):
        assert f"| our shapes | {row} |" in text


def _figures() -> dict[str, Any]:
    def side(seconds: float) -> list[dict[str, Any]]:
        stopped = seconds > 500
        return [{"wall": seconds, "cpu": seconds, "peak": 100.0, "stopped": stopped}]

    one = {
        "name": "model", "triples": 1000, "planted": 7, "warm": [1.0, 0.010, 0.011, 0.012],
        "changed": [], "sides": {"ours": side(2), "pySHACL": side(80), "shacl": side(600)},
    }  # fmt: skip
    return {
        "machine": {"cores": 2, "others": 0.0},
        "versions": {"ours": {"a": "1"}},
        "sets": [one],
        "skipped": [],
    }
