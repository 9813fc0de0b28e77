"""Alignment at work: our records in a neighbour's terms, and a neighbour's things as our records.

From the rows of a mapping set (SSSOM) and its table of places follow the rows that fill the
CONSTRUCT queries of ``queries/construct``. Outward, exact and broad matches are sound (what is
ours is theirs); inward, exact and narrow ones (what is theirs is ours). Close matches are used on
request only; related ones and gaps never.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from dpc_kg.base.errors import UnknownAsset
from dpc_kg.base.vocab import CODES, ID, SKOS, local_name
from dpc_kg.model import construct, crosswalk, ontology
from dpc_kg.model.construct import Cell, Query, iri, word
from dpc_kg.model.crosswalk import BROAD, EXACT, RECALLED, Mapping, MappingSet
from dpc_kg.model.fields import Field, fields
from dpc_kg.model.places import VALUES, Place, places, scheme_of

CLOSE = SKOS + "closeMatch"
NARROW = SKOS + "narrowMatch"
OUT, IN = "out", "in"
SOUND = {OUT: (EXACT, BROAD), IN: (EXACT, NARROW)}
"""Matches that lose no truth, outward and inward."""

_TRISTATE, _PRECISION = "tristate", "precision"
_IS_A = "align-out-2-kind"
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Alignment:
    """One standard to be spoken. ``close`` takes its close matches too."""

    mappings: MappingSet
    close: bool = False

    @property
    def name(self) -> str:
        """The name of the mapping set."""
        return self.mappings.name

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The table of places of the standard; none for most."""
        return places(self.name, self.mappings.prefixes)

    @property
    def stubs(self) -> tuple[Mapping, ...]:
        """Rows whose target has no IRI of its own and stands under our ``ext`` namespace."""
        return tuple(row for row in self.mappings.mappings if row.is_stub)

    def usable(self, way: str) -> tuple[Mapping, ...]:
        """Give the rows that are used in one way (``out``, ``in``)."""
        wanted = {*SOUND[way], *((CLOSE,) if self.close else ())}
        return tuple(
            row for row in self.mappings.mappings if row.predicate in wanted and not row.is_gap
        )

    def queries(self, way: str) -> tuple[Query, ...]:
        """Give the queries of one way, filled, in the order they are run in."""
        families = ["align", *(("places", self.name) if self.places else ())]
        return construct.queries(way, families, rows(self, way))

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """Our classes whose records have a class of the neighbour, sorted."""
        return tuple(sorted({ours for ours, _ in class_pairs(self, OUT)}))

    def producible(self) -> frozenset[str]:
        """Give the terms of the neighbour that our data can hold once they are put in its terms."""
        found = {theirs for _, theirs in class_pairs(self, OUT)}
        found |= {theirs for _, theirs in _property_pairs(self, OUT)}
        found |= {row.object for row in _codes(self, OUT)}
        for place in self.places:
            if place.way != IN and place.form != "leave":
                found |= {place.theirs, *(term for term in (place.link, place.node) if term)}
        return frozenset(found)


def find(name: str, close: bool = False) -> Alignment:
    """Give the alignment of a standard; the beginning of its name is enough where one has it.

    Raises:
        UnknownAsset: no standard or several begin so; the advice names them.
    """
    sets = {one.name: one for one in crosswalk.load()}
    fitting = [name] if name in sets else [known for known in sets if known.startswith(name)]
    if len(fitting) != 1:
        advice = f"Known: {', '.join(fitting or sets)}."
        raise UnknownAsset("There is no one alignment of this name.", term=name, advice=advice)
    return Alignment(sets[fitting[0]], close)


def rows(alignment: Alignment, way: str) -> dict[str, list[Row]]:
    """Give the rows of every slot, sorted."""
    found = {
        "class-rows": [_iris(*pair) for pair in class_pairs(alignment, way)],
        "property-rows": [_iris(*pair) for pair in _property_pairs(alignment, way)],
        "kind-rows": [_iris(row.subject, row.object) for row in _kinds(alignment, way)],
        "value-rows": [_iris(*value) for value in _values(alignment, way)],
        **_place_rows(alignment, way),
    }
    if alignment.places:
        found |= _link_rows(alignment)
    return {slot: sorted(set(some), key=str) for slot, some in found.items()}


