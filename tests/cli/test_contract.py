"""``validate --format json`` finds what ``generate`` planted: the contract of DESIGN section 6."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import SYSTEMS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run, System

FIELDS = ("file", "sheet", "row", "column", "kind", "rule")
RECORDS, FAULTS, SEED = 60, 14, 77


def contract(faults: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Give each fault's fields and all its rules, sorted."""
    rows = [(*(f[name] for name in FIELDS), tuple(f.get("rules") or [f["rule"]])) for f in faults]
    return sorted(rows, key=str)


@pytest.fixture
def export(run: Run, system: System, tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    asked = ["--records", RECORDS, "--seed", SEED, "--faults", FAULTS, "--org", system.org]
    done = run("generate", system.name, *map(str, asked), "-o", folder)
    assert (done.code, done.out) == (0, "")
    return folder


def test_the_faults_found_are_those_planted(run: Run, system: System, export: Path) -> None:
    planted = json.loads((export / "planted.json").read_text(encoding="utf-8"))
    assert planted["mapping"] == system.name
    assert len(planted["faults"]) == FAULTS
    done = run("validate", export, "--format", "json")
    assert (done.code, done.err) == (1, "")
    report = json.loads(done.out)
    assert contract(report["faults"]) == contract(planted["faults"])
    assert report["verdict"] == "refused"
    assert 0 < report["refused"] <= FAULTS
    assert all(f["sheet"] is None and "\\" not in f["file"] for f in report["faults"])
    assert all(
        f["problem"] and f["kind"] and f["severity"] == "Violation" for f in report["faults"]
    )


def test_named_sources_give_the_same_report(run: Run, tmp_path: Path) -> None:
    system = next(s for s in SYSTEMS if len(s.sources) > 1)
    run("generate", system.name, "--records", "20", "--faults", "5", "-o", tmp_path)
    by_folder = run("validate", tmp_path, "--format", "json")
    assert by_folder.code == 1
    named = run("validate", *system.options(tmp_path), "--format", "json")
    assert by_folder == named


def test_the_text_names_every_place(run: Run, system: System, export: Path, tmp_path: Path) -> None:
    planted = json.loads((export / "planted.json").read_text(encoding="utf-8"))["faults"]
    target = tmp_path / "report.txt"
    done = run("validate", export, "-o", target)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("Written: report.txt\n")
    text = target.read_text(encoding="utf-8")
    for fault in planted:
        unit = "row" if fault["file"].endswith(".csv") else "record"
        assert f"{fault['file']} {unit} {fault['row']}" in text
        if fault["column"]:
            assert fault["column"] in text
        assert fault["rule"] in text


def test_every_language_says_the_same(run: Run, ngo: System, tmp_path: Path) -> None:
    run("generate", ngo.name, "--records", "20", "--faults", "5", "-o", tmp_path)
    said = {}
    for lang in ("en", "fr", "es", "ar"):
        done = run("validate", tmp_path, "--format", "json", "--lang", lang)
        assert done.code == 1
        said[lang] = json.loads(done.out)
        assert said[lang]["lang"] == lang
        assert contract(said[lang]["faults"]) == contract(said["en"]["faults"])
    for fault in zip(*(report["faults"] for report in said.values()), strict=True):
        assert len({words["problem"] for words in fault}) == len(said)


def test_a_sound_export_conforms(run: Run, system: System, tmp_path: Path) -> None:
    run("generate", system.name, "--records", "20", "--seed", "3", "-o", tmp_path)
    done = run("validate", tmp_path, "--format", "json")
    assert done.code == 0
    report = json.loads(done.out)
    assert (report["verdict"], report["faults"], report["refused"]) == ("conforms", [], 0)


def test_outside_data_and_shapes(run: Run, tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .\n"
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property"
        " [ sh:path ex:p ; sh:minCount 1 ] .\n",
        encoding="utf-8",
    )
    data.write_text("@prefix ex: <http://example.org/> .\nex:a a ex:C .\n", encoding="utf-8")
    asked = ["validate", "--shapes", shapes, "--data", data]
    done = run(*asked, "--format", "ttl")
    assert done.code == 1
    assert "MinCountConstraintComponent" in done.out
    data.write_text('@prefix ex: <http://example.org/> .\nex:a a ex:C ; ex:p "x" .\n', "utf-8")
    assert run(*asked).code == 0
    data.write_text("@prefix ex: <http://example.org/> .\nex:a a ex:D .\n", encoding="utf-8")
    empty = run(*asked)
    assert (empty.code, empty.out) == (2, "")
