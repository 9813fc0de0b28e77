"""Checking an export finds what was planted in it, at its cell, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.validate.check import check, check_report, unusable_report
from dpc_kg.validate.report import verdict
from dpc_kg.validate.wording import word

ORG = "example-org"
Found = Callable[[str, Path], LiftRequest]
FILES = {
    "aselo": {"contacts": "."},
    "cybertipline": {"report": "reports.xml", "files": "files.xml"},
    "primero": {"cases": "cases.csv"},
}


@pytest.fixture
def request_of(partner_key: bytes, coalition_key: bytes) -> Found:
    def made(name: str, folder: Path) -> LiftRequest:
        sources = {source: folder / path for source, path in FILES[name].items()}
        return LiftRequest(name, sources, ORG, "test", partner_key, coalition_key)

    return made


def planted_in(name: str, folder: Path, records: int, seed: int, faults: int) -> Planted:
    return generate(name, GenerateRequest(records, seed, faults, folder, ORG))


@pytest.mark.parametrize("seed", [1, 22, 333])
@pytest.mark.parametrize("name", FILES)
def test_planted_is_found_and_nothing_else(
    tmp_path: Path, request_of: Found, name: str, seed: int
) -> None:
    planted = planted_in(name, tmp_path, 50, seed, 20)
    assert planted.faults
    with check(request_of(name, tmp_path)) as checked:
        found = {(f.place, f.kind, f.rules) for f in checked.faults}
        assert found == {(f.place, f.kind, f.rules) for f in planted.faults}
        assert checked.warnings == ()
        assert not checked.conforms
        report = check_report(checked)
    assert report.refused == checked.refused <= report.records
    assert not report.conforms


@pytest.mark.parametrize("name", FILES)
def test_a_clean_export_conforms(tmp_path: Path, request_of: Found, name: str) -> None:
    planted = planted_in(name, tmp_path, 40, 4, 0)
    with check(request_of(name, tmp_path)) as checked:
        assert checked.faults == ()
        assert checked.conforms
        assert checked.withheld == {}
        report = check_report(checked)
    assert (report.conforms, report.refused) == (True, 0)
    assert sum(entry.count for entry in report.unknown) == len(planted.unknown)


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_then_conforms(tmp_path: Path, request_of: Found, name: str) -> None:
    """Without the withheld records no fault is left, and no quad names one of them."""
    planted_in(name, tmp_path / "in", 40, 5, 12)
    out = tmp_path / "data.nq"
    with check(request_of(name, tmp_path / "in")) as checked:
        checked.write(out)
        withheld = set(checked.withheld)
    assert withheld
    lines = out.read_text(encoding="utf-8").splitlines()
    subjects = {line.split(" ", 1)[0].strip("<>") for line in lines}
    assert not subjects & withheld
    from dpc_kg.validate.engines import validate_quads

    assert validate_quads(out).results == ()


def test_two_engines_find_the_same(tmp_path: Path, request_of: Found) -> None:
    planted_in("primero", tmp_path, 8, 6, 6)
    found = []
    for engine in ("auto", "pyshacl"):
        with check(request_of("primero", tmp_path), engine=engine) as checked:
            found.append((checked.faults, checked.refused))
    assert found[0] == found[1]


def test_the_order_of_rows_moves_faults_with_their_rows(tmp_path: Path, request_of: Found) -> None:
    import csv

    planted = planted_in("primero", tmp_path, 40, 7, 10)
    path = tmp_path / "cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *reversed(rows)])
    single = {f for f in planted.faults if f.rule != "source:duplicate"}
    with check(request_of("primero", tmp_path)) as checked:
        found = {(f.row, f.column, f.rules) for f in checked.faults if f.rule != "source:duplicate"}
    assert found == {(len(rows) + 3 - (f.row or 0), f.column, f.rules) for f in single}


def test_an_unusable_file_is_one_fault_of_kind_file() -> None:
    from dpc_kg.base.errors import SourceError

    report = unusable_report(SourceError("x", rule="empty-file", file="cases.csv"))
    (fault,) = report.faults
    assert (fault.file, fault.kind, fault.rule) == ("cases.csv", "file", "source:empty-file")
    assert not report.conforms


def test_a_fault_in_one_version_does_not_count_when_a_later_one_is_right(
    tmp_path: Path, request_of: Found
) -> None:
    import csv

    planted_in("primero", tmp_path, 5, 8, 0)
    path = tmp_path / "cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    old = list(rows[0])
    old[header.index("age")] = "212"
    old[header.index("last_updated_at")] = "2001-01-01T00:00:00Z"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, old, *rows])
    with check(request_of("primero", tmp_path)) as checked:
        assert checked.faults == ()


def test_older_rows_of_a_record_do_not_count(tmp_path: Path, request_of: Found) -> None:
    """Or a file of which nothing is left would seem to have records that are right."""
    import csv

    planted_in("primero", tmp_path, 6, 8, 0)
    path = tmp_path / "cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows:
        row[header.index("age")] = "212"
    same = [list(row) for row in rows]
    same[0][header.index("age")] = "213"
    for row in same[1:]:
        row[header.index("last_updated_at")] = "2001-01-01T00:00:00Z"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *same, *rows])
    with check(request_of("primero", tmp_path)) as checked:
        report = check_report(checked)
    records = len({row[header.index("case_id")] for row in rows})
    assert (report.records, report.refused) == (records, records)
    assert verdict(report, "en") == word("nothing", "en", records=records, refused=records)
