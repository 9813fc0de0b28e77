"""The mistakes that published tables hold: each in one cell, found where it was made."""

from dataclasses import dataclass

from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.ncmecstatistics_tables import Row

_FIGURES = {
    "years": "reports",
    "countries": "2021",
    "contents": "quantity",
    "comparable": "count",
    "comparable-rows": "count",
    "recipients": "reports",
    "relationships": "2022 pieces",
    "states": "reports",
    "per-capita": "reports",
    "meta": "value",
}
_PERIODS = {
    "contents": "year",
    "comparable": "year",
    "recipients": "year",
    "states": "year",
    "per-capita": "year",
    "meta": "period",
}


@dataclass(frozen=True)
class Mistake:
    """One kind: its rules, the text it writes, the column it goes to in each table.

    ``blamed`` is the column that is named where it is another one.
    """

    name: str
    kind: str
    rules: tuple[str, ...]
    text: str
    tables: dict[str, str]
    blamed: dict[str, str] | None = None

    def fits(self, row: Row) -> bool:
        """Tell whether the row has something to spoil: filled cells, no sign of "no figure"."""
        table = next((c for c in self.tables.values() if c in row), "")
        return row.get(table, "") not in ("", "N/A", self.text) and all(
            row.get(c, "x") not in ("", "N/A") for c in ("reports", "value", "quantity", "count")
        )


MISTAKES = (
    Mistake("words", "format", ("source:number",), "about a million", _FIGURES),
    Mistake("no-such-period", "format", ("source:date",), "20X{n}", _PERIODS),
    Mistake(
        "blank-period",
        "missing",
        ("source:missing-key",),
        "",
        _PERIODS,
        {name: _FIGURES[name] for name in _PERIODS},
    ),
    Mistake("area-name", "format", ("source:country",), "Example-Land", {"per-capita": "iso3"}),
    Mistake("area-in-full", "format", ("source:country",), "XX", {"countries": "iso3"}),
    Mistake(
        "unlisted-observer",
        "missing",
        ("ObservationShape-observer",),
        "Example Office {n}",
        {"comparable": "observer"},
    ),
    Mistake(
        "not-yes-or-no", "format", ("source:boolean",), "perhaps", {"per-capita": "arab_league"}
    ),
    Mistake(
        "split-number",
        "format",
        ("source:number",),
        "12,34,567",
        {"recipients": "reports", "states": "population"},
    ),
    Mistake("no-country", "missing", ("source:missing-key",), "", {"countries": "country"}),
    Mistake("day-for-year", "format", ("source:date",), "01/02/{n}", _PERIODS),
)


def plant(mistake: Mistake, table: str, index: int, rows: list[Row]) -> Fault:
    """Spoil one cell and give the fault; ``index`` counts the rows below the header from 0."""
    column = mistake.tables[table]
    # a number of its own: two rows with one wrong period would be one observation
    rows[index][column] = mistake.text.format(n=index + 2000)
    blamed = (mistake.blamed or {}).get(table, column)
    return Fault(f"{table}.csv", None, index + 2, blamed, mistake.kind, mistake.rules)