def class_pairs(alignment: Alignment, way: str) -> set[tuple[str, str]]:
    """Give the pairs of our class, a leaf, and the neighbour's, without those left out."""
    left = {(p.cls, p.theirs) for p in alignment.places if p.form == "leave"}
    rows_of: dict[str, set[str]] = {}
    for row in alignment.usable(way):
        rows_of.setdefault(row.subject, set()).add(row.object)
    found = {
        (p.cls, p.theirs) for p in alignment.places if p.form == "class" and p.way in (way, "both")
    }
    for leaf in ontology.leaf_classes():
        # outward a class above ours speaks for ours; inward it does not say which of its classes
        speaking = ontology.superclasses(leaf) if way == OUT else (leaf,)
        found |= {(leaf, theirs) for cls in speaking for theirs in rows_of.get(cls, ())}
    return found - left


def links(alignment: Alignment) -> list[Field]:
    """Give the fields of carried classes that hold a link and have no place of their own."""
    taken = placed(alignment)
    return [f for key, f in _carried_fields(alignment) if is_link(f) and key not in taken]


def tags(alignment: Alignment) -> list[tuple[Field, str]]:
    """Give the fields whose codes travel as tags, with each list that only that field takes."""
    taken, users = placed(alignment), dict[tuple[str, str], int]()
    held = [(key, f) for key, f in _carried_fields(alignment) if key not in taken]
    for (cls, _), field in held:
        for scheme in field.schemes:
            users[cls, scheme] = users.get((cls, scheme), 0) + 1
    return [
        (field, scheme)
        for (cls, _), field in held
        for scheme in sorted(field.schemes - {_TRISTATE, _PRECISION})
        if users[cls, scheme] == 1
    ]


def times(alignment: Alignment) -> list[tuple[str, str, str]]:
    """Give class, time and its precision for the times that have a place and come back."""
    known = fields()
    found = [(p.cls, p.property, p.property + "Precision") for p in alignment.places if _back(p)]
    return [triple for triple in found if (triple[0], triple[2]) in known]


def placed(alignment: Alignment) -> dict[tuple[str, str], Place]:
    """Give the fields that have a place both ways, by class and property."""
    return {(p.cls, p.property): p for p in alignment.places if _back(p)}


def is_link(field: Field) -> bool:
    """Tell whether a field holds the IRI of a record or organisation of ours."""
    return (field.pattern or "").startswith("^" + ID)


@lru_cache(maxsize=4096)
def kind_of(term: str) -> str:
    """Give ``Class``, ``ObjectProperty``, ``DatatypeProperty``, ``code`` or another kind."""
    if term.startswith(CODES):
        return "code"
    return _kinds_of_terms().get(term, "unknown")


@lru_cache(maxsize=1)
def _kinds_of_terms() -> dict[str, str]:
    return {term.iri: term.kind for term in ontology.terms()}


def _back(place: Place) -> bool:
    return place.form in VALUES | {"reverse"} and place.way == "both"


def _carried_fields(alignment: Alignment) -> Iterator[tuple[tuple[str, str], Field]]:
    carried = set(alignment.carried)
    return ((key, field) for key, field in fields().items() if key[0] in carried)


def _property_pairs(alignment: Alignment, way: str) -> set[tuple[str, str]]:
    """Give the property rows; a property that has a place is left to its place."""
    elsewhere = {p.theirs for p in alignment.places}
    kinds = ("ObjectProperty", "DatatypeProperty")
    return {
        (row.subject, row.object)
        for row in alignment.usable(way)
        if kind_of(row.subject) in kinds and row.object not in elsewhere
    }


def _codes(alignment: Alignment, way: str) -> Iterator[Mapping]:
    """Give the rows of codes; those of whole lists say nothing of a record."""
    rows_ = alignment.usable(way)
    return (r for r in rows_ if kind_of(r.subject) == "code" and _scheme(r.subject) is not None)


def _kinds(alignment: Alignment, way: str) -> Iterator[Mapping]:
    """Give the code rows whose object may be a class: it has an IRI of the neighbour's own."""
    return (row for row in _codes(alignment, way) if not row.is_stub)


