"""What a neighbour can carry of our records and what stays behind, statement by statement."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from dpc_kg.base.vocab import CODES, ID, RDF_TYPE, local_name
from dpc_kg.model import align
from dpc_kg.model.align import OUT, Alignment
from dpc_kg.model.fields import fields
from dpc_kg.model.places import Place

YES_OR_NO = (CODES + "tristate/yes", CODES + "tristate/no")
_PRECISION = CODES + "precision/"


@dataclass(frozen=True)
class Coverage:
    """What one alignment carries."""

    alignment: Alignment

    @cached_property
    def classes(self) -> frozenset[str]:
        """Our classes whose records travel."""
        return frozenset(self.alignment.carried)

    def way_of(self, cls: str, property_: str) -> str:
        """Give how a field travels, or '' where it does not.

        Ways: ``place``, ``relation``, ``tag``, ``precision``, and ``row`` of the mapping set.
        """
        key = (cls, property_)
        if cls not in self.classes:
            return ""
        for name, keys in (
            ("place", self._places),
            ("relation", self._links),
            ("tag", self._tags),
            ("precision", self._precisions),
        ):
            if key in keys:
                return name
        return "row" if property_ in self._rows and not self.alignment.places else ""

    def stays(self, triples: Iterable[ox.Triple]) -> list[ox.Triple]:
        """Give the statements that do not travel, out of all statements of some records."""
        records: dict[str, list[ox.Triple]] = {}
        for triple in triples:
            records.setdefault(str(triple.subject), []).append(triple)
        return [t for record in records.values() for t in self._stays(record)]

    def _stays(self, record: list[ox.Triple]) -> list[ox.Triple]:
        cls = next((_value(t) for t in record if t.predicate.value == RDF_TYPE), "")
        values = {_value(t) for t in record}
        held = {t.predicate.value for t in record}
        return [t for t in record if not self._travels(t, cls, values, held)]

    def _travels(self, triple: ox.Triple, cls: str, values: set[str], held: set[str]) -> bool:
        name, value = triple.predicate.value, _value(triple)
        if name == RDF_TYPE:
            return cls in self.classes
        how = self.way_of(cls, name)
        if how == "place":
            return _fits(self._places[cls, name], value, values)
        if how == "relation":
            return value.startswith(ID)
        if how == "tag":
            return value.removeprefix(CODES).partition("/")[0] in self._tags[cls, name]
        if how == "precision":
            time = self._precisions[cls, name]
            exact = {v for v in values if v.startswith(_PRECISION)}
            return time in held and len(exact) == 1 and _fits(self._places[cls, time], "", values)
        return how == "row"

    @cached_property
    def _places(self) -> dict[tuple[str, str], Place]:
        return align.placed(self.alignment)

    @cached_property
    def _links(self) -> frozenset[tuple[str, str]]:
        linked = align.links(self.alignment) if self.alignment.places else []
        return frozenset((f.cls, f.property) for f in linked)

    @cached_property
    def _tags(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for field, scheme in align.tags(self.alignment) if self.alignment.places else []:
            found.setdefault((field.cls, field.property), set()).add(scheme)
        return found

    @cached_property
    def _precisions(self) -> dict[tuple[str, str], str]:
        return {(cls, companion): time for cls, time, companion in align.times(self.alignment)}

    @cached_property
    def _rows(self) -> frozenset[str]:
        rows = align.rows(self.alignment, OUT)
        subjects = [row[0] for slot in ("property-rows", "value-rows") for row in rows[slot]]
        return frozenset(term.value for term in subjects if isinstance(term, ox.NamedNode))


def table(coverage: Coverage) -> dict[str, dict[str, str]]:
    """Give, for each class with a shape, how each of its fields travels ('' not at all)."""
    found: dict[str, dict[str, str]] = {}
    for cls, property_ in fields():
        if property_ != RDF_TYPE:
            found.setdefault(cls, {})[property_] = coverage.way_of(cls, property_)
    return found


def counted(stays: Iterable[ox.Triple], types: dict[str, str]) -> Counter[tuple[str, str]]:
    """Count statements by class and property (their last parts); ``types`` are by record."""
    return Counter(
        (local_name(types.get(str(t.subject), "")), local_name(t.predicate.value)) for t in stays
    )


def types_of(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Give the class of each record."""
    return {str(t.subject): _value(t) for t in triples if t.predicate.value == RDF_TYPE}


def _fits(place: Place, value: str, values: set[str]) -> bool:
    if place.when is not None and place.when not in values:
        return False
    return place.form != "boolean" or value in ("", *YES_OR_NO)


def _value(triple: ox.Triple) -> str:
    term = triple.object
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
