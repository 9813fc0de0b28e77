"""``fields.csv`` looked at: statuses, terms, and whether the mapping reads what it places."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from dpc_kg.base.vocab import DPC
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.mapdraft.findings import (
    BROKEN,
    FIELDS,
    GUESS,
    MAPPING,
    NOTE,
    OPEN,
    Finding,
    Line,
    line_of,
    table_lines,
)
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.privacy import Decisions, fields_read
from dpc_kg.model import ontology


def wrong_fields(path: Path, plan: Plan, decisions: Decisions, text: str) -> Iterator[Finding]:
    """Give what is wrong with the decisions, and with what the mapping reads against them."""
    lines = list(table_lines(path / FIELDS))
    yield from _rows(lines, plan)
    yield from _unread(lines, plan, decisions)
    yield from _not_placed(plan, decisions, text)
    yield from _guesses(lines)


def _rows(lines: list[Line], plan: Plan) -> Iterator[Finding]:
    sources = {s.name for s in plan.sources}
    terms = {t.iri.removeprefix(DPC) for t in ontology.terms()}
    seen: set[tuple[str, str]] = set()
    for line in lines:
        key = (line["source"], line["path"])
        if key in seen:
            yield _at(
                line, OPEN, "field-twice", "This field stands twice.", "Keep one line.", "path"
            )
        seen.add(key)
        if line["source"] not in sources:
            known = f"Its sources: {', '.join(sorted(sources))}."
            message = "The mapping has no source of this name."
            yield _at(line, OPEN, "source", message, known, "source")
        name = line["term"].removeprefix("dpc:")
        if line["status"] == "placed" and name not in terms:
            near = ", ".join(f"dpc:{n}" for n in get_close_matches(name, sorted(terms), n=3))
            advice = f"Near it: {near}." if near else "docs/reference/model.md has all terms."
            message = "The model has no such term." if name else "A placed field names no term."
            yield _at(line, OPEN, "term", message, advice, "term")


def _unread(lines: list[Line], plan: Plan, decisions: Decisions) -> Iterator[Finding]:
    """Give the placed fields that the mapping does not read: they would be lost."""
    read = fields_read(decisions, plan)
    for line in lines:
        known = any(s.name == line["source"] for s in plan.sources)
        if known and line["status"] == "placed" and (line["source"], line["path"]) not in read:
            message = "It is placed, but the mapping does not read it."
            advice = "Read it in mapping.rml.ttl, or say that it is personal or none."
            yield _at(line, OPEN, "not-read", message, advice, "status")


def _not_placed(plan: Plan, decisions: Decisions, text: str) -> Iterator[Finding]:
    """Give the fields that the mapping reads and may not."""
    for view in plan.views:
        for name, reference in view.fields:
            if name == "#" or name.endswith(".#") or reference in {"~", ""}:
                continue
            path = declared_path(plan, view, name)
            decision = decisions.decide(view.source, path)
            if decision is not None and decision.status == "placed":
                continue
            status = "undeclared" if decision is None else f"declared {decision.status}"
            yield Finding(
                BROKEN,
                "personal-read" if decision is not None else "undeclared-read",
                f"The mapping reads a field that is {status}.",
                f"Do not read it, or declare it as placed in {FIELDS}.",
                file=MAPPING,
                line=line_of(text, reference),
                term=path,
            )


def _guesses(lines: list[Line]) -> Iterator[Finding]:
    """Give the guesses nobody has looked at; those that keep a field in are counted only."""
    drafted = [line for line in lines if line["reason"].startswith(GUESS)]
    for line in drafted:
        if line["status"] == "placed":
            message = "What becomes of these is a guess."
            advice = f"Is it right? Then take the word {GUESS} away. Else correct the line."
            yield _at(line, OPEN, "guess", message, advice, "reason")
    kept = sum(line["status"] != "placed" for line in drafted)
    if kept:
        message = f"{kept} fields stay with you by a guess: nobody has looked at them yet."
        advice = "Which of them are of use to others, and can tell nobody who a child is?"
        yield Finding(NOTE, "kept-by-guess", message, advice, file=FIELDS)


def _at(line: Line, severity: str, rule: str, message: str, advice: str, column: str) -> Finding:
    return Finding(severity, rule, message, advice, FIELDS, line.number, column, line["path"])
