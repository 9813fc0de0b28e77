"""Quads that say what had no place: one ``UnmappedItem`` per field, so that a query can ask."""

from typing import TYPE_CHECKING

from dpc_kg.base.identifiers import SEPARATOR, org_iri, pseudonym
from dpc_kg.base.vocab import CODES, DPC, EXT, ID, RDF_TYPE, XSD
from dpc_kg.lift.privacy import UNDECLARED

if TYPE_CHECKING:
    from dpc_kg.lift.session import Lifted


def unmapped_quads(lifted: "Lifted", dataset: str) -> list[str]:
    """Give the N-Quads lines for values, fields and columns without a place.

    The name of an undeclared column stays at the partner: it may itself be personal.
    """
    rows: list[tuple[str, str, str | None, int]] = [
        ("value", u.path, u.scheme, u.cells) for u in lifted.unknown(kept_only=True)
    ]
    undeclared = 0
    for count in lifted.fields():
        if count.status == "none" and count.cells:
            rows.append(("field", count.path, None, count.cells))
        elif count.status == "undeclared":
            undeclared += count.cells
    if undeclared:
        rows.append(("column", UNDECLARED, None, undeclared))
    return [line for row in rows for line in _item(lifted, dataset, *row)]


def _item(
    lifted: "Lifted", dataset: str, kind: str, path: str, scheme: str | None, cells: int
) -> list[str]:
    org, key = lifted.setting.org, lifted.request.partner_key or b""
    name = pseudonym(key, SEPARATOR.join((org, "unmapped", dataset, kind, path, scheme or "")))
    subject = f"<{ID}{org}/unmapped/{name}>"
    graph = f"<{lifted.setting.graph}>"
    field = path.replace("\\", "\\\\").replace('"', '\\"')
    pairs = [
        (RDF_TYPE, f"<{DPC}UnmappedItem>"),
        (f"{DPC}reportedBy", f"<{org_iri(org)}>"),
        (f"{DPC}sourceField", f'"{field}"'),
        (f"{DPC}unmappedKind", f"<{CODES}unmapped-kind/{kind}>"),
        (f"{DPC}dataset", f'"{dataset}"'),
        (f"{DPC}occurrences", f'"{cells}"^^<{XSD}integer>'),
    ]
    if scheme:
        pairs.append((f"{DPC}hasScheme", f"<{EXT}{scheme}>"))
    return [f"{subject} <{p}> {o} {graph} ." for p, o in pairs]
