"""Errors as a worker tells them to the process that started it: JSON there, an error again here."""

from typing import Any

from dpc_kg.base.errors import DpcError, SourceError


def as_told(error: DpcError) -> dict[str, Any]:
    """Give an error as JSON takes it."""
    where = error.where
    told: dict[str, Any] = {
        "error": type(error).__name__,
        "message": error.message,
        "advice": error.advice,
        "file": where.file,
        "row": where.row,
        "column": where.column,
        "line": where.line,
        "sheet": where.sheet,
        "term": where.term,
    }
    if isinstance(error, SourceError):
        told |= {"rule": error.rule, "columns": list(error.columns)}
    return told


def as_error(told: dict[str, Any]) -> DpcError:
    """Give back the error that was told; of a kind not known here, the plain one."""
    given = dict(told)
    kinds: dict[str, type[DpcError]] = {each.__name__: each for each in _below(DpcError)}
    kind = kinds.get(given.pop("error"), DpcError)
    message = given.pop("message")
    if "rule" in given:
        given.pop("term")
        given["columns"] = tuple(given["columns"])
    return kind(message, **given)


def _below(kind: type[DpcError]) -> list[type[DpcError]]:
    found = kind.__subclasses__()
    return [*found, *(inner for each in found for inner in _below(each))]
