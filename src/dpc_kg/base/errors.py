"""The tree of errors: each says where, what, and what would be right, and never repeats a value."""

from dataclasses import dataclass

from dpc_kg.base.faults import source_rule


@dataclass(frozen=True)
class Where:
    """A place in a partner's file or in one of our assets; every part may be unknown."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None
    term: str | None = None

    def __str__(self) -> str:
        parts = [
            self.file,
            f"sheet {self.sheet}" if self.sheet else None,
            f"row {self.row}" if self.row is not None else None,
            f"column {self.column}" if self.column else None,
            f"line {self.line}" if self.line is not None else None,
            self.term,
        ]
        return shown(", ".join(part for part in parts if part))


def shown(text: str) -> str:
    r"""Give a name that others chose with what could act on a terminal or a log written out.

    >>> shown("a\x1b[31m\n.csv")
    'a\\x1b[31m\\n.csv'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class DpcError(Exception):
    """Any failure the user can act on. ``exit_code`` follows DESIGN section 6."""

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        line: int | None = None,
        term: str | None = None,
        advice: str | None = None,
    ) -> None:
        self.message = message
        self.where = Where(file, sheet, row, column, line, term)
        self.advice = advice
        super().__init__(message)

    @property
    def file(self) -> str | None:
        """The file concerned, as the caller named it."""
        return self.where.file

    @property
    def sheet(self) -> str | None:
        """The sheet of a workbook."""
        return self.where.sheet

    @property
    def row(self) -> int | None:
        """The 1-based row or record."""
        return self.where.row

    @property
    def column(self) -> str | None:
        """The column header or the path from the record."""
        return self.where.column

    @property
    def line(self) -> int | None:
        """The 1-based line of a text file."""
        return self.where.line

    @property
    def term(self) -> str | None:
        """The term (IRI, name) concerned."""
        return self.where.term

    def __str__(self) -> str:
        place = str(self.where)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text} {self.advice}" if self.advice else text


class SourceError(DpcError):
    """A partner's file cannot be used. ``rule`` is a notation of the scheme ``source-fault``.

    ``columns`` names all the columns concerned where there are several.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        rule: str,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        line: int | None = None,
        columns: tuple[str, ...] = (),
        advice: str | None = None,
    ) -> None:
        super().__init__(
            message, file=file, sheet=sheet, row=row, column=column, line=line, advice=advice
        )
        self.rule = source_rule(rule)
        self.columns = columns


class MappingError(DpcError):
    """An RML document cannot be compiled; ``term`` is the triples map."""


class NotConforming(DpcError):
    """Data or a package was refused because it breaks a rule."""

    exit_code = 1


class VacuousValidation(DpcError):
    """A validation run met no focus node: it proves nothing, so it is not a pass."""


class PackageError(DpcError):
    """A submission package is damaged, altered or not ours."""

    exit_code = 1


class JournalError(DpcError):
    """The hub's journal cannot be read or written."""


class StoreError(DpcError):
    """The graph store cannot do what was asked."""


class QueryError(DpcError):
    """A saved query is unknown, or a parameter is missing or malformed."""


class UnknownAsset(DpcError):
    """No ontology module, shape, mapping or query of that name."""


class NotSupported(DpcError):
    """Known, and not done yet."""

    exit_code = 3


def unforeseen(error: Exception) -> str:
    """Give the message of a mistake of the program; the error's own text may hold a value."""
    return (
        f"This went wrong in dpc-kg itself ({type(error).__name__}). Nothing of it is your fault:"
        " run the command again with --debug and report what it shows."
    )
