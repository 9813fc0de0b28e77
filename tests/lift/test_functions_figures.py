"""Published figures, each over a table of cells: value and fault."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.vocab import CODES
from dpc_kg.lift import LiftRequest, open_lift

LISTS = """list,value,code,scheme
scale,per cent,100,example
scale,words,,example
"""
Cells = dict[str, tuple[str | None, str | None]]
NONE = dict.fromkeys(["", "N/A", "-", "…"], (None, None))
FIGURES: Cells = {
    **NONE,
    "0": ("0", None),
    "1,157,390": ("1157390", None),
    "1 157": ("1157", None),
    "12.0": ("12", None),
    "5.43 / 100 * 2,510,798": ("136336", None),
    "2.51/100*100": ("3", None),
    **dict.fromkeys(["1.5", "12,34", "-5", "75.3%", "many", "5 / 10 * 3"], (None, "number")),
}
SHARES: Cells = {
    **NONE,
    "99.1": ("9910", None),
    "75.3%": ("7530", None),
    "0.56": ("56", None),
    "8": ("800", None),
    "most": (None, "number"),
}
DECIMALS: Cells = {
    **NONE,
    "0.0021133359089737366": ("0.002113335908974", None),
    "4.901119493166981e-05": ("0.000049011194932", None),
    "12": ("12", None),
    "10": ("10", None),
    "0": ("0", None),
    "1.50": ("1.5", None),
    **dict.fromkeys(["1,5", "1e999", "half"], (None, "number")),
}


class Bench:
    """Applies one function to rows of two columns, ``v`` and ``w``."""

    def __init__(self, outside: Any, folder: Path) -> None:
        self.outside = outside
        self.folder = folder

    def __call__(
        self, function: str, rows: list[tuple[str, str]], **inputs: str
    ) -> list[tuple[str | None, str | None]]:
        """Give (object, rule) of each row; inputs that start with ``$`` are references."""
        buffer = io.StringIO()
        numbered = [(str(i), *row) for i, row in enumerate(rows)]
        csv.writer(buffer).writerows([("id", "v", "w"), *numbered])
        (self.folder / "t.csv").write_text(buffer.getvalue(), encoding="utf-8", newline="")
        (self.folder / "codes.csv").write_text(LISTS, encoding="utf-8", newline="")
        document = self.folder / "mapping.ttl"
        text = self.outside.mapping("t.csv", "", maps=_applied(function, inputs))
        document.write_text(text, encoding="utf-8")
        request = LiftRequest(str(document), {}, "example-org", "d", b"k" * 32)
        with open_lift(request) as lifted:
            lifted.write(self.folder / "out.nq")
            rules = {(r.row or 0) - 2: r.rule for r in lifted.rejects}
        found: dict[int, str] = {}
        for line in (self.folder / "out.nq").read_text(encoding="utf-8").splitlines():
            subject, _, item = line.removesuffix(" .").split(" ", 2)
            number = int(subject.removeprefix("<http://example.org/").rstrip(">"))
            plain = item.strip("<>") if item.startswith("<") else item.split('"')[1]
            found[number] = plain.removeprefix(CODES)
        return [(found.get(i), rules.get(i)) for i in range(len(rows))]

    def values(self, function: str, rows: list[tuple[str, str]], **inputs: str) -> list[str | None]:
        return [value for value, _ in self(function, rows, **inputs)]


def _applied(function: str, inputs: dict[str, str]) -> str:
    given = " , ".join(
        f"[ rml:parameter dpcf:{name} ; "
        + (
            f'rml:inputValueMap [ rml:reference "{value[1:]}" ] ]'
            if value.startswith("$")
            else f'rml:inputValue "{value}" ]'
        )
        for name, value in inputs.items()
    )
    return (
        "ex:T a rml:TriplesMap ; rml:logicalSource ex:S ;"
        ' rml:subjectMap [ rml:template "http://example.org/{id}" ] ; rml:predicateObjectMap'
        " [ rml:predicate ex:p ; rml:objectMap [ rml:functionExecution"
        f" [ rml:function dpcf:{function} ; rml:input {given} ] ] ] ."
    )


@pytest.fixture
def bench(outside: Any, tmp_path: Path) -> Bench:
    return Bench(outside, tmp_path)


@pytest.mark.parametrize(
    ("function", "table", "more"),
    [
        ("figure", FIGURES, {}),
        ("figure", SHARES, {"list": "scale", "key": "$w"}),
        ("rate", DECIMALS, {}),
    ],
    ids=["figure", "share", "rate"],
)
def test_one_cell(bench: Bench, function: str, table: Cells, more: dict[str, str]) -> None:
    rows = [(cell, "per cent") for cell in table]
    assert bench(function, rows, value="$v", **more) == list(table.values())


def test_a_column_of_words_has_no_figures_and_an_unlisted_one_counts(bench: Bench) -> None:
    rows = [("Alphabet", "words"), ("12", "words"), ("12", "new column"), ("1.5", "new column")]
    made = bench("figure", rows, value="$v", list="scale", key="$w")
    assert made == [(None, None), (None, None), ("12", None), (None, "number")]


def test_only_a_share_of_a_number_is_computed(bench: Bench) -> None:
    rows = [("5.43 / 100 * 2,510,798", ""), ("136336", ""), ("", "")]
    assert bench.values("computed", rows, value="$v", then="x") == ["x", None, None]
