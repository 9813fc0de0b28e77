"""The functions of other cells, organisations and records, and of seconds since 1970."""

from pathlib import Path
from typing import Any

import pytest

from dpc_kg.lift import LiftRequest, open_lift
from tests.lift.calling import KEY, Bench, Cells, triples_map

CODES_CSV = """list,value,code,scheme
agency,own,self,example
agency,police,service-type/law-enforcement,example
agency,club,,example
"""


@pytest.fixture
def bench(outside: Any, tmp_path: Path) -> Bench:
    return Bench(outside, tmp_path, CODES_CSV)


def test_the_own_organisation_is_not_elsewhere(bench: Bench) -> None:
    given = bench(
        "elsewhere", ["own", " own ", "police", "club", "other", ""], list="agency", value="$v"
    )
    assert given == {
        "own": (None, None),
        " own ": (None, None),
        "police": ("police", None),
        "club": ("club", None),
        "other": ("other", None),
        "": (None, None),
    }


def test_a_value_stands_in_for_a_blank_cell_only(bench: Bench) -> None:
    assert bench("instead", ["", "  ", "x"], value="today", of="$v") == {
        "": ("today", None),
        "  ": ("today", None),
        "x": (None, None),
    }


def test_two_names_of_one_thing_agree_or_are_a_fault(bench: Bench) -> None:
    wanted: Cells = {
        "a": ("k", None),
        "uuid:a": ("k", None),
        "": ("k", None),
        "b": ("k", "reference"),
        "uuid:b": ("k", "reference"),
    }
    given = bench("agreeing", list(wanted), value="k", one="a", other="$v")
    assert given == wanted
    assert bench("agreeing", ["", "b"], value="k", one="$v", other="b") == {
        "": ("k", None),
        "b": ("k", None),
    }


def test_a_reference_that_leads_nowhere_is_counted(bench: Bench) -> None:
    (bench.folder / "t.csv").write_text("id,to,found\n1,a,A\n2,b,\n3,,\n4,,D\n", encoding="utf-8")
    maps = triples_map("linked", {"value": "$to", "found": "$found"})
    document = bench.folder / "mapping.ttl"
    document.write_text(bench.outside.mapping("t.csv", "", maps=maps), encoding="utf-8")
    with open_lift(LiftRequest(str(document), {}, "example-org", "d", KEY, None)) as lift:
        lift.write(bench.folder / "out.nq")
        assert [(u.path, u.cells) for u in lift.unknown()] == [("to", 1)]
    lines = (bench.folder / "out.nq").read_text(encoding="utf-8").splitlines()
    assert [line.split('"')[1] for line in lines if '"' in line] == ["A", "D"]


def test_seconds_since_1970_are_a_moment_and_milliseconds_are_none(bench: Bench) -> None:
    wanted: Cells = {
        "0": ("1970-01-01T00:00:00Z", None),
        "1714521600": ("2024-05-01T00:00:00Z", None),
        "1714521600000": (None, "date"),
        "2024-05-01": (None, "date"),
        "-1": (None, "date"),
        "": (None, None),
    }
    assert bench("epoch", list(wanted)) == wanted


def test_a_value_is_whole_where_every_other_cell_holds_something(bench: Bench) -> None:
    given = bench("whole", ["x", "", " "], value="k", when="a", when2="$v")
    assert given == {"x": ("k", None), "": (None, None), " ": (None, None)}
