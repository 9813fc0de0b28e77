"""What had no place in the model: counted, and said in quads so that a query can ask."""

from collections import Counter
from dataclasses import dataclass

from dpc_kg.base.identifiers import SEPARATOR, org_iri, pseudonym
from dpc_kg.base.vocab import CODES, DPC, EXT, ID, RDF_TYPE, XSD
from dpc_kg.lift.privacy import UNDECLARED, FieldCount


@dataclass(frozen=True)
class UnknownCode:
    """Cells of one field whose value has no place in the model."""

    source: str
    path: str
    list: str
    scheme: str | None
    cells: int


@dataclass(frozen=True)
class UnmappedItem:
    """One kind of thing without a place: a value's list, a field or undeclared columns."""

    kind: str
    path: str
    scheme: str | None
    cells: int


def unmapped_items(unknown: list[UnknownCode], fields: list[FieldCount]) -> list[UnmappedItem]:
    """Give what had no place.

    The name of an undeclared column stays at the partner: it may itself be personal.
    """
    items = [UnmappedItem("value", u.path, u.scheme, u.cells) for u in unknown]
    items += [
        UnmappedItem("field", c.path, None, c.cells)
        for c in fields
        if c.status == "none" and c.cells
    ]
    undeclared = sum(c.cells for c in fields if c.status == "undeclared")
    if undeclared:
        items.append(UnmappedItem("column", UNDECLARED, None, undeclared))
    return _summed(items)


def _summed(items: list[UnmappedItem]) -> list[UnmappedItem]:
    """Give the items once each: two sources may have a field of the same path."""
    cells: Counter[tuple[str, str, str | None]] = Counter()
    for item in items:
        cells[item.kind, item.path, item.scheme] += item.cells
    return [UnmappedItem(*key, count) for key, count in cells.items()]


def unmapped_quads(
    items: list[UnmappedItem], *, org: str, dataset: str, graph: str, key: bytes
) -> list[str]:
    """Give the N-Quads lines of the items, each named by a pseudonym under the partner's key."""
    return [line for item in items for line in _lines(item, org, dataset, graph, key)]


def _lines(item: UnmappedItem, org: str, dataset: str, graph: str, key: bytes) -> list[str]:
    parts = (org, "unmapped", dataset, item.kind, item.path, item.scheme or "")
    subject = f"<{ID}{org}/unmapped/{pseudonym(key, SEPARATOR.join(parts))}>"
    field = item.path.replace("\\", "\\\\").replace('"', '\\"')
    pairs = [
        (RDF_TYPE, f"<{DPC}UnmappedItem>"),
        (f"{DPC}reportedBy", f"<{org_iri(org)}>"),
        (f"{DPC}sourceField", f'"{field}"'),
        (f"{DPC}unmappedKind", f"<{CODES}unmapped-kind/{item.kind}>"),
        (f"{DPC}dataset", f'"{dataset}"'),
        (f"{DPC}occurrences", f'"{item.cells}"^^<{XSD}integer>'),
    ]
    if item.scheme:
        pairs.append((f"{DPC}hasScheme", f"<{EXT}{item.scheme}>"))
    return [f"{subject} <{p}> {o} <{graph}> ." for p, o in pairs]
