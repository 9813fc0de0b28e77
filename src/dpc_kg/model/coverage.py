"""What a neighbour can carry of our records and what stays behind, statement by statement."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pyoxigraph as ox

from dpc_kg.base.vocab import CODES, EXT, ID, RDF_TYPE, XSD, local_name
from dpc_kg.model import align, ontology
from dpc_kg.model.align import OUT, Alignment
from dpc_kg.model.construct import Cell
from dpc_kg.model.fields import Field, fields
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
        return "row" if not self.alignment.places and property_ in self._rows else ""

    def condition(self, cls: str, property_: str) -> str:
        """Give the code, as list and notation, that a record must bear for a field to travel."""
        place = self._places.get((cls, property_))
        return (place.when or "").removeprefix(CODES) if place else ""

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
        return how == "row" and bool(self._rows[name] & {value, ""})

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
    def _rows(self) -> dict[str, set[str]]:
        """The codes of each field that a row speaks of; an empty text stands for all values."""
        rows = align.rows(self.alignment, OUT)
        found: dict[str, set[str]] = {}
        for ours, _ in rows["property-rows"]:
            found.setdefault(_cell(ours), set()).add("")
        for ours, _, code, _ in rows["value-rows"]:
            found.setdefault(_cell(ours), set()).add(_cell(code))
        kinds = {_cell(code) for code, _ in rows["kind-rows"]}
        for field in fields().values():
            if field.schemes and align.says_what_it_is(field.property):
                found.setdefault(field.property, set()).update(kinds)
        return found


def table(coverage: Coverage) -> dict[str, dict[str, str]]:
    """Give, for each class that travels, how each of its fields does, or why it does not.

    A reason begins with ``no``; a place for records of one kind only has the code after ``if``.
    """
    found: dict[str, dict[str, str]] = {}
    for (cls, property_), field in fields().items():
        if cls in coverage.classes and property_ != RDF_TYPE:
            how = coverage.way_of(cls, property_) or f"no: {why_not(field)}"
            when = coverage.condition(cls, property_)
            found.setdefault(cls, {})[property_] = f"{how} if {when}" if when else how
    return found


def why_not(field: Field) -> str:
    """Give what a field holds for which the neighbour has no place."""
    pattern = field.pattern or ""
    for kind, fits in (
        ("yes or no", "tristate" in field.schemes),
        ("precision", "precision" in field.schemes),
        ("code", bool(field.schemes)),
        ("area or language", pattern.startswith("^" + EXT)),
        ("time", "T00:00:00" in pattern or pattern.startswith("(Z|")),
        ("short text", bool(pattern)),
    ):
        if fits:
            return kind
    return "number" if (_ranges().get(field.property) or "").startswith(XSD) else "term of ours"


@lru_cache(maxsize=1)
def _ranges() -> dict[str, str | None]:
    return {term.iri: term.range for term in ontology.terms()}


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


def _cell(cell: Cell) -> str:
    return cell.value if cell is not None else ""


def _value(triple: ox.Triple) -> str:
    term = triple.object
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
