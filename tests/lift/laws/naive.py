"""What a mapping makes of a file, worked out cell by cell with nothing of the lift's own.

Every cell a mapping refers to is told apart: made into a term, rejected with a rule, or dropped for
a declared reason. A quad is (subject, predicate, object, graph); a term is (kind, text, tag).
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

import pyoxigraph as ox

from tests.lift.laws.mappings import EX, FN, XSD, Expression, Fn, Mapping, Ref, Template, Term
from tests.lift.laws.raw import Cell, RawRecord

TermOf = tuple[str, str, str | None]
Quad = tuple[TermOf, TermOf, TermOf, TermOf | None]
Row = dict[str, Cell | None]
BASE = "http://example.com/base/"
CODES = "https://w3id.org/dpc/codes/"
ANSWERS = {"Yes": "answer/yes", "no": "answer/no", "12": "answer/twelve", "a": None}
_YES, _NO = {"true", "yes", "1", "y"}, {"false", "no", "0", "n"}


@dataclass
class Outcome:
    """The quads, and what became of each (row, column): ``made``, rejected, dropped and why."""

    quads: set[Quad] = field(default_factory=set)
    made: set[tuple[int, str]] = field(default_factory=set)
    rejects: set[tuple[int, str, str]] = field(default_factory=set)
    drops: dict[tuple[int, str], str] = field(default_factory=dict)
    cells: set[tuple[int, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Value:
    """A text with the cells it is of, or no text and why, or the rule and the cell to blame."""

    text: str | None
    cells: tuple[Cell, ...]
    reason: str = ""
    rule: str | None = None
    blamed: Cell | None = None
    natural: str | None = None


def run(mapping: Mapping, records: list[RawRecord]) -> Outcome:
    """Give what a mapping makes of records."""
    out = Outcome()
    for record in records:
        for row in _rows(mapping, record):
            _run_row(mapping, row, out)
    return out


def _run_row(mapping: Mapping, source: "Source", out: Outcome) -> None:
    subjects = list(_terms(mapping.subject, source, out))
    graph = Term(mapping.graph, "IRI") if mapping.graph else None
    graphs = list(_terms(graph, source, out)) if graph is not None else [(None, ())]
    for number, term in enumerate(mapping.objects):
        predicate = ("iri", f"{EX}p{number}", None)
        # of a row without a subject no function is asked: it is left out on purpose
        kept = source if subjects or not isinstance(term.expression, Fn) else None
        objects = list(_terms(term, kept, out)) if kept is not None else []
        if kept is None:
            left = [c for r in _references(term.expression) for c in source.cells(r)]
            out.cells.update((c.row, c.column) for c in left)
            out.drops.update(((c.row, c.column), "no subject") for c in left)
        for (s, c1), (o, c2), (g, c3) in itertools.product(subjects, objects, graphs):
            out.quads.add((s, predicate, o, g))
            out.made.update((c.row, c.column) for c in (*c1, *c2, *c3))
        whole = bool(subjects and objects and graphs)
        for _, cells in () if whole else [*subjects, *objects, *graphs]:
            out.drops.update(((c.row, c.column), "a part of the quad is not there") for c in cells)


@dataclass(frozen=True)
class Source:
    """Where references look: a record, or one inner record of it; texts that stand for nothing."""

    record: RawRecord
    kid: RawRecord | None
    nulls: tuple[str, ...]
    mark: str

    def cells(self, reference: str) -> list[Cell]:
        """Give the cells of a reference."""
        found = self.record.values(self.mark + reference)
        if reference.startswith("kids."):
            inner = self.mark + reference.partition(".")[2]
            found = self.kid.values(inner) if self.kid is not None else []
        return [c for c in found if c.text not in self.nulls]


def _rows(mapping: Mapping, record: RawRecord) -> Iterator[Source]:
    if not mapping.inner:
        yield Source(record, None, mapping.nulls, "")
        return
    mark = "$." if any(r.startswith("$") for r in record.cells) else ""
    for kid in record.kids:
        yield Source(record, kid, mapping.nulls, mark)


def _terms(term: Term, source: Source, out: Outcome) -> Iterator[tuple[TermOf, tuple[Cell, ...]]]:
    """Give the terms a term map makes, with their cells; tell the others to ``out``."""
    for combination in _combinations(term, source):
        cells = tuple(c for c in combination.values() if c is not None)
        out.cells.update((c.row, c.column) for c in cells)
        value = _value(term.expression, combination, term.kind)
        if value.rule is not None and value.blamed is not None:
            out.rejects.add((value.blamed.row, value.blamed.column, value.rule))
        asked = [combination[r.name] for r in term.condition or ()]
        if term.condition and not (
            all(c is not None for c in asked) and asked[0].text != asked[1].text  # type: ignore[union-attr]
        ):
            value = Value(None, value.cells, "condition")
        made = _term(term, value) if value.text is not None else None
        if made is None and value.text is not None:
            out.rejects.add((value.cells[0].row, value.cells[0].column, "iri"))
        elif made is not None:
            yield made, cells
        else:
            out.drops.update(((c.row, c.column), value.reason) for c in cells)


def _combinations(term: Term, source: Source) -> Iterator[Row]:
    """Give every combination of the values of a term map's references."""
    names = list(
        dict.fromkeys([*_references(term.expression), *(r.name for r in term.condition or ())])
    )
    values: list[list[Cell | None]] = [[*source.cells(n)] or [None] for n in names]
    for chosen in itertools.product(*values):
        yield dict(zip(names, chosen, strict=True))


