"""The code table of a draft: frequent values of the placed lists, each with a proposed code."""

import re
from dataclasses import dataclass

from dpc_kg.base.vocab import CODES
from dpc_kg.lift.mapdraft import values
from dpc_kg.lift.mapdraft.choose import Choice, SourceDraft
from dpc_kg.lift.mapdraft.lexicon import code_of
from dpc_kg.lift.mapdraft.match import LEAST
from dpc_kg.lift.mapdraft.words import words
from dpc_kg.model import ontology

_SHOWN = 8
_SHORT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # as the shapes want the name of a list
_SOURCE = 30


@dataclass(frozen=True)
class CodeLine:
    """One line of ``codes.csv``; ``reason`` says that it is a guess, and why."""

    list: str
    value: str
    code: str
    scheme: str
    reason: str


@dataclass(frozen=True)
class ListDraft:
    """The values of one field that became a list, and how many were left out as too rare.

    ``rare`` counts distinct values, ``cells`` the cells that hold them.
    """

    name: str
    field: str
    scheme: str
    lines: tuple[CodeLine, ...]
    rare: int
    cells: int


def list_name(draft: SourceDraft, choice: Choice) -> str:
    """Give the name of a field's list: its path in small letters and hyphens.

    Two sources may have a field of one name, so the source's name stands before it. A path that
    makes no short name, as in another script, gives way to the name of the term.
    """
    return _names(draft)[choice.field.path]


def _names(draft: SourceDraft) -> dict[str, str]:
    found: dict[str, str] = {}
    for choice in draft.choices:
        if choice.match is not None and choice.match.way == "code":
            name = _name(draft.observed.name, choice.field.path, choice.match.prop.name)
            taken = found.values()
            names = (name, *(f"{name}-{n}" for n in range(2, len(found) + 3)))
            found[choice.field.path] = next(n for n in names if n not in taken)
    return found


def _name(source: str, path: str, term: str) -> str:
    parts = "".join(c if c.isalnum() else " " for c in path.casefold()).split()
    short = ("-".join([source, *p]) for p in (parts, words(path)))
    other = "-".join([source[:_SOURCE], *words(term)])
    return next((n for n in short if _SHORT.fullmatch(n)), other)


def lists(draft: SourceDraft) -> tuple[ListDraft, ...]:
    """Give the lists of a draft, in the order of its fields."""
    found = (c for c in draft.choices if c.match is not None and c.match.way == "code")
    return tuple(_list(draft, choice) for choice in found)


def _list(draft: SourceDraft, choice: Choice) -> ListDraft:
    name = list_name(draft, choice)
    scheme = choice.match.scheme if choice.match is not None else ""
    lines, rare, cells = [], 0, 0
    for value, count in sorted(choice.field.values.items(), key=lambda v: (-v[1], v[0])):
        found = code_of(scheme, value)
        if not values.may_be_written(value, count, LEAST, known=found is not None):
            rare, cells = rare + 1, cells + count
            continue
        code, why = found or (
            "",
            f"no label says this: choose {_choices(scheme)}, or leave it empty",
        )
        lines.append(CodeLine(name, value, code, name, f"draft: {why}"))
    return ListDraft(name, choice.field.path, scheme, tuple(lines), rare, cells)


def _choices(scheme: str) -> str:
    """Name the codes of a short list, and where those of a long one stand."""
    own = [code.iri.removeprefix(CODES) for code in ontology.codes(scheme)]
    named = [code for code in own if not code.endswith("/unmapped")]
    if len(named) > _SHOWN:
        return f"a code of {scheme} (docs/reference/model.md has them)"
    return " or ".join(named)
