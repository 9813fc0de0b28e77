"""A draft made again from what people decided in ``fields.csv``."""

from typing import NoReturn

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import DPC, local_name
from dpc_kg.lift.mapdraft.choose import Choice, SourceDraft, is_version, required
from dpc_kg.lift.mapdraft.findings import FIELDS, Line
from dpc_kg.lift.mapdraft.lexicon import Property, classes, properties
from dpc_kg.lift.mapdraft.match import forced
from dpc_kg.lift.mapdraft.observed import Field, Observed

_STATUSES = ("placed", "personal", "none")


def revised(observed: Observed, lines: list[Line]) -> SourceDraft:
    """Give the proposal that the decisions about a file amount to.

    The field that is placed on a class is the key of the record, and says what a record is. A
    field without a line is personal.

    Raises:
        DpcError: a decision cannot be carried out; names its line.
    """
    own = {line["path"]: line for line in lines if line["source"] == observed.name}
    key, cls = _key(observed, own)
    by_name = {p.name: p for p in properties(cls)}
    choices = tuple(_choice(f, key, cls, by_name, own.get(f.path)) for f in observed.fields)
    _check_once(choices, own)
    placed = {c.match.prop.iri for c in choices if c.match is not None}
    version = next((c.field for c in choices if _says_later(c, key)), None)
    constants, missing = required(cls, placed)
    return SourceDraft(observed, cls, (), key, version, choices, constants, missing)


def _key(observed: Observed, own: dict[str, Line]) -> tuple[Field, str]:
    known = classes()
    for field in observed.fields:
        line = own.get(field.path)
        if line is None or line["status"] != "placed" or field.looks.dates:
            continue
        iri = DPC + line["term"].removeprefix("dpc:")
        if iri in known:
            return field, iri
    raise DpcError(
        f"No field of {observed.name} is the key of a record.",
        file=FIELDS,
        advice="Place one on the class of the records, as in: placed,dpc:Case",
    )


def _says_later(choice: Choice, key: Field) -> bool:
    placed = choice.status == "placed" and choice.field is not key
    return placed and is_version(choice.field, choice.match)


def _choice(
    field: Field, key: Field, cls: str, by_name: dict[str, Property], line: Line | None
) -> Choice:
    if line is None:
        return Choice(field, "personal", "", "draft: new in this file")
    status, term, reason = line["status"], line["term"], line["reason"]
    if status not in _STATUSES:
        _refuse(line, "status", "This is no status.", f"Known: {', '.join(_STATUSES)}.")
    if status != "placed" or field is key or DPC + term.removeprefix("dpc:") == cls:
        return Choice(field, status, term, reason)
    prop = by_name.get(term.removeprefix("dpc:"))
    if prop is None:
        message = f"A cell alone cannot fill {term or 'a field without a term'} of a record."
        fits = ", ".join(f"dpc:{name}" for name in sorted(by_name))
        advice = f"What a cell of a dpc:{local_name(cls)} can fill: {fits}."
        _refuse(line, "term", message, advice)
    if field.many and not prop.many:
        message = "A record has several of these, and the term takes one."
        _refuse(line, "term", message, "Say personal; a list needs a class of its own.")
    return Choice(field, status, term, reason, forced(field, prop))


def _check_once(choices: tuple[Choice, ...], own: dict[str, Line]) -> None:
    """Refuse two fields on one term that a record has once."""
    seen: dict[str, str] = {}
    for choice in choices:
        if choice.match is None or choice.match.prop.many:
            continue
        if choice.term in seen:
            message = f"{seen[choice.term]} is placed on {choice.term} already."
            advice = "A record has it once: say personal or none of one of them."
            _refuse(own[choice.field.path], "term", message, advice)
        seen[choice.term] = choice.field.path


def _refuse(line: Line, column: str, message: str, advice: str) -> NoReturn:
    raise DpcError(message, file=FIELDS, row=line.number, column=column, advice=advice)
