"""Records go over into a neighbour's terms, and come back from them as records of ours.

Whatever the queries make of foreign data, only this passes: a field of the class, a declared code
of the field's list, a record or organisation of ours, a number, a month, a version number. Names
and texts have no way through.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

import pyoxigraph as ox

from dpc_kg.base.errors import DpcError
from dpc_kg.base.identifiers import check_org, entity_iri, graph_iri
from dpc_kg.base.vocab import CODES, DPC, EXT, ID, RDF_TYPE, XSD, local_name
from dpc_kg.model import ontology
from dpc_kg.model.align import IN, OUT, Alignment, is_link
from dpc_kg.model.fields import Field, fields

Statement = tuple[str, str, ox.NamedNode | ox.Literal]
_FOREIGN = "These data have records of others, which need a pseudonym."
_RECORD = re.compile(rf"{re.escape(ID)}([^/]+)/[^/]+/[^/]+")
_NUMBERS = {XSD + "integer": r"[+-]?[0-9]+", XSD + "decimal": r"[+-]?[0-9]+(\.[0-9]+)?"}
_VERSION = re.compile(r"[0-9][A-Za-z0-9.-]{0,31}")
_PRECISION = "Precision"
_MONTHLY = ox.NamedNode(CODES + "precision/month")


@dataclass(frozen=True)
class Arrival:
    """What came in.

    ``quads`` are sorted; ``records`` counts the records of each class, ``unmapped`` the texts that
    are no code of ours by class and field, ``left`` the statements left behind by the neighbour's
    class and property (last parts of their names).
    """

    quads: tuple[ox.Quad, ...]
    records: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Owner:
    """Who takes records in: the organisation, and its key, which makes foreign ones' pseudonyms."""

    org: str
    key: bytes | None = None

    def iri(self, cls: str, node: str) -> str:
        """Give the IRI that a foreign node has with us.

        Raises:
            DpcError: there is no key.
        """
        if self.key is None:
            raise DpcError(_FOREIGN, advice="Give --org ORG and --key-file FILE.")
        kind = re.sub(r"(?<!^)(?=[A-Z])", "-", local_name(cls)).lower()
        return entity_iri(check_org(self.org), kind, self.key, "alignment", node)


def outward(store: ox.Store, alignment: Alignment) -> list[ox.Triple]:
    """Give the records of a store in the neighbour's terms, sorted; the store is not changed."""
    found: set[ox.Triple] = set()
    for query in alignment.queries(OUT):
        found |= _asked(store, query.text)
    return sorted(found, key=str)


def inward(
    triples: Iterable[ox.Triple], alignment: Alignment, owner: Owner | None = None
) -> Arrival:
    """Give a neighbour's data as our records.

    Args:
        triples: the neighbour's statements.
        alignment: how to read them.
        owner: takes in what has no IRI of ours; not needed where all have one.

    Raises:
        DpcError: there are foreign records and no owner.
    """
    given = set(triples)
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in given)
    made: set[ox.Triple] = set()
    for query in alignment.queries(IN):
        new = _asked(store, query.text)
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in new)
        made |= new
    return _Admission(alignment, made, owner).arrival(given)


def _asked(store: ox.Store, text: str) -> set[ox.Triple]:
    answer = store.query(text, use_default_graph_as_union=True)
    assert isinstance(answer, ox.QueryTriples)  # noqa: S101 - every query here is a CONSTRUCT
    return set(answer)


