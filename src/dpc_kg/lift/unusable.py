"""The errors of a file that cannot be used at all, each with its rule and what would be right."""

from dpc_kg.base.errors import SourceError

MAX_DEPTH = 100
"""How deep a document may be nested."""

BAD_CELL = "cell-error"
"""The rule of a cell of a workbook that shows an error in place of a value."""

_AGAIN = "Export it again; do not edit it by hand."


def no_rows(name: str) -> SourceError:
    """Give the error of a table that holds a header alone."""
    return SourceError(
        "There is no row below the header.",
        rule="empty-file",
        file=name,
        advice="Export it again.",
    )


def empty_file(name: str) -> SourceError:
    """Give the error of a file that holds nothing."""
    return SourceError(
        "The file is empty.", rule="empty-file", file=name, advice="Export it again."
    )


def no_record(name: str, iterator: str | None) -> SourceError:
    """Give the error of a file without a record where the mapping looks for them."""
    return SourceError(
        "There is no record in it.",
        rule="empty-file",
        file=name,
        advice=f"Records are looked for at {iterator}.",
    )


def wrong_encoding(name: str, line: int, advice: str = "Export it again as UTF-8.") -> SourceError:
    """Give the error of bytes that are not UTF-8."""
    return SourceError(
        "The file is not in UTF-8.", rule="encoding", file=name, line=line, advice=advice
    )


def cut_off(name: str, line: int) -> SourceError:
    """Give the error of a document whose end is missing."""
    return SourceError(
        "The file ends in the middle of a record.",
        rule="truncated",
        file=name,
        line=line,
        advice="Export or copy it again; the end is missing.",
    )


def malformed(name: str, line: int, problem: str) -> SourceError:
    """Give the error of a document that breaks the rules of its syntax."""
    return SourceError(problem, rule="syntax", file=name, line=line, advice=_AGAIN)


def too_deep(name: str, *, row: int | None = None, line: int | None = None) -> SourceError:
    """Give the error of a document nested deeper than `MAX_DEPTH`."""
    return SourceError(
        "It is nested too deeply.",
        rule="syntax",
        file=name,
        row=row,
        line=line,
        advice=f"At most {MAX_DEPTH} levels are read.",
    )


def declares_type(name: str) -> SourceError:
    """Give the error of an XML document with a DOCTYPE."""
    return SourceError(
        "The file declares a document type.",
        rule="doctype",
        file=name,
        advice="Remove the DOCTYPE; an export needs none, and one can be used for attacks.",
    )


def open_quote(name: str, line: int) -> SourceError:
    """Give the error of a quotation mark that makes rows run into one another."""
    return SourceError(
        "A quotation mark is opened and not closed here, so rows run into one another.",
        rule="quote",
        file=name,
        line=line,
        advice='Put the cell in quotation marks, and write "" for a mark inside it.',
    )


def too_large(name: str, limit: str, *, sheet: str | None = None) -> SourceError:
    """Give the error of a file that passes a limit, whatever was made so that it does."""
    return SourceError(
        f"The file is too large: {limit}.",
        rule="too-large",
        file=name,
        sheet=sheet,
        advice="Export less at a time, for example one year.",
    )


def unreadable(
    name: str, problem: str, advice: str = _AGAIN, *, sheet: str | None = None
) -> SourceError:
    """Give the error of an archive, workbook or database that cannot be read."""
    return SourceError(problem, rule="unreadable", file=name, sheet=sheet, advice=advice)


def locked(name: str) -> SourceError:
    """Give the error of a file that a password protects."""
    return SourceError(
        "This is a locked workbook or archive: a password protects it.",
        rule="locked",
        file=name,
        advice="Save it again without a password, on an encrypted disk.",
    )


def held(name: str) -> SourceError:
    """Give the error of a file that this user or program may not open."""
    return unreadable(
        name,
        "The file cannot be opened.",
        "Close it in every other program, and check that you may read it.",
    )