def _values(alignment: Alignment, way: str) -> Iterator[tuple[str, str, str, str]]:
    """Give field, the neighbour's property or the field itself, code and the neighbour's value.

    A field that says what a record is makes its codes classes, unless they are stubs.
    """
    theirs: dict[str, set[str]] = {}
    for ours, property_ in _property_pairs(alignment, way):
        theirs.setdefault(ours, set()).add(property_)
    users: dict[str, set[str]] = {}
    for field in fields().values():
        for scheme in field.schemes:
            users.setdefault(scheme, set()).add(field.property)
    for row in _codes(alignment, way):
        for ours in users.get(_scheme(row.subject) or "", ()):
            if row.is_stub or ours in theirs or not says_what_it_is(ours):
                for property_ in theirs.get(ours, {ours}):
                    yield ours, property_, row.subject, row.object


@lru_cache(maxsize=256)
def says_what_it_is(property_: str) -> bool:
    """Tell whether the query of kinds names the property."""
    query = next(q for q in construct.queries(OUT, ["align"], {}) if q.name == _IS_A)
    return f" dpc:{local_name(property_)})" in query.text


def _scheme(code: str) -> str | None:
    scheme, slash, notation = code.removeprefix(CODES).partition("/")
    return scheme if slash and notation else None


def _place_rows(alignment: Alignment, way: str) -> dict[str, list[Row]]:
    carried = alignment.carried
    here = [p for p in alignment.places if p.way in (way, "both") and p.cls in carried]
    values = [p for p in here if p.form in VALUES]
    return {
        "kinds": [
            (iri(p.cls), iri(p.property), iri(p.when), iri(p.theirs))
            for p in here
            if p.form == "kind" and p.when
        ],
        "places": [_place_row(p) for p in values],
        "direct": [_iris(p.cls, p.theirs) for p in values if p.form == "same" and not p.node],
        "words": [
            (*_iris(p.cls, p.property, p.theirs), word(p.word), iri(p.when))
            for p in here
            if p.form == "word" and p.when
        ],
        "reverse": [_iris(p.cls, p.property, p.theirs) for p in here if p.form == "reverse"],
    }


def _place_row(place: Place) -> Row:
    link, node, when = (iri(t) if t else None for t in (place.link, place.node, place.when))
    scheme = scheme_of(place)
    ends = (word(place.form), word(scheme) if scheme else None, when)
    return (iri(place.cls), iri(place.property), link, node, iri(place.theirs), *ends)


def _link_rows(alignment: Alignment) -> dict[str, list[Row]]:
    """Give the rows of what follows from the fields: links, tags, precisions, ends of links."""
    linked, carried = links(alignment), alignment.carried
    held = [field for _, field in _carried_fields(alignment)]
    exact = [f for f in held if _PRECISION in f.schemes]
    return {
        "carried": [(iri(cls),) for cls in carried],
        "links": [(*_iris(f.cls, f.property), word(local_name(f.property))) for f in linked],
        "tags": [(*_iris(f.cls, f.property), word(scheme)) for f, scheme in tags(alignment)],
        "ends": [_iris(f.cls, f.property) for f in held if is_link(f)],
        "precisions": [_iris(f.cls, f.property) for f in exact],
        "times": [_iris(*triple) for triple in times(alignment)],
    }


def _iris(*terms: str) -> Row:
    return tuple(iri(term) for term in terms)


def recalled(alignment: Alignment) -> int:
    """Count the rows used outward whose target nobody has seen in the standard's own file."""
    return sum(row.justification == RECALLED for row in alignment.usable(OUT))


def sizes(sets: Iterable[MappingSet]) -> list[tuple[str, int, int, int, int, int, str]]:
    """Give name, rows, sound rows outward and inward, close, recalled and title of each set."""
    found = []
    for one in sets:
        plain = Alignment(one)
        near = sum(row.predicate == CLOSE and not row.is_gap for row in one.mappings)
        both = (len(plain.usable(OUT)), len(plain.usable(IN)))
        found.append((one.name, len(one.mappings), *both, near, recalled(plain), one.title))
    return found