class _Admission:
    """Lets statements pass that the shapes know, under IRIs of ours."""

    def __init__(self, alignment: Alignment, made: set[ox.Triple], owner: Owner | None) -> None:
        self.alignment, self.made, self.owner = alignment, made, owner
        leaves = set(ontology.leaf_classes())
        self.classes: dict[str, str] = {}
        for triple in sorted(made, key=str):
            node, name, value = _parts(triple)
            if name == RDF_TYPE and value in leaves and isinstance(triple.subject, ox.NamedNode):
                self.classes.setdefault(node, value)
        self.names = {node: self._name(node, cls) for node, cls in sorted(self.classes.items())}
        self.unmapped: Counter[tuple[str, str]] = Counter()

    def arrival(self, given: set[ox.Triple]) -> Arrival:
        """Give what passes, and count what does not."""
        passed: set[Statement] = set()
        for node, cls in self.classes.items():
            passed.add((node, RDF_TYPE, ox.NamedNode(cls)))
        for triple in self.made:
            passed |= self._passing(triple)
        passed |= self._fallbacks(passed)
        quads = sorted((self._quad(s) for s in passed), key=str)
        records = Counter(local_name(cls) for cls in self.classes.values())
        held = {(node, property_) for node, property_, _ in passed}
        left = _Remainder(self.alignment, self.classes, held).counted(given)
        return Arrival(tuple(quads), records, self.unmapped, left)

    def _name(self, node: str, cls: str) -> str:
        return node if _is_ours(node) else (self.owner or Owner("")).iri(cls, node)

    def _quad(self, statement: Statement) -> ox.Quad:
        node, property_, value = statement
        name = self.names[node]
        graph = ox.NamedNode(graph_iri(self._org(name), "pending"))
        return ox.Quad(ox.NamedNode(name), ox.NamedNode(property_), value, graph)

    def _org(self, name: str) -> str:
        """Give whose record it is; what only has a public code belongs to who takes it in."""
        found = _RECORD.fullmatch(name)
        if self.owner is not None or found is None:
            if self.owner is None:
                raise DpcError("It is not clear whose these data are.", advice="Give --org ORG.")
            return self.owner.org
        return found[1]

    def _passing(self, triple: ox.Triple) -> set[Statement]:
        """Give the statement, or what is known of it, if the shapes know such a one."""
        node = _value(triple.subject)
        rule = fields().get((self.classes.get(node, ""), triple.predicate.value))
        if rule is None or rule.property == RDF_TYPE:
            return set()
        own = _is_ours(node)
        if isinstance(triple.object, ox.NamedNode):
            value = self._resource(triple.object, rule)
            return {(node, rule.property, value)} if value is not None else set()
        if isinstance(triple.object, ox.Literal):
            return _literals(node, triple.object, rule, own)
        return set()

    def _resource(self, value: ox.NamedNode, rule: Field) -> ox.NamedNode | None:
        if is_link(rule):
            name = self.names.get(value.value, value.value)
            return ox.NamedNode(name) if re.search(rule.pattern or "", name) else None
        if rule.schemes:
            known = value.value in _codes_of(rule.schemes)
            return value if known else None
        fits = value.value.startswith(EXT) and re.search(rule.pattern or "$^", value.value)
        return value if fits else None

    def _fallbacks(self, passed: set[Statement]) -> set[Statement]:
        """Count the codes that are none of ours; say ``unmapped`` where the field has no other."""
        held = {(node, property_) for node, property_, _ in passed}
        found: set[Statement] = set()
        for triple in self.made:
            node, value = _value(triple.subject), _value(triple.object)
            rule = fields().get((self.classes.get(node, ""), triple.predicate.value))
            if rule is None or not rule.schemes or value in _codes_of(rule.schemes):
                continue
            if (node, rule.property) in held:
                continue
            self.unmapped[local_name(rule.cls), local_name(rule.property)] += 1
            code = f"{CODES}{next(iter(rule.schemes))}/unmapped"
            if len(rule.schemes) == 1 and code in _codes_of(rule.schemes):
                found.add((node, rule.property, ox.NamedNode(code)))
        return found


