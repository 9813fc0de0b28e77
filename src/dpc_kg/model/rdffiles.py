"""RDF files of any common form: read into statements, and written from them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.errors import DpcError
from dpc_kg.model import jsonld

FORMS = ("jsonld", "ttl", "nt", "nq")
_READ = {
    ".json": ox.RdfFormat.JSON_LD,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
}
_WRITTEN = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
}
_BASE = "https://example.org/"


def read(paths: Iterable[Path]) -> set[ox.Triple]:
    """Give the statements of some files, of all their graphs together.

    Raises:
        DpcError: no such file, an unknown ending, bad syntax (with its line where known), or
            JSON-LD that wants a context from the network.
    """
    store = ox.Store()
    for path in paths:
        form = _READ.get(path.suffix.lower())
        if form is None:
            known = " ".join(sorted(_READ))
            raise DpcError("Unknown RDF file ending.", file=path.name, advice=f"Known: {known}.")
        try:
            raw = path.read_bytes()
        except FileNotFoundError as e:
            raise DpcError("There is no such file.", file=str(path)) from e
        try:
            quads = ox.parse(raw, format=form, base_iri=_BASE, rename_blank_nodes=True)
            # the store gives numbers and times the one spelling of their value
            store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        except SyntaxError as e:
            raise DpcError(
                "Not well-formed RDF.",
                file=path.name,
                line=e.lineno,
                advice="JSON-LD must hold its context itself; nothing is fetched.",
            ) from e
    return statements(store)


def statements(store: ox.Store) -> set[ox.Triple]:
    """Give the statements of a store, of all its graphs together."""
    return {ox.Triple(q.subject, q.predicate, q.object) for q in store}


def written(triples: Iterable[ox.Triple], form: str, prefixes: Mapping[str, str]) -> bytes:
    """Give the bytes of a file in one of :data:`FORMS`; the same statements, the same bytes.

    Raises:
        DpcError: another form.
    """
    if form not in FORMS:
        raise DpcError("Unknown form.", term=form, advice=f"Known: {' '.join(FORMS)}.")
    if form == "jsonld":
        return jsonld.written(triples, prefixes).encode()
    ordered = sorted(triples, key=str)
    names = _used(ordered, prefixes) if form == "ttl" else None
    found = ox.serialize(ordered, format=_WRITTEN[form], prefixes=names)
    assert found is not None  # noqa: S101 - without a target the bytes are given back
    return found


def form_of(path: Path | None, default: str) -> str:
    """Give the form a file's ending asks for."""
    ending = path.suffix.lower().removeprefix(".") if path else default
    return "jsonld" if ending == "json" else ending


def _used(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    text = "".join(map(str, triples))
    return {prefix: name for prefix, name in prefixes.items() if f"<{name}" in text}