def _references(expression: Expression) -> list[str]:
    if isinstance(expression, Ref):
        return [expression.name]
    if isinstance(expression, Template):
        return [p.name for p in expression.parts if isinstance(p, Ref)]
    return [arg.name for _, arg in expression.args if isinstance(arg, Ref)]


# -- values


def _value(expression: Expression, row: Row, kind: str) -> Value:
    cells = tuple(c for n in _references(expression) if (c := row[n]) is not None)
    if isinstance(expression, Ref):
        cell = row[expression.name]
        return (
            Value(None, (), "nothing there")
            if cell is None
            else Value(cell.text, cells, natural=cell.natural)
        )
    if isinstance(expression, Template):
        return _templated(expression, row, kind, cells)
    return _called(expression, row, cells)


def _templated(template: Template, row: Row, kind: str, cells: tuple[Cell, ...]) -> Value:
    parts = []
    for part in template.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        cell = row[part.name]
        if cell is None:
            return Value(None, cells, "another part of the template is not there")
        parts.append(_safe(cell.text, kind))
    return Value("".join(parts), cells)


def _safe(text: str, kind: str) -> str:
    if kind == "Literal":
        return text
    return "".join(c if kind == "IRI" and _is_ucs(c) else quote(c, safe="-._~") for c in text)


def _is_ucs(letter: str) -> bool:
    """Tell whether RFC 3987 has it as ucschar."""
    code = ord(letter)
    low = any(a <= code <= b for a, b in ((0xA0, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFEF)))
    high = 0x10000 <= code <= 0xEFFFD and code & 0xFFFF < 0xFFFE and not 0xE0000 <= code < 0xE1000
    return low or high


def _clean(text: str | None) -> str | None:
    return (text or "").strip(" \t\n\r") or None


def _called(call: Fn, row: Row, cells: tuple[Cell, ...]) -> Value:
    args = {re.split("[#/]", p)[-1]: a for p, a in call.args}
    own = {p: row[a.name] for p, a in args.items() if isinstance(a, Ref)}
    texts = {p: c.text if c is not None else None for p, c in own.items()}
    name = re.split("[#/]", call.iri)[-1]
    if not call.iri.startswith(FN):
        text = texts["valueParam"]
        made = None if text is None else text.upper() if name == "toUpperCase" else str(len(text))
        return Value(made, cells, "nothing there")
    if name == "concat":
        made = None if None in texts.values() else "".join(t or "" for t in texts.values())
        return Value(made, cells, "another part is not there")
    clean = {p: _clean(t) for p, t in texts.items()}
    value = clean.get("value")
    if name in {"firstOf", "given", "seconds"}:
        made = {
            "firstOf": lambda: value or clean["value2"],
            "given": lambda: value if clean["when"] else None,
            "seconds": lambda: _seconds(clean["from"], clean["to"]),
        }[name]()
        return Value(made, cells, "not asked for")
    made, rule = _single(name, value)
    bad = rule if value is not None else None
    return Value(made, cells, "blank or not listed", bad, own["value"])


def _single(name: str, value: str | None) -> tuple[str | None, str | None]:
    """Give the value of a function of one cell, and the rule it breaks where it has none."""
    if name == "tristate":
        return _tristate(value)
    if name == "code":
        code = ANSWERS.get(value or "")
        return (f"{CODES}{code or 'answer/unmapped'}" if value else None), None
    if name == "declared":
        return (value if value in ANSWERS else None), None
    if name == "integer":
        digits = _digits(value or "")
        return digits, None if digits else "number"
    moment = _moment(value or "")
    if name == "precision":
        return (f"{CODES}precision/month" if moment else None), None
    if moment is not None:
        return moment.strftime("%Y-%m-01T00:00:00Z"), None
    return None, "date-order" if re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", value or "") else "date"


def _tristate(value: str | None) -> tuple[str, str | None]:
    low = (value or "unknown").lower()
    answer = "yes" if low in _YES else "no" if low in _NO else low
    known = answer in {"yes", "no", "mixed", "unknown"}
    return f"{CODES}tristate/{answer if known else 'unknown'}", None if known else "boolean"


def _digits(value: str) -> str | None:
    if not re.fullmatch(r"[+-]?([0-9]+|[0-9]{1,3}([, \u00a0\u202f][0-9]{3})+)", value):
        return None
    number = int(re.sub("[, \u00a0\u202f]", "", value))
    return str(number) if -(2**127) <= number < 2**127 else None


def _moment(value: str) -> datetime | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}", value):
        return None
    try:
        made = datetime.fromisoformat(value)
    except ValueError:
        return None
    return made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)


def _seconds(start: str | None, end: str | None) -> str | None:
    one, two = _moment(start or ""), _moment(end or "")
    return None if one is None or two is None else str(int((two - one).total_seconds()))


# -- terms


_DATATYPES = {
    "string_length": "integer",
    "integer": "integer",
    "seconds": "integer",
    "instant": "dateTime",
}
_IRIS = {"precision", "tristate", "code"}


def _term(term: Term, value: Value) -> TermOf | None:
    """Give the term of a value; None where it is no IRI."""
    text = value.text or ""
    if isinstance(term.expression, Fn):
        name = re.split("[#/]", term.expression.iri)[-1]
        if name in _IRIS:
            return "iri", text, None
        return "literal", text, f"{XSD}{_DATATYPES.get(name, 'string')}"
    if term.kind == "BlankNode":
        return "blank", text, None
    if term.kind == "Literal":
        if term.language is not None:
            return "literal", text, f"@{term.language.lower()}"
        natural = f"{XSD}{value.natural or 'string'}"
        return "literal", text, term.datatype or natural
    whole = text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) else BASE + text
    try:
        ox.NamedNode(whole)
    except ValueError:
        return None
    return "iri", whole, None
