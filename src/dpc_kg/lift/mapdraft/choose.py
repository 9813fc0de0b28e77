"""What a draft proposes for a file: the class of its records, their key, a place for each field."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import CODES, DPC, local_name
from dpc_kg.lift.mapdraft.lexicon import classes, properties, unknown_code
from dpc_kg.lift.mapdraft.match import Match, match
from dpc_kg.lift.mapdraft.observed import Field, Observed
from dpc_kg.lift.mapdraft.precedents import decided
from dpc_kg.lift.mapdraft.words import holds, meaning
from dpc_kg.model import fields as shapes
from dpc_kg.model import ontology

_NAMED = 1.5
_ENOUGH = 1.2
_SHOWN = 3


@dataclass(frozen=True)
class Choice:
    """What is proposed for one field; ``match`` where it is placed on a property."""

    field: Field
    status: str
    term: str
    reason: str
    match: Match | None = None


@dataclass(frozen=True)
class SourceDraft:
    """What is proposed for one file.

    ``constants`` are properties every record gets with one value; ``missing`` the required ones
    that nothing was found for; ``others`` the classes that would fit nearly as well.
    """

    observed: Observed
    cls: str
    others: tuple[str, ...]
    key: Field
    version: Field | None
    choices: tuple[Choice, ...]
    constants: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def choose(observed: Observed, cls: str | None = None) -> SourceDraft:
    """Give a proposal for a file; ``cls`` (a local name) says what a record is.

    Raises:
        DpcError: there is no such class, or none fits well enough to be guessed.
    """
    key = _key(observed)
    vetoes = {f.path: _vetoed(f, observed) for f in observed.fields}
    open_ = [f for f in observed.fields if f is not key and not vetoes[f.path]]
    ranked = sorted(_ranked(observed, open_), key=lambda r: (-r[0], r[1]))
    iri = _class_named(cls) if cls else _class_guessed(ranked, observed.file)
    placed = {m.field.path: m for m in _assigned(open_, iri)}
    version = next((f for f in open_ if is_version(f, placed.get(f.path))), None)
    choices = (
        _key_choice(key, version, iri)
        if f is key
        else _choice(f, version, iri, placed.get(f.path), vetoes[f.path])
        for f in observed.fields
    )
    constants, missing = required(iri, {m.prop.iri for m in placed.values()})
    others = tuple(local_name(c) for s, c in ranked[:_SHOWN] if c != iri and s >= _ENOUGH)
    return SourceDraft(observed, iri, others, key, version, tuple(choices), constants, missing)


# -- the class


def _ranked(observed: Observed, open_: list[Field]) -> Iterable[tuple[float, str]]:
    """Give how well each class fits: its properties found, the rare ones first, and its name."""
    said = set(meaning(observed.name))
    for cls, called in classes().items():
        found = _assigned(open_, cls)
        score = sum(m.score / math.sqrt(m.prop.classes) for m in found)
        wanted = {p.iri for p in properties(cls) if p.required}
        if wanted:
            score += len(wanted & {m.prop.iri for m in found}) / len(wanted)
        if any(set(phrase) & said == set(phrase) for phrase in called):
            score += _NAMED
        yield round(score, 6), cls


def _assigned(open_: list[Field], cls: str) -> list[Match]:
    """Give one property to each field and one field to each property, the best matches first."""
    found = [m for f in open_ for p in properties(cls) if (m := match(f, p)) is not None]
    found.sort(key=lambda m: (-m.score, not m.prop.required, m.prop.iri, m.field.path))
    fields: set[str] = set()
    taken: set[str] = set()
    kept = []
    for one in found:
        if one.field.path not in fields and one.prop.iri not in taken:
            fields.add(one.field.path)
            taken.add(one.prop.iri)
            kept.append(one)
    return kept


def _class_named(cls: str) -> str:
    iri = DPC + cls.removeprefix("dpc:")
    if iri in classes():
        return iri
    raise DpcError(
        "Records cannot be of this class.",
        term=cls,
        advice=f"Known: {', '.join(sorted(local_name(c) for c in classes()))}.",
    )


def _class_guessed(ranked: list[tuple[float, str]], file: str) -> str:
    score, cls = ranked[0]
    if score >= _ENOUGH:
        return cls
    near = ", ".join(local_name(c) for _, c in ranked[:_SHOWN])
    raise DpcError(
        "It is not clear what a record of this file is.",
        file=file,
        advice=f"Say it with --class, as in --class Case. Nearest: {near}.",
    )


# -- key and version


def _key(observed: Observed) -> Field:
    """Give the field that names a record: whole and unique, and called a key.

    Raises:
        DpcError: no field may be a key.
    """
    may_be = [
        f
        for f in observed.fields
        if not f.many
        and f.cells
        and (not holds("personal", f.name) or meaning(f.name) == ("id",))
        and not f.looks.dates
        and not f.looks.text
    ]
    if not may_be:
        raise DpcError(
            "No field can be the key of a record.",
            file=observed.file,
            advice="Export the number or id by which your system knows a record.",
        )
    order = {f.path: i for i, f in enumerate(observed.fields)}
    looked = min(observed.records, max(f.cells for f in observed.fields))

    def rank(f: Field) -> tuple[float, ...]:
        whole = f.cells >= looked
        return (
            -(holds("key", f.name) and whole and f.unique),
            -(whole and f.unique),
            -holds("key", f.name),
            -round(len(f.values) / looked, 2),
            order[f.path],
        )

    return min(may_be, key=rank)


def is_version(field: Field, found: Match | None) -> bool:
    """Tell whether a field says which of two versions of a record is the later."""
    if not field.looks.dates or field.many:
        return False
    return holds("version", field.name) or (found is not None and found.prop.name == "updatedAt")


# -- the fields


def _vetoed(field: Field, observed: Observed) -> str:
    """Give why a field is personal whatever it is called in the model; empty if it is not."""
    if not field.cells and field.unread:
        return "none of its cells shows a value: they hold errors, or were never calculated"
    if not field.cells:
        return "all its cells are blank"
    said = meaning(field.name)
    if sum(meaning(f.name) == said for f in observed.fields) > 1:
        return "several fields have this name: say which one is meant"
    if holds("personal", field.name):
        return "its name says that it is about a person"
    if field.looks.contact:
        return "its cells look like contact data or numbers of people"
    if field.looks.text:
        return "its cells are free text"
    if set(decided().get(said, ())) == {"personal"}:
        return "other mappings keep a field of this name at the partner"
    return ""


def _key_choice(key: Field, version: Field | None, cls: str) -> Choice:
    reason = "draft: key of the record; leaves the partner only as a pseudonym"
    again = key.cells - len(key.values)
    if again and version is not None:
        reason += f"; {again} rows repeat one: later versions, told by {version.path}"
    elif again:
        reason += f"; NOT unique, {again} rows repeat one: choose another key"
    return Choice(key, "placed", f"dpc:{local_name(cls)}", reason)


def _choice(field: Field, version: Field | None, cls: str, found: Match | None, why: str) -> Choice:
    name = local_name(cls)
    if found is not None:
        also = "; also says which version of a record is the later" if field is version else ""
        blank = f"; a blank cell is {found.blank}" if found.blank else ""
        reason = f"draft: {found.why}{blank}{_order(field, found)}{also}"
        return Choice(field, "placed", f"dpc:{found.prop.name}", reason, found)
    if field is version:
        reason = "draft: says which version of a record is the later; is not itself lifted"
        return Choice(field, "placed", f"dpc:{name}", reason)
    if not why and field.many:
        why = "a record has several of it: map it as a class of its own"
    if not why and field.looks.dates:
        why = f"a date, but no property of dpc:{name} has this name"
    return Choice(field, "personal", "", f"draft: {why or 'not recognised'}")


def _order(field: Field, found: Match) -> str:
    """Say that dates begin with the day, if they do: the lift refuses those."""
    count = field.looks.day_first
    if found.way != "instant" or not count:
        return ""
    return f"; {count} of its values do not begin with the year: export them as YYYY-MM-DD"


# -- what a record must have


def required(cls: str, placed: set[str]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Give constants for required properties without a field, and those that stay missing."""
    ranges = {t.iri: t.range for t in ontology.terms()}
    constants, missing = [], []
    for (owner, prop), field in shapes.fields().items():
        base = prop.removesuffix("Precision")
        if owner != cls or not field.required or prop in placed or not prop.startswith(DPC):
            continue
        if base in placed:
            continue
        unknown = next((u for s in sorted(field.schemes) if (u := unknown_code(s))), None)
        if ranges.get(prop) == f"{DPC}Organization":
            constants.append((prop, ""))
        elif unknown is not None and base == prop:
            constants.append((prop, CODES + unknown))
        elif base == prop:
            missing.append(prop)
    return tuple(constants), tuple(missing)
