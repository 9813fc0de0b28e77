"""What SSSOM cannot say of a neighbour: where and in which form it holds what our fields say.

``mappings/align/<standard>.places.csv`` has a row for each such place: our class (``*`` any) and
property; the neighbour's property and, where the value stands on a node of its own, the link and
class of that node; the form; the code a record must bear for the place to be right; the way.

Forms: ``same`` (time, number, link), ``own`` (text that comes back to our own records only),
``version`` (short technical text), ``notation`` and ``tag`` (a code as text: its notation, or list
and notation), ``boolean``, ``reverse`` (the link runs the other way), ``class``, ``kind`` (class of
a record because of its code), ``word`` (a word that others use for a code; it is compared
and never taken over), ``leave`` (a match that is not used, as the neighbour demands what we have
not).
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import CODES, PREFIXES, RDF_TYPE
from dpc_kg.model import ontology
from dpc_kg.model.fields import fields

SUFFIX = ".places.csv"
ANY = "*"
COLUMNS = ("class", "property", "link", "node", "theirs", "form", "when", "way", "word")
VALUES = frozenset({"same", "own", "version", "notation", "tag", "boolean"})
FORMS = VALUES | {"reverse", "class", "kind", "word", "leave"}
WAYS = frozenset({"both", "out", "in"})


@dataclass(frozen=True)
class Place:
    """One row, with full IRIs. ``when`` is a code and ``word`` another's word for it.

    ``line`` is the 1-based line of the file.
    """

    cls: str
    property: str
    link: str | None
    node: str | None
    theirs: str
    form: str
    when: str | None
    way: str
    word: str
    line: int


def scheme_of(place: Place) -> str | None:
    """Give the one code list of a place's field, whose notations are written as text."""
    field = fields().get((place.cls, place.property))
    return next(iter(field.schemes)) if field and len(field.schemes) == 1 else None


def places(standard: str, prefixes: Iterable[tuple[str, str]]) -> tuple[Place, ...]:
    """Give the places of a standard, each class that ``*`` stands for by itself; none if no file.

    Args:
        standard: the name of its mapping set.
        prefixes: those of the mapping set; ours are known.

    Raises:
        DpcError: a row cannot be read, with its line.
    """
    path = assets.root() / "mappings" / "align" / f"{standard}{SUFFIX}"
    return _places(path, tuple(prefixes)) if path.exists() else ()


def read(path: Path, prefixes: Iterable[tuple[str, str]]) -> tuple[Place, ...]:
    """Give the rows of a file as they stand in it.

    Raises:
        DpcError: a row cannot be read, with its line.
    """
    known = {**PREFIXES, **dict(prefixes)}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            advice = f"Columns: {' '.join(COLUMNS)}."
            raise DpcError("The table has other columns.", file=path.name, line=1, advice=advice)
        return tuple(_place(row, known, path.name, line) for line, row in enumerate(rows, 2))


def findings(found: Iterable[Place], file: str) -> Iterator[str]:
    """Give what the places say that the model does not have."""
    leaves, allowed = set(ontology.leaf_classes()), fields()
    codes = {code.iri for scheme in ontology.schemes() for code in ontology.codes(scheme)}
    for place in found:
        where = f"{file}, line {place.line}"
        if place.cls != ANY and place.cls not in leaves:
            yield f"{where}: this is no class that data may name."
        elif place.cls == ANY and not any(key[1] == place.property for key in allowed):
            yield f"{where}: no class has this property."
        elif (
            place.cls != ANY
            and place.property != RDF_TYPE
            and (place.cls, place.property) not in allowed
        ):
            yield f"{where}: the class has no such property."
        if place.when is not None and place.when not in codes:
            yield f"{where}: there is no such code."
        if place.form == "notation" and scheme_of(place) is None:
            yield f"{where}: the field takes several lists or none, so a notation is not enough."
        if (place.link is None) != (place.node is None):
            yield f"{where}: link and node go together."


@lru_cache(maxsize=8)
def _places(path: Path, prefixes: tuple[tuple[str, str], ...]) -> tuple[Place, ...]:
    return tuple(each for place in read(path, prefixes) for each in _spread(place))


def _spread(place: Place) -> Iterator[Place]:
    if place.cls != ANY:
        yield place
        return
    for cls, prop in fields():
        if prop == place.property:
            yield Place(**{**vars(place), "cls": cls})


def _place(row: dict[str, str], prefixes: dict[str, str], file: str, line: int) -> Place:
    def full(text: str) -> str:
        prefix, colon, name = text.partition(":")
        if not colon or prefix not in prefixes:
            raise DpcError("This is no name with a known prefix.", file=file, line=line, term=text)
        return prefixes[prefix] + name

    if None in row or None in row.values():
        raise DpcError("The row has too many or too few cells.", file=file, line=line)
    if row["form"] not in FORMS or row["way"] not in WAYS:
        raise DpcError("There is no such form or way.", file=file, line=line)
    return Place(
        cls=ANY if row["class"] == ANY else full(row["class"]),
        property=full(row["property"]),
        link=full(row["link"]) if row["link"] else None,
        node=full(row["node"]) if row["node"] else None,
        theirs=full(row["theirs"]),
        form=row["form"],
        when=CODES + row["when"] if row["when"] else None,
        way=row["way"],
        word=row["word"],
        line=line,
    )
