"""A fault: one mistake in a partner's export, at one cell."""

from dataclasses import dataclass, field

SOURCE = "source:"
"""Rules about a cell or file itself, before any shape."""

SOURCE_RULES = frozenset(
    {
        "adult",
        "age",
        "boolean",
        "cell-error",
        "column-count",
        "country",
        "date",
        "date-order",
        "doctype",
        "duplicate",
        "duplicate-column",
        "empty-file",
        "encoding",
        "hash",
        "iri",
        "language",
        "locked",
        "missing-column",
        "missing-key",
        "number",
        "personal",
        "quote",
        "reference",
        "ruby-literal",
        "structure",
        "syntax",
        "too-large",
        "truncated",
        "unlisted",
        "unreadable",
        "web-address",
    }
)
"""The names of those rules: the notations of the published list ``source-fault``."""


def source_rule(name: str) -> str:
    """Give the name of a rule back, or raise.

    Raises:
        ValueError: the published list has no such rule, so nobody could be told what to do.
    """
    if name not in SOURCE_RULES:
        raise ValueError(f"source-fault has no {name}")
    return name


@dataclass(frozen=True)
class Statement:
    """What a fault of RDF data is about: the IRI of the node, the path, and where it stands.

    ``focus`` is None of a node without a name and of a literal; ``path`` is an IRI or a SPARQL
    property path; ``character`` the 1-based column in the line, None where that is not known.
    """

    focus: str | None
    path: str | None
    character: int | None = None


@dataclass(frozen=True)
class Fault:
    """One mistake at one place (DESIGN section 6, contract of ``planted.json`` and ``validate``).

    ``row`` is the physical 1-based row of a table (header = 1) or the 1-based record of a
    document; ``column`` the header or the path from the record; ``rules`` the rule ids it trips;
    ``line`` the line of the text file where no row can be told; ``letter`` the column's in a
    spreadsheet, where that is known. A fault of a whole column has no row: ``looks`` gives what
    its cells look like with how many do, ``rows`` the first of them. A fault of RDF data has no row
    but a ``statement``, and is at a line of the text.
    """

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    kind: str
    rules: tuple[str, ...]
    record: str | None = None
    severity: str = "Violation"
    line: int | None = None
    letter: str | None = field(default=None, compare=False)
    looks: tuple[tuple[str, int], ...] = ()
    rows: tuple[int, ...] = ()
    statement: Statement | None = None

    @property
    def rule(self) -> str:
        """The first of the rules."""
        return self.rules[0]

    @property
    def place(self) -> tuple[str, str, int, str]:
        """A sortable key of the cell."""
        return (self.file, self.sheet or "", self.row or 0, self.column or "")

    @property
    def order(self) -> tuple[str, str, int, int, int, str, str]:
        """A sortable key: by row, or by line and column in the line."""
        stated = self.statement or Statement(None, None)
        at = (self.row or 0, self.line or 0, stated.character or 0)
        return (self.file, self.sheet or "", *at, self.column or "", stated.focus or "")

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
        if self.line is not None:
            out["line"] = self.line
        return out


@dataclass(frozen=True)
class More:
    """How many faults of one file, rule and kind there are beyond those told one by one."""

    file: str
    rule: str
    kind: str
    severity: str
    count: int


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
