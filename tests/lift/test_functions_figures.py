"""Functions of published figures, flags and lists, each over a table of cells: value and fault."""

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
kind,Total,value-kind/derived,example
kind,Unspecified,,example
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
PERIODS: Cells = {
    "": (None, None),
    "2023": ("period/2023", None),
    "2022 H2": ("period/2022-H2", None),
    "2017Q4": ("period/2017-Q4", None),
    "2023-05": ("period/2023-05", None),
    "2018 H2 - 2022 H1": ("period/2018-H2", None),
    **dict.fromkeys(["23", "2023 Q5", "2023-13", "01/02/2023", "20X1"], (None, "date")),
}
STATED: Cells = {
    **dict.fromkeys(["", " "], (None, None)),
    **dict.fromkeys(["true", " 1 ", "Yes"], ("tristate/yes", None)),
    **dict.fromkeys(["false", "0"], ("tristate/no", None)),
    "unknown": ("tristate/unknown", None),
    **dict.fromkeys(["perhaps", "2"], (None, "boolean")),
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
        ("calendarPeriod", PERIODS, {}),
        ("stated", STATED, {}),
    ],
    ids=["figure", "share", "rate", "calendarPeriod", "stated"],
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


def test_flags_of_a_group_agree_or_are_mixed(bench: Bench) -> None:
    rows = [("true", "a"), ("", "a"), ("true", "b"), ("false", "b"), ("", "c"), ("unknown", "d")]
    made = bench.values("statedTogether", rows, value="$v", key="$w")
    yes, mixed = "tristate/yes", "tristate/mixed"
    assert made == [yes, yes, mixed, mixed, None, "tristate/unknown"]
    assert bench("statedTogether", [("perhaps", "a")], value="$v", key="$w") == [(None, "boolean")]


def test_true_and_blank_choose_a_term(bench: Bench) -> None:
    rows = [("true", ""), ("false", ""), ("", ""), ("maybe", "")]
    made = bench("whenTrue", rows, value="$v", then="x")
    assert made == [("x", None), (None, None), (None, None), (None, "boolean")]
    assert bench.values("filled", rows, value="$v", otherwise="x") == [None, None, "x", None]
    assert bench.values("given", rows, value="$v", when="$w", when2="$v") == [
        "true",
        "false",
        None,
        "maybe",
    ]


def test_items_of_a_list_by_place_and_by_name(bench: Bench) -> None:
    cells, names = '["Alphabet", 12, null]', '["platform", "reports", "time"]'
    rows = [(cells, str(i)) for i in range(4)]
    assert bench.values("itemAt", rows, value="$v", index="$w") == ["Alphabet", "12", None, None]
    rows = [(cells, names), (cells, '["reports"]'), ("", names)]
    made = bench.values("itemNamed", rows, value="$v", names="$w", name="platform")
    assert made == ["Alphabet", None, None]


def test_listed_values_give_way_or_a_term(bench: Bench) -> None:
    rows = [("Total", "x"), ("Unspecified", "x"), ("AK", "x"), ("", "x")]
    made = bench.values("replaced", rows, value="$v", list="kind", other="$w")
    assert made == ["x", "x", "AK", None]
    assert bench.values("replaced", rows, value="$v", list="kind") == [None, None, "AK", None]
    made = bench.values("whereListed", rows, value="$v", list="kind", base=CODES)
    assert made == ["value-kind/derived", None, None, None]


def test_ends_and_repetitions(bench: Bench) -> None:
    rows = [("Amazon2020", "2020"), ("Amazon", "2020"), ("2020", "2020")]
    assert bench.values("withoutEnd", rows, value="$v", end="$w") == ["Amazon", "Amazon", None]
    rows = [("5", "a"), ("", "a"), ("7", "a"), ("7", "b")]
    made = bench.values("again", rows, value="$v", key="$w", order="$id")
    assert made == ["", "", ".2", ""]


def test_a_figure_without_a_period_is_no_silent_loss(bench: Bench) -> None:
    rows = [("5", "2023"), ("5", ""), ("", ""), ("", "2023")]
    made = bench("observation", rows, dataset="d", period="$w", value="$v")
    assert [rule for _, rule in made] == [None, "missing-key", None, None]
    assert (made[0][0] or "").endswith("/observation/d.2023")
