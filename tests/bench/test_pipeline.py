"""The bench measures what it says: made-up rows, planted faults found, equal sides. No timing."""

import csv
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import equal, ours
from bench.cases import COLUMNS, DATA, SEED, SHACL, Planted, write_cases, write_planted
from bench.environments import ROOT
from bench.page import performance_page

if sys.platform == "win32":
    pytest.skip("the bench measures by POSIX calls", allow_module_level=True)

from bench import usual
from bench.measure import OtherWork, StageFailed, Usage, run
from bench.pipeline import ASSETS

ROWS = 500


@pytest.fixture(scope="module")
def planted(cases: Path) -> tuple[Planted, ...]:
    return write_cases(cases, ROWS, SEED)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "cases.csv"


@pytest.fixture(scope="module")
def rows(cases: Path, planted: tuple[Planted, ...]) -> list[dict[str, str]]:
    assert planted
    with cases.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def measured(cases: Path, planted: tuple[Planted, ...]) -> dict[str, Usage]:
    """Our side, run as the bench runs it."""
    assert planted
    folder = cases.parent
    stages = ours.commands(folder, cases, ASSETS)
    return {s: run(command, folder / f"{s}.log", cwd=ROOT) for s, command in stages.items()}


def test_the_same_seed_gives_the_same_bytes(
    tmp_path: Path, cases: Path, planted: tuple[Planted, ...]
) -> None:
    again = write_cases(tmp_path / "again.csv", ROWS, SEED)
    assert (tmp_path / "again.csv").read_bytes() == cases.read_bytes()
    assert again == planted
    write_cases(tmp_path / "other.csv", ROWS, SEED + 1)
    assert (tmp_path / "other.csv").read_bytes() != cases.read_bytes()


def test_rows_are_case_like(rows: list[dict[str, str]]) -> None:
    assert len(rows) == ROWS
    assert tuple(rows[0]) == COLUMNS
    assert any("\n" in row["summary"] for row in rows)
    assert any('"' in row["summary"] for row in rows)
    assert any(not row["summary"].isascii() for row in rows)
    assert any(not row["closed_on"] for row in rows)
    keys = {row[c] for row in rows for c in ("case_id", "organisation", "worker", "category")}
    assert all(key.isascii() for key in keys)


def test_planted_faults_stand_where_the_list_says(
    rows: list[dict[str, str]], planted: tuple[Planted, ...]
) -> None:
    assert len(planted) == ROWS // 100
    for fault in planted:
        row = rows[fault.row - 2]
        assert fault.focus == f"{DATA}case/{row['case_id']}"
        assert _is_bad(row, fault)


def _is_bad(row: dict[str, str], fault: Planted) -> bool:
    value = row[fault.column]
    bad = {
        "received_at": value.startswith("2024-13"),
        "opened_on": not value,
        "closed_on": bool(value) and value < row["opened_on"],
        "category": not value,
        "status": value == "lost",
    }
    return bad[fault.column]


def test_every_kind_of_fault_is_planted_in_turn(tmp_path: Path) -> None:
    planted = write_cases(tmp_path / "cases.csv", 2_200, SEED)
    components = {fault.component.removeprefix(SHACL) for fault in planted}
    assert len(planted) == 22
    assert len({fault.column for fault in planted}) == 11
    assert components == {
        f"{name}ConstraintComponent"
        for name in (
            "Datatype", "MinCount", "LessThanOrEquals", "In", "MaxInclusive", "MinInclusive",
            "MaxLength", "Pattern",
        )
    }  # fmt: skip


def test_planted_faults_are_written_as_json(tmp_path: Path, planted: tuple[Planted, ...]) -> None:
    out = tmp_path / "planted.json"
    write_planted(out, planted)
    assert out.read_text(encoding="utf-8").count('"focus"') == len(planted)


def test_our_side_finds_exactly_the_planted_faults(
    measured: dict[str, Usage], cases: Path, planted: tuple[Planted, ...]
) -> None:
    assert tuple(measured) == ours.STAGES
    found = equal.lines(cases.parent / "results.tsv")
    assert equal.check("results", found, [p.result for p in planted], "planted") == len(planted)


