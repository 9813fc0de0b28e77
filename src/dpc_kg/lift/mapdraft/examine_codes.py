"""``codes.csv`` against the mapping and the model: lists nobody reads, codes that do not exist."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dpc_kg.base.vocab import CODES as CODES_IRI
from dpc_kg.base.vocab import local_name
from dpc_kg.lift.functions.keys import OWN
from dpc_kg.lift.mapdraft.examine_terms import nodes
from dpc_kg.lift.mapdraft.findings import (
    CODES,
    GUESS,
    MAPPING,
    NOTE,
    OPEN,
    Finding,
    Line,
    line_of,
    table_lines,
)
from dpc_kg.lift.plan import Call, Const, Plan, calls, expressions, terms
from dpc_kg.model import fields as shapes
from dpc_kg.model import ontology

_SILENT = "none"
"""The code of a value that has a place and says nothing (the function ``code``)."""


@dataclass(frozen=True)
class Use:
    """A list as a property uses it: the list, the scheme named beside it, where it goes."""

    list: str
    scheme: str
    cls: str
    property: str


def wrong_codes(path: Path, plan: Plan, text: str) -> Iterator[Finding]:
    """Give what is wrong or open about the declared values."""
    lines = list(table_lines(path / CODES))
    uses = _uses(plan)
    yield from _lists(lines, plan, text)
    yield from _schemes(uses, text)
    wanted: dict[str, set[str]] = {}
    for use in uses:
        wanted.setdefault(use.list, set()).update(_takes(use))
    own = _with_own(plan)
    for line in lines:
        silent = {"", _SILENT, OWN} if line["list"] in own else {"", _SILENT}
        if line["list"] in wanted and line["code"] not in silent:
            yield from _code(line, wanted[line["list"]])
        if line["reason"].startswith(GUESS):
            message = "What these values mean is a guess."
            advice = f"Is the code right? Then take the word {GUESS} away. Else correct the line."
            yield Finding(OPEN, "guess", message, advice, CODES, line.number, "reason")
    bare = Counter(line["list"] for line in lines if line["list"] in wanted and not line["code"])
    for name, count in sorted(bare.items()):
        message = f"Values of the list {name} without a code: {count}. They are lifted as unmapped."
        yield Finding(NOTE, "no-code", message, "Right, if no code says the same.", file=CODES)


def _uses(plan: Plan) -> list[Use]:
    """Give where the function ``code`` puts its lists."""
    found = []
    for node in nodes(plan):
        for prop, made in node.properties.items():
            for call in made:
                if call.function == "code":
                    names = (_constant(call, "list"), _constant(call, "scheme"))
                    found += [Use(*names, cls, prop) for cls in sorted(node.classes)]
    return found


def _with_own(plan: Plan) -> set[str]:
    """Give the lists in which a value may stand for the organisation itself."""
    return {_constant(call, "list") for call in _made(plan) if call.function == "elsewhere"}


def _made(plan: Plan) -> list[Call]:
    """Give every call of a plan, of its maps and of its views."""
    found = [e for triples in plan.maps for term in terms(triples) for e in expressions(term)]
    found += [value for view in plan.views for _, value in view.computed]
    return [call for expression in found for call in calls(expression)]


def _constant(call: Call, name: str) -> str:
    value = call.arg(name)
    return value.text if isinstance(value, Const) else ""


def _takes(use: Use) -> set[str]:
    """Give the schemes whose codes a use can take: those of the rule, else the one it names."""
    field = shapes.fields().get((use.cls, use.property))
    return set(field.schemes) if field is not None and field.schemes else {use.scheme}


def _lists(lines: list[Line], plan: Plan, text: str) -> Iterator[Finding]:
    """Give lists that are read and stand nowhere, and lists that stand there and nobody reads."""
    made = _made(plan)
    read = {name for call in made if (name := _constant(call, "list"))}
    choosing = {_constant(call, "list") for call in made if call.function == "codeOfScheme"}
    chosen = {line["code"] for line in lines if line["list"] in choosing}
    there: dict[str, Line] = {}
    for line in lines:
        there.setdefault(line["list"], line)
    for name in sorted(read - set(there)):
        message = f"The mapping reads the list {name}, of which no value is declared."
        advice = f"Write its values into {CODES}; until then each is unmapped."
        yield Finding(OPEN, "empty-list", message, advice, MAPPING, line_of(text, name))
    for name in sorted(set(there) - read - chosen):
        near = get_close_matches(name, sorted(read - set(there)), n=1)
        advice = f"Did you mean {near[0]}?" if near else "Take it out, or read it in the mapping."
        message = f"No map reads the list {name}."
        yield Finding(OPEN, "unread-list", message, advice, CODES, there[name].number, "list")


def _schemes(uses: list[Use], text: str) -> Iterator[Finding]:
    for use in uses:
        field = shapes.fields().get((use.cls, use.property))
        if use.scheme not in ontology.schemes():
            near = ", ".join(get_close_matches(use.scheme, ontology.schemes(), n=3)) or "none"
            message = f"The model has no code list {use.scheme}."
            advice = f"Lists of a similar name: {near}."
        elif field is not None and field.schemes and use.scheme not in field.schemes:
            message = f"dpc:{local_name(use.property)} takes no code of the list {use.scheme}."
            advice = f"It takes: {', '.join(sorted(field.schemes))}."
        else:
            continue
        yield Finding(OPEN, "scheme", message, advice, MAPPING, line_of(text, use.scheme))


def _code(line: Line, schemes: set[str]) -> Iterator[Finding]:
    scheme, mark, notation = line["code"].partition("/")
    known = _notations(scheme)
    if not mark or not known:
        message = "This is not a code of the model."
        advice = f"Write list and code, as in {_example(schemes)}."
    elif notation not in known:
        near = get_close_matches(notation, sorted(known), n=3)
        message = f"The list {scheme} has no such code."
        advice = f"Near it: {', '.join(near)}." if near else f"It has: {', '.join(sorted(known))}."
    elif scheme not in schemes:
        message = f"The field takes no code of the list {scheme}."
        advice = f"It takes codes of: {', '.join(sorted(schemes))}."
    else:
        return
    yield Finding(OPEN, "code", message, advice, CODES, line.number, "code")


def _notations(scheme: str) -> set[str]:
    """Give the codes of a list as they stand in their IRIs; none where there is no such list."""
    if scheme not in ontology.schemes():
        return set()
    return {code.iri.removeprefix(f"{CODES_IRI}{scheme}/") for code in ontology.codes(scheme)}


def _example(schemes: set[str]) -> str:
    scheme = min(schemes)
    known = sorted(_notations(scheme))
    return f"{scheme}/{known[0]}" if known else f"{scheme}/code"