class _Remainder:
    """Counts the neighbour's statements of which nothing is among our records."""

    def __init__(
        self, alignment: Alignment, classes: dict[str, str], held: set[tuple[str, str]]
    ) -> None:
        self.classes, self.held = classes, held
        here = [p for p in alignment.places if p.way != OUT and p.form != "leave"]
        self.fields: dict[tuple[str, str], set[str]] = {}
        for place in here:
            if place.form != "reverse":
                self.fields.setdefault((place.cls, place.theirs), set()).add(place.property)
        self.reverse = {(p.cls, p.theirs): p.property for p in here if p.form == "reverse"}
        self.links = {(p.cls, p.link) for p in here if p.link}
        self.rows: dict[str, set[str]] = {}
        for row in alignment.usable(IN):
            self.rows.setdefault(row.object, set()).add(row.subject)
        self.read = _reads(alignment)

    def counted(self, given: set[ox.Triple]) -> Counter[tuple[str, str]]:
        """Give the counts by class and property."""
        types: dict[str, str] = {}
        owners: dict[str, str] = {}
        for triple in sorted(given, key=str):
            node, name, value = _parts(triple)
            if name == RDF_TYPE:
                types.setdefault(node, local_name(value))
            if (self.classes.get(node), name) in self.links:
                owners[value] = node
        left: Counter[tuple[str, str]] = Counter()
        for triple in given:
            if not self._taken(triple, owners):
                node, name, _ = _parts(triple)
                left[types.get(node, ""), local_name(name)] += 1
        return left

    def _taken(self, triple: ox.Triple, owners: dict[str, str]) -> bool:
        node, name, value = _parts(triple)
        owner = node if node in self.classes else owners.get(node, node.rpartition("/")[0])
        cls = self.classes.get(owner, "")
        back = self.reverse.get((self.classes.get(value, ""), name))
        if back is not None and (value, back) in self.held:
            return True
        if not cls:
            # an end of a link that is not described says nothing but that it is there
            return name == RDF_TYPE and _is_ours(node)
        if name == RDF_TYPE or (cls, name) in self.links:
            return True
        ours = self.fields.get((cls, name), set()) | self.rows.get(name, set())
        return any((owner, each) in self.held for each in ours) or (
            name in self.read and node.startswith(ID)
        )


def _reads(alignment: Alignment) -> frozenset[str]:
    """Give the properties that the hand-written queries of a standard say they read."""
    known = dict(alignment.mappings.prefixes)
    found = set()
    for query in alignment.queries(IN):
        for line in re.findall(r"^# reads: (.*)$", query.text, re.MULTILINE):
            for curie in line.split():
                prefix, _, name = curie.partition(":")
                found.add(known[prefix] + name)
    return frozenset(found)


def _literals(node: str, value: ox.Literal, rule: Field, own: bool) -> set[Statement]:
    datatype, text = value.datatype.value, value.value
    pattern = re.compile(rule.pattern or "")
    if rule.schemes or is_link(rule):
        return set()
    if datatype == XSD + "dateTime":
        if own:
            return {(node, rule.property, value)} if pattern.search(text) else set()
        return _month(node, text, rule)
    if datatype in _NUMBERS:
        good = _range(rule.property) == datatype and re.fullmatch(_NUMBERS[datatype], text)
        return {(node, rule.property, value)} if good else set()
    fits = rule.pattern is not None and pattern.search(text) is not None
    if datatype != XSD + "string" or not fits:
        return set()
    return {(node, rule.property, value)} if own or _VERSION.fullmatch(text) else set()


def _month(node: str, text: str, rule: Field) -> set[Statement]:
    """Give the month (UTC) of a foreign time, as finer times never pass, and its precision."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return set()
    if time.tzinfo is not None:
        time = time.astimezone(UTC)
    start = ox.Literal(f"{time.year:04}-{time.month:02}-01T00:00:00Z", datatype=_DATETIME)
    found: set[Statement] = {(node, rule.property, start)}
    if (rule.cls, rule.property + _PRECISION) in fields():
        found.add((node, rule.property + _PRECISION, _MONTHLY))
    return found


_DATETIME = ox.NamedNode(XSD + "dateTime")


@lru_cache(maxsize=512)
def _codes_of(schemes: frozenset[str]) -> frozenset[str]:
    return frozenset(code.iri for scheme in schemes for code in ontology.codes(scheme))


@lru_cache(maxsize=1)
def _ranges() -> dict[str, str | None]:
    return {term.iri: term.range for term in ontology.terms() if term.iri.startswith(DPC)}


def _range(property_: str) -> str | None:
    return _ranges().get(property_)


def _is_ours(node: str) -> bool:
    return node.startswith(EXT) or _RECORD.fullmatch(node) is not None


def _parts(triple: ox.Triple) -> tuple[str, str, str]:
    return _value(triple.subject), triple.predicate.value, _value(triple.object)


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
