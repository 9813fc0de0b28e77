"""The Primero generator: the same bytes again, clean without faults, one wrong cell a fault."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.lift.generate.primero_cases import COLUMNS, case
from dpc_kg.lift.generate.primero_ruby import RUBY_33, RUBY_34, inspect
from dpc_kg.lift.generate.primero_values import TYPED_NAME, code_lists

RECORDS = 300
FAULTS = 38
KINDS = {"missing", "format", "range", "order", "rule", "duplicate"}

Rows = list[list[str]]


def made(out: Path, faults: int, seed: int = 7, records: int = RECORDS) -> Planted:
    return generate("primero", GenerateRequest(records, seed, faults, out, "example-org"))


def rows_of(out: Path) -> Rows:
    with (out / "cases.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, Rows]:
    out = tmp_path_factory.mktemp("clean")
    return made(out, 0), rows_of(out)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, Rows]:
    out = tmp_path_factory.mktemp("faulty")
    return made(out, FAULTS), rows_of(out)


def column(rows: Rows, name: str) -> list[str]:
    at = rows[0].index(name)
    return [row[at] for row in rows[1:]]


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    made(first, 5, records=40)
    made(second, 5, records=40)
    made(other, 5, seed=8, records=40)
    names = [f"{table}.csv" for table in ("cases", "incidents", "transitions")]
    names += [f"json/{name.removesuffix('csv')}json" for name in names]
    for name in (*names, "planted.json", "json/planted.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert (first / name).read_bytes() != (other / name).read_bytes()


def test_a_larger_export_begins_with_the_smaller_one(tmp_path: Path) -> None:
    made(tmp_path / "small", 0, records=20)
    made(tmp_path / "large", 0, records=30)
    small, large = rows_of(tmp_path / "small"), rows_of(tmp_path / "large")
    assert large[: len(small)] == small


def test_without_faults_every_row_is_whole(clean: tuple[Planted, Rows]) -> None:
    planted, rows = clean
    assert planted.faults == []
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert len(set(column(rows, "id"))) == RECORDS


def test_without_faults_dates_are_in_order(clean: tuple[Planted, Rows]) -> None:
    _, rows = clean
    for opened, closed, status in zip(
        column(rows, "registration_date"),
        column(rows, "date_closure"),
        column(rows, "status"),
        strict=True,
    ):
        assert re.fullmatch(r"202[45]-\d\d-\d\d", opened)
        assert bool(closed) == (status == "closed")
        assert not closed or opened <= closed <= "2025-06-30"


def test_without_faults_subforms_are_in_order() -> None:
    answered = {"accepted", "rejected", "done"}
    for number in range(RECORDS):
        row = case(7, "example-org", number, code_lists())
        for service in row.rows_of("services_section"):
            asked, given = (
                service["service_response_day_time"],
                service["service_implemented_day_time"],
            )
            assert not asked or not given or str(asked) <= str(given)
            assert bool(given) == (service["service_implemented"] == "implemented")
        for move in row.rows_of("transitions"):
            assert str(row.fields["registration_date"]) <= str(move["created_at"])
            assert bool(move["responded_at"]) == (move["status"] in answered)
            assert str(move["responded_at"] or "9") >= str(move["created_at"])
            if move["type"] == "Referral":
                assert row.fields["disclosure_other_orgs"] is True
                assert ("rejected_reason" in move) == (move["status"] == "rejected")


def test_later_versions_and_copies_are_no_faults(clean: tuple[Planted, Rows]) -> None:
    _, rows = clean
    versions = list(zip(column(rows, "id"), column(rows, "last_updated_at"), strict=True))
    seen = Counter(key for key, _ in versions)
    assert any(count > 1 for count in seen.values())
    contents: dict[tuple[str, str], set[str]] = {}
    for version, row in zip(versions, rows[1:], strict=True):
        contents.setdefault(version, set()).add("\x1f".join(row))
    assert all(len(found) == 1 for found in contents.values())
    assert any(versions.count(version) > 1 for version in versions)


def test_the_traps_are_there(clean: tuple[Planted, Rows]) -> None:
    _, rows = clean
    text = "\x1f".join("\x1f".join(row) for row in rows)
    for trap in (
        '" => "',
        '"=>"',
        "=>nil",
        " => nil",
        "\x1f'+000",
        "\x1f'@",
        "\x1f'=SUM",
        "\x1f'-",
        ",\nT",
        "\\#{nothing}",
        "back\\\\slash",
        "inprogress",
        "in_progress",
        '"Transfer"',
        '"true"',
        "\x1f[]\x1f",
        TYPED_NAME,
        "ancien_code_été",
        "الانفصال_عن_الأسرة",
        "Niñez-Ejemplo",
    ):
        assert trap in text, trap


def test_personal_values_are_plainly_invented(clean: tuple[Planted, Rows]) -> None:
    _, rows = clean
    text = "\n".join("\n".join(row) for row in rows)
    assert set(re.findall(r"@([a-z.]+\.[a-z]+)", text)) == {"example.org"}
    assert all(
        phone.startswith("'+000 000 ") for phone in column(rows, "telephone_current") if phone
    )


def test_planted_faults_have_the_shape_of_the_contract(faulty: tuple[Planted, Rows]) -> None:
    planted, rows = faulty
    assert len(planted.faults) == FAULTS
    assert len({fault.row for fault in planted.faults}) == FAULTS
    assert {fault.kind for fault in planted.faults} == KINDS
    for fault in planted.faults:
        assert fault.file == "cases.csv"
        assert fault.sheet is None
        assert fault.row is not None
        assert 2 <= fault.row <= len(rows)
        assert fault.column in COLUMNS
        assert fault.rules == tuple(sorted(fault.rules))


def test_six_faults_are_of_six_kinds(tmp_path: Path) -> None:
    assert {fault.kind for fault in made(tmp_path, 6).faults} == KINDS


def test_each_planted_cell_differs_and_nothing_else(
    clean: tuple[Planted, Rows], faulty: tuple[Planted, Rows]
) -> None:
    was, now = clean[1], faulty[1]
    twins = {f.row: f for f in faulty[0].faults if f.rule == "source:duplicate"}
    places = {(f.row, f.column) for f in faulty[0].faults if f.row not in twins}
    assert set(twins) == set(range(len(was) + 1, len(now) + 1))
    differing = set()
    for at, (before, after) in enumerate(zip(was, now, strict=False), start=1):
        padded = [*after, *["(no cell)"] * (len(before) - len(after))]
        for name, old, new in zip(COLUMNS, before, padded, strict=True):
            if old != new:
                differing.add((at, name))
    assert differing == places


def test_a_twin_repeats_a_case_but_for_one_cell(
    clean: tuple[Planted, Rows], faulty: tuple[Planted, Rows]
) -> None:
    by_key = {row[0]: row for row in clean[1][1:]}
    for twin in faulty[1][len(clean[1]) :]:
        original = by_key[twin[0]]
        changed = [n for n, a, b in zip(COLUMNS, original, twin, strict=True) if a != b]
        assert changed == ["risk_level"]


def test_faults_stand_in_cases_of_one_row(faulty: tuple[Planted, Rows]) -> None:
    planted, rows = faulty
    seen = Counter(column([row for row in rows if len(row) == len(COLUMNS)], "id"))
    for fault in planted.faults:
        if fault.rule not in ("source:duplicate", "source:column-count", "source:missing-key"):
            assert fault.row is not None
            assert seen[rows[fault.row - 1][0]] == 1
    assert not {fault.row for fault in planted.faults} & {cell["row"] for cell in planted.unknown}


def test_unknown_cells_hold_a_value_without_a_place(clean: tuple[Planted, Rows]) -> None:
    planted, rows = clean
    lists = {
        "sex": "sex",
        "risk_level": "risk-level",
        "location_current": "location",
        "protection_concerns": "protection-concern",
        "unhcr_needs_codes": "needs-code",
        "services_section": "service-type",
    }
    assert {cell["column"] for cell in planted.unknown} == set(lists)
    named = {(cell["row"], cell["column"]) for cell in planted.unknown}
    for name, listed in lists.items():
        for at, text in enumerate(column(rows, name), start=2):
            values = re.findall(r'"([^"\\]*)"', text) if text.startswith("[") else [text]
            if name == "services_section":
                values = re.findall(r'"service_type" ?=> ?"([^"]*)"', text)
            placed = {"", *code_lists().placed[listed]}
            assert ((at, name) in named) == any(v not in placed for v in values)


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="can carry"):
        made(tmp_path, 30, records=12)


def test_rare_kinds_give_way_in_a_small_export(tmp_path: Path) -> None:
    assert len(made(tmp_path, 6, records=8).faults) == 6


@pytest.mark.parametrize(
    ("value", "arrow", "text"),
    [
        ([], RUBY_34, "[]"),
        ({}, RUBY_34, "{}"),
        (["a", 1, None, True], RUBY_34, '["a", 1, nil, true]'),
        ({"a": {"b": ["c"]}}, RUBY_33, '{"a"=>{"b"=>["c"]}}'),
        ({"a": False}, RUBY_34, '{"a" => false}'),
        ("تجربة\n\t\r", RUBY_34, '"تجربة\\n\\t\\r"'),
        ("a # b #{c} #$d #@e", RUBY_34, '"a # b \\#{c} \\#$d \\#@e"'),
        ('\\ "', RUBY_34, '"\\\\ \\""'),
    ],
)
def test_inspect_writes_what_ruby_writes(value: object, arrow: str, text: str) -> None:
    assert inspect(value, arrow) == text  # type: ignore[arg-type]
