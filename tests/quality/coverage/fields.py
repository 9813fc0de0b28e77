"""What a system's definition says about its fields, and where each of them is decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from dpc_kg.lift.privacy import Decisions, FieldDecision

PLAIN, TEXT, SEPARATOR = "plain", "text", "separator"


@dataclass(frozen=True)
class Field:
    """One field of a definition.

    ``names`` are the pairs of source and path under which ``fields.csv`` may list it, the likeliest
    first. ``kind`` is what the definition itself says: plain, text (something typed or a file)
    or separator (a heading of a form).
    """

    label: str
    names: tuple[tuple[str, str], ...]
    kind: str = PLAIN


@dataclass(frozen=True)
class Part:
    """A definition of fields as one publisher gives it; ``basis`` says what it was read from."""

    name: str
    basis: str
    fields: tuple[Field, ...]
    is_typed: bool = False
    """Whether the definition tells text from other fields; else the row's reason does."""


@dataclass(frozen=True)
class System:
    """One of the ten sources: its decisions, and the parts that have a definition file."""

    name: str
    decisions: Decisions
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Place:
    """One field, and the row that decides it; None where nothing does."""

    field: Field
    row: FieldDecision | None


def one(source: str, path: str, kind: str = PLAIN) -> Field:
    """Give a field that has one name only."""
    return Field(f"{source}: {path}", ((source, path),), kind)


def places(fields: Sequence[Field], decisions: Decisions) -> list[Place]:
    """Find the row of every field; a row for all of a branch (``…*``) decides what is in it."""
    return [Place(each, _row(each, decisions)) for each in fields]


def _row(field: Field, decisions: Decisions) -> FieldDecision | None:
    found = (decisions.decide(source, path) for source, path in field.names)
    return next((row for row in found if row is not None), None)


def by_branch(place: Place) -> bool:
    """Tell whether only a row for a whole branch decides the field, and none of its own."""
    row = place.row
    if row is None or not row.path.endswith((".*", "/*")):
        return False
    return (row.source, row.path) not in place.field.names


def left(decisions: Decisions, found: Sequence[Place]) -> list[FieldDecision]:
    """Give the rows of ``fields.csv`` that no definition file speaks of."""
    met = {(p.row.source, p.row.path) for p in found if p.row is not None}
    return [row for row in decisions.decisions if (row.source, row.path) not in met]
