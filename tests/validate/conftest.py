"""Small graphs over our own shapes, right or wrong, made from the shapes themselves."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox
import pytest

from dpc_kg.base.assets import shape_files
from dpc_kg.base.vocab import DPC, ID, RDF_TYPE, SH, XSD
from dpc_kg.validate.shapesgraph import ShapesGraph, Term, shapes_graph

GRAPH = "https://w3id.org/dpc/graph/example-org/pending"
_POOL = [
    '"2024-05-01T00:00:00Z"^^<xsd:dateTime>',
    '"2024-05-17T10:30:00Z"^^<xsd:dateTime>',
    '"2024-02-30T00:00:00Z"^^<xsd:dateTime>',
    '"2024-05-01T00:00:00"^^<xsd:dateTime>',
    '"0"^^<xsd:integer>',
    '"007"^^<xsd:integer>',
    '"-5"^^<xsd:integer>',
    '"many"^^<xsd:integer>',
    '"1.5"^^<xsd:decimal>',
    '"1"',
    '"example-org"',
    '"snapshot"',
    '"a\\nb@c"',
    '"grooming"@en',
    '"true"^^<xsd:boolean>',
    f"<{ID}example-org/organization/example-org>",
    f"<{ID}example-org/case/{'a' * 64}>",
    f"<{ID}coalition/hash/{'b' * 64}>",
    "<https://w3id.org/dpc/codes/period/2024-05>",
    "<https://w3id.org/dpc/ext/iso3166-1-alpha-2/PH>",
    "<https://w3id.org/dpc/ext/iso3166-1-alpha-3/PHL>",
    "<https://w3id.org/dpc/ext/aselo>",
    "<https://w3id.org/dpc/codes/no-such-scheme/no-such-code>",
]
POOL = [value.replace("<xsd:", f"<{XSD}") for value in _POOL]


@dataclass
class Field:
    """One property of a class: what may stand in it, as far as the shapes say."""

    predicate: str
    required: bool
    datatype: str | None
    pattern: str | None
    members: list[str] = field(default_factory=list)

    def accepts(self, value: str) -> bool:
        inner = value[1:-1] if value.startswith("<") else value.split('"')[1]
        if self.datatype and f"<{self.datatype}>" not in value:
            return self.datatype == XSD + "string" and value.endswith('"')
        return not self.pattern or re.search(self.pattern, inner) is not None


class Records:
    """Writes random nodes of every class as N-Quads."""

    def __init__(self, shapes: ShapesGraph) -> None:
        self.fields = dict(_classes(shapes))

    def lines(self, dice: random.Random, cls: str, node: str) -> list[str]:
        """Give a node, mostly right: each property may be left out, doubled or spoilt."""
        out = [_line(node, RDF_TYPE, f"<{cls}>")]
        for each in self.fields[cls]:
            luck = dice.random()
            if luck < 0.05 or (luck < 0.4 and not each.required):
                continue
            right = each.members or [value for value in POOL if each.accepts(value)]
            values = [dice.choice(right if right and luck < 0.9 else POOL)]
            if luck > 0.95:
                values.append(dice.choice(POOL))
            out += [_line(node, each.predicate, value) for value in values]
        return list(dict.fromkeys(out))

    def record(self, dice: random.Random, number: int, others: int) -> list[str]:
        """Give the lines of a record: a case, its referrals, and nodes other records share."""
        case = f"{ID}example-org/case/{number:064x}"
        groups = [self.lines(dice, DPC + "Case", case)]
        for step in range(dice.randrange(3)):
            node = f"{ID}example-org/referral/{number * 10 + step:064x}"
            kept = [
                line
                for line in self.lines(dice, DPC + "Referral", node)
                if f"<{DPC}isReferralOf>" not in line
            ]
            about = number if dice.random() < 0.7 else dice.randrange(others)
            target = f"<{ID}example-org/case/{about:064x}>"
            groups.append([*kept, _line(node, DPC + "isReferralOf", target)])
        if dice.random() < 0.5:
            node = f"{ID}coalition/hash/{dice.randrange(4):064x}"
            groups.append(self.lines(dice, DPC + "HashReference", node))
        return [line for group in groups for line in group]


def _line(subject: str, predicate: str, value: str) -> str:
    return f"<{subject}> <{predicate}> {value} <{GRAPH}> .\n"


def _classes(shapes: ShapesGraph) -> Iterator[tuple[str, list[Field]]]:
    found: dict[str, dict[str, Field]] = {}
    for shape in shapes.subjects(SH + "targetClass"):
        for cls in shapes.iris(shape, SH + "targetClass"):
            fields = found.setdefault(cls, {})
            for prop in shapes.objects(shape, SH + "property"):
                made = _field(shapes, prop)
                if made and made.predicate not in fields:
                    fields[made.predicate] = made
    for cls, fields in sorted(found.items()):
        if fields:
            yield cls, [fields[predicate] for predicate in sorted(fields)]


def _field(shapes: ShapesGraph, prop: Term) -> Field | None:
    def one(name: str) -> str | None:
        values = shapes.objects(prop, SH + name)
        return values[0].value if values else None

    path = shapes.objects(prop, SH + "path")[0]
    if not isinstance(path, ox.NamedNode):
        return None
    members = [str(m) for head in shapes.objects(prop, SH + "in") for m in shapes.members(head)]
    required = (one("minCount") or "0") != "0"
    return Field(path.value, required, one("datatype"), one("pattern"), members)


@pytest.fixture(scope="session")
def records() -> Records:
    return Records(shapes_graph(shape_files()))


@pytest.fixture
def make_records(records: Records) -> Callable[[int, int], list[list[str]]]:
    """Give ``make_records(seed, count)``: the lines of each record, some lines in several."""

    def make(seed: int, count: int) -> list[list[str]]:
        dice = random.Random(seed)
        return [records.record(dice, number, count) for number in range(count)]

    return make
