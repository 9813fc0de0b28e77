"""The fields of each class as the shapes have them: code lists, demanded or not, once or often."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base import assets
from dpc_kg.base.vocab import CODES

_QUERY = """
PREFIX dpc: <https://w3id.org/dpc/cdm#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?cls ?property ?scheme ?least ?most ?pattern ?lowest WHERE {
  ?shape sh:targetClass ?cls ; sh:property ?rule .
  ?rule sh:path ?property .
  FILTER(ISIRI(?property))
  OPTIONAL { ?rule dpc:usesScheme ?scheme }
  OPTIONAL { ?rule sh:minCount ?least }
  OPTIONAL { ?rule sh:maxCount ?most }
  OPTIONAL { ?rule sh:pattern ?pattern }
  OPTIONAL { ?rule sh:minInclusive ?lowest }
}
"""


@dataclass(frozen=True)
class Field:
    """A property of a class. ``schemes`` are names of code lists; none where it takes no code.

    ``lowest`` is the lowest value a number may have, None where that is not said.
    """

    cls: str
    property: str
    schemes: frozenset[str]
    required: bool
    many: bool
    pattern: str | None
    lowest: str | None = None


def fields() -> dict[tuple[str, str], Field]:
    """Give the fields of all classes by class and property (IRIs)."""
    return _fields(assets.root())


@lru_cache(maxsize=4)
def _fields(root: Path) -> dict[tuple[str, str], Field]:
    store = ox.Store()
    for path in assets.shape_files():
        store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=root.as_uri())
    rows = store.query(_QUERY)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - a SELECT gives solutions
    found: dict[tuple[str, str], list[tuple[str | None, ...]]] = {}
    for row in rows:
        cells = tuple(None if row[n] is None else str(row[n].value) for n in _COLUMNS)
        found.setdefault((str(cells[0]), str(cells[1])), []).append(cells[2:])
    return {key: _field(key, rules) for key, rules in sorted(found.items())}


_COLUMNS = ("cls", "property", "scheme", "least", "most", "pattern", "lowest")


def _field(key: tuple[str, str], rules: list[tuple[str | None, ...]]) -> Field:
    return Field(
        cls=key[0],
        property=key[1],
        schemes=frozenset(rule[0].removeprefix(CODES) for rule in rules if rule[0]),
        required=any(rule[1] not in (None, "0") for rule in rules),
        many=all(rule[2] != "1" for rule in rules),
        pattern=next((rule[3] for rule in rules if rule[3]), None),
        lowest=next((rule[4] for rule in rules if rule[4]), None),
    )