def test_our_side_finds_every_kind_of_fault(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    planted = write_cases(cases, 2_200, SEED)
    stages = ours.commands(tmp_path, cases, ASSETS)
    for stage in ("lift", "validate"):
        run(stages[stage], tmp_path / f"{stage}.log", cwd=ROOT)
    assert set(equal.lines(tmp_path / "results.tsv")) == {p.result for p in planted}


def test_our_answer_is_that_of_the_rows(
    measured: dict[str, Usage], cases: Path, rows: list[dict[str, str]]
) -> None:
    assert "query" in measured
    expected: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        if int(row["severity"]) >= 4:
            key = (f"{DATA}organisation/{row['organisation']}", f"{DATA}status/{row['status']}")
            expected.setdefault(key, []).append(int(row["child_count"]))
    wanted = [f"{o}\t{s}\t{len(n)}\t{sum(n)}" for (o, s), n in sorted(expected.items())]
    assert equal.lines(cases.parent / "answer.tsv") == wanted


def test_usage_is_counted(measured: dict[str, Usage]) -> None:
    assert all(used.cpu > 0 and used.peak > 1 and not used.stopped for used in measured.values())


def test_both_mappings_make_the_same_maps() -> None:
    terms = [
        _plain((ASSETS / name).read_text(encoding="utf-8"))
        for name in ("cases.rml.ttl", "cases.usual.rml.ttl")
    ]
    assert terms[0] == terms[1]


def _plain(text: str) -> list[str]:
    lines = text.replace("rr:", "rml:").splitlines()
    return [line for line in lines if "predicateObjectMap" in line or "subjectMap" in line]


def test_a_failed_stage_is_told_with_its_log(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such column')"]
    with pytest.raises(StageFailed, match="no such column"):
        run(command, tmp_path / "log")


def test_a_process_over_the_cap_is_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert run(command, tmp_path / "log", cap=0.1).stopped


def test_a_stopped_stage_is_the_first_without_a_mark(tmp_path: Path) -> None:
    mark = '{"stage": "load", "wall": 2.0, "cpu": 1.5, "peak": 100.0}\n'
    (tmp_path / "marks.jsonl").write_text(mark, encoding="utf-8")
    found = usual.stages(tmp_path, Usage(5.0, 4.0, 300.0, stopped=True))
    assert found == {
        "load": Usage(2.0, 1.5, 100.0),
        "query": Usage(3.0, 2.5, 300.0, stopped=True),
    }


def test_unequal_sides_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tmp_path / "one.nq", tmp_path / "two.nt"
    one.write_text('<s> <p> "a" .\n<s> <p> "b" .\n', encoding="utf-8")
    two.write_text('<s> <p> "b"  .\n<s> <p> "a".\n\n', encoding="utf-8")
    assert equal.main([str(one), str(two)]) == 0
    assert capsys.readouterr().out == "2\n"
    two.write_text('<s> <p> "c" .\n<s> <p> "a" .\n', encoding="utf-8")
    assert equal.main([str(one), str(two)]) == 1
    assert 'only ours (1): <s> <p> "b"' in capsys.readouterr().out


def test_the_page_says_what_was_stopped_and_run_once() -> None:
    page = performance_page(_figures(stopped=True))
    assert "| validate | 1.00 (1.00-1.00) | 0.80 (0.80-0.80) | 50 | > 1,800.0 |" in page
    assert "| **total** | 4.00" in page
    assert "> 450.8" in page
    assert "once where a process took over 60 s (validate, load, query)" in page
    assert "had not ended 1,800 s" in page
    assert "results are not known" in page
    assert "1.5 of 2 cores" in page


def test_the_work_of_others_is_told_from_ours(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu 100 0 0 5000 0 0 0 0 0 0\ncpu0 1 1\n", encoding="ascii")
    others = OtherWork(stat)
    stat.write_text("cpu 100 0 0 900000 900000 0 0 0 0 0\n", encoding="ascii")
    assert others.cores() == 0, "idle, and our own work since"
    stat.write_text("cpu 900000 0 0 5000 0 0 0 100 0 0\n", encoding="ascii")
    assert (others.cores() or 0) > 1
    assert OtherWork(tmp_path / "none").cores() is None


def test_the_page_gives_ratios_of_medians() -> None:
    page = performance_page(_figures(stopped=False))
    assert (
        "| query | 1.00 (1.00-1.00) | 0.80 (0.80-0.80) | 50 | 1.00 | 0.80 | 50 | 1.0 | 1.0 |"
        in page
    )
    assert "the same validation results" in page
    assert "Other work on the machine took 0.02 cores meanwhile." in page


def _figures(*, stopped: bool) -> dict[str, Any]:
    use = {"wall": 1.0, "cpu": 0.8, "peak": 50.0, "stopped": False}
    long = {**use, "wall": 1800.0, "cpu": 1700.0, "stopped": stopped}
    return {
        "rows": 500, "triples": 7_000, "violations": 5, "bytes_in": 1e5, "bytes_lifted": 1e6,
        "machine": {
            "system": "Linux", "architecture": "x86_64", "python": "3.11.7", "cores": 2,
            "memory GiB": 8, "others": 1.5 if stopped else 0.02,
        },
        "versions": {"ours": {"a": "1"}, "usual": {"b": "2"}},
        "ours": {stage: [use, use] for stage in ours.STAGES},
        "usual": {"lift": [use, use], "load": [use], "query": [use], "validate": [long]},
    }  # fmt: skip
