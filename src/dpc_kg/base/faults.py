"""A fault: one mistake in a partner's export, at one cell."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Fault:
    """One mistake at one place (DESIGN section 6, contract of ``planted.json`` and ``validate``).

    ``row`` is the physical 1-based row of a table (header = 1) or the 1-based record of a
    document; ``column`` the header or the path from the record; ``rules`` the rule ids it trips.
    """

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    kind: str
    rules: tuple[str, ...]
    record: str | None = None
    severity: str = "Violation"

    @property
    def rule(self) -> str:
        """The first of the rules."""
        return self.rules[0]

    @property
    def place(self) -> tuple[str, str, int, str]:
        """A sortable key of the cell."""
        return (self.file, self.sheet or "", self.row or 0, self.column or "")

    def as_dict(self) -> dict[str, object]:
        """Give the fields of the contract, and ``rules`` where there are several."""
        out: dict[str, object] = {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "kind": self.kind,
            "rule": self.rule,
        }
        if len(self.rules) > 1:
            out["rules"] = list(self.rules)
        return out


def merge(faults: Iterable[Fault]) -> list[Fault]:
    """Join the faults of one cell into one with all its rules, sorted by place.

    A rule about the cell itself (``source:``) comes first: it names the mistake, the others follow
    from it.
    """
    by_place: dict[tuple[str, str, int, str], Fault] = {}
    for fault in faults:
        known = by_place.get(fault.place)
        if known is None:
            by_place[fault.place] = fault
            continue
        rules = sorted({*known.rules, *fault.rules}, key=_source_first)
        lead = known if known.rule == rules[0] else fault
        by_place[fault.place] = replace(lead, rules=tuple(rules))
    return sorted(by_place.values(), key=lambda f: f.place)


def _source_first(rule: str) -> tuple[bool, str]:
    return (not rule.startswith("source:"), rule)


def column_letter(index: int) -> str:
    """Give the spreadsheet letter of a 0-based column.

    >>> column_letter(0), column_letter(25), column_letter(26), column_letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
