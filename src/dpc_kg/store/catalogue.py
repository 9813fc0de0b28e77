"""The saved queries: files with a header, asked with bound terms and answered as tables.

A query file starts with comment lines ``# title:``, ``# question:``, ``# contract:`` (``rows``, or
``none`` for a check that must return no row), ``# since:`` and any number of
``# param: name type [default=V] [example=V] description``. A parameter is a variable of the
outermost SELECT clause that a triple pattern binds: absent it is an ordinary column, given it is
bound before the query starts, in every SPARQL engine alike (SEP-0007), and never becomes text.
A code must stand in its list; an organisation or period that does not occur gives no rows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base import assets
from dpc_kg.base.errors import QueryError
from dpc_kg.base.identifiers import org_iri, valid_org
from dpc_kg.base.vocab import CODES, EXT, XSD
from dpc_kg.store.embedded import EmbeddedStore, Solutions, Term
from dpc_kg.store.tables import FORMATS, Cell, Table, short_name, write_table

__all__ = [
    "FORMATS",
    "Param",
    "SavedQuery",
    "Table",
    "bind",
    "catalogue",
    "find",
    "run",
    "short_name",
    "tabulate",
    "write_table",
]

ROW_CAP = 1_000_000
"""Rows of one answer (DESIGN section 7)."""

_HEADER = re.compile(r"#\s*(title|question|contract|param|since):\s*(.*)")
_PARAM = re.compile(
    r"(?P<name>[A-Za-z]\w*)\s+(?P<type>[a-z][a-z/-]*)"
    r"(?:\s+default=(?P<default>\S*))?(?:\s+example=(?P<example>\S+))?\s+(?P<description>\S.*)"
)
_CONTRACTS = ("rows", "none")
_PERIOD = re.compile(r"\d{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?")
_AREA = {2: "iso3166-1-alpha-2", 3: "iso3166-1-alpha-3"}
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NOTATION = "http://www.w3.org/2004/02/skos/core#notation"
_NUMBERS = {XSD + name for name in ("decimal", "double", "float")}


@dataclass(frozen=True)
class Param:
    """One parameter; without value and default the query runs over everything.

    ``type`` is ``iri string integer organization period area`` or ``code/SCHEME``.
    """

    name: str
    type: str
    default: str | None
    example: str | None
    description: str


@dataclass(frozen=True)
class SavedQuery:
    """One query of the catalogue; ``group`` is its folder (``report verify competency``)."""

    name: str
    title: str
    question: str
    contract: str
    params: tuple[Param, ...]
    text: str
    since: str
    group: str = "report"


def catalogue(*groups: str) -> dict[str, SavedQuery]:
    """Give the saved queries by name, group by group, sorted in each.

    Args:
        groups: folders below ``queries``; ``report`` and ``competency`` when none is named.

    Raises:
        QueryError: a file has no well-formed header.
    """
    wanted = groups or ("report", "competency")
    files = assets.query_files().items()
    return {
        name: _read(path) for group in wanted for name, path in files if path.parent.name == group
    }


def find(name: str) -> SavedQuery:
    """Give one saved query of any folder.

    Raises:
        QueryError: there is none; the advice lists the names.
    """
    path = assets.query_files().get(name)
    if path is None:
        known = catalogue()
        near = ", ".join(get_close_matches(name, known, n=3, cutoff=0.4)) or "none"
        raise QueryError(
            "There is no saved query of this name.",
            term=name,
            advice=f"Of {len(known)} these have a similar name: {near}. `dpc-kg query` lists all.",
        )
    return _read(path)


def run(store: EmbeddedStore, query: SavedQuery, params: Mapping[str, str] | None = None) -> Table:
    """Answer a saved query.

    Args:
        store: what to ask; the union of its graphs is seen.
        query: from :func:`catalogue` or :func:`find`.
        params: values by parameter name, as typed by a person; an empty one counts as absent.

    Raises:
        QueryError: an unknown or malformed parameter, or more rows than ``ROW_CAP``.
    """
    try:
        return tabulate(store.query(query.text, bind(query, params or {})))
    except QueryError as e:
        advice = e.advice
        raise QueryError(e.message, line=e.line, term=e.term or query.name, advice=advice) from e


def tabulate(solutions: Solutions) -> Table:
    """Give the rows of any query as a table of native values.

    Raises:
        QueryError: more rows than ``ROW_CAP``.
    """
    rows: list[tuple[Cell, ...]] = []
    for row in solutions:
        if len(rows) == ROW_CAP:
            raise QueryError(
                f"The answer has more than {ROW_CAP} rows.",
                advice="Give a parameter to narrow it.",
            )
        rows.append(tuple(_native(term) for term in row))
    return Table(solutions.variables, tuple(rows))


def bind(query: SavedQuery, params: Mapping[str, str]) -> dict[str, Term]:
    """Turn typed parameter values into RDF terms, defaults included.

    Raises:
        QueryError: a parameter the query does not have, a value its type does not allow, or a code
            that its list does not hold.
        UnknownAsset: the header names a code list there is none of.
    """
    known = {param.name: param for param in query.params}
    for name in params:
        if name not in known:
            has = ", ".join(known) or "none"
            raise QueryError(
                "The query has no such parameter.", term=name, advice=f"{query.name} has: {has}."
            )
    values = {name: params.get(name) or param.default for name, param in known.items()}
    return {name: _term(known[name], value) for name, value in values.items() if value}


def _term(param: Param, value: str) -> Term:
    kind, _, scheme = param.type.partition("/")
    if kind == "string":
        return ox.Literal(value)
    if kind == "integer" and _INTEGER.fullmatch(value):
        return ox.Literal(int(value))
    iri = _iri(kind, scheme, value)
    if iri is not None and kind == "code":
        _check_code(param.name, scheme, iri)
    if iri is not None:
        try:
            return ox.NamedNode(iri)
        except ValueError:
            pass
    example = f"Write it as in {param.name}={param.example}." if param.example else None
    raise QueryError(f"The value is not of type {param.type}.", term=param.name, advice=example)


def _iri(kind: str, scheme: str, value: str) -> str | None:
    """Give the IRI a short value stands for; a whole IRI is taken as it is."""
    if "://" in value:
        return value if kind != "integer" else None
    if kind == "organization" and valid_org(value):
        return org_iri(value)
    if kind == "period" and _PERIOD.fullmatch(value):
        return f"{CODES}period/{value}"
    if kind == "area" and value.isascii() and value.isalpha() and len(value) in _AREA:
        return f"{EXT}{_AREA[len(value)]}/{value.upper()}"
    if kind == "code" and _CODE.fullmatch(value):
        return f"{CODES}{scheme}/{value}"
    return None


def _check_code(name: str, scheme: str, iri: str) -> None:
    """Refuse a code outside its list: a misspelt one would give an empty answer, taken for none."""
    listed = _codes(assets.asset("ontology", "codes", f"{scheme}.ttl"))
    if iri in listed:
        return
    import difflib

    names = list(listed.values())
    near = difflib.get_close_matches(short_name(iri).lower(), names, n=3)
    advice = f"Near: {', '.join(near)}." if near else f"Known: {', '.join(names)}."
    raise QueryError(f"The list {scheme} has no such code.", term=name, advice=advice)


@lru_cache(maxsize=64)
def _codes(path: Path) -> dict[str, str]:
    """Give the notations of a code list by IRI, sorted; the scheme's own is left out.

    One file is read by the engine, because a query worker has no memory to spare for the ontology.
    """
    prefix = f"{CODES}{path.stem}/"
    found = (
        (triple.subject.value, triple.object.value)
        for triple in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if triple.predicate.value == _NOTATION
        and isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.Literal)
    )
    return {iri: notation for iri, notation in sorted(found) if iri.startswith(prefix)}


def _native(term: Term | None) -> Cell:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode | ox.BlankNode):
        return term.value
    if isinstance(term, ox.Triple):
        return str(term)
    datatype = term.datatype.value
    try:
        if datatype == XSD + "integer":
            return int(term.value)
        if datatype in _NUMBERS:
            number = float(term.value)
            # a rounded average is a decimal in SPARQL; people read 36132, not 36132.0
            return int(number) if number.is_integer() else number
    except ValueError:
        return term.value
    if datatype == XSD + "boolean":
        return term.value in ("true", "1")
    return term.value


@lru_cache(maxsize=256)
def _read(path: Path) -> SavedQuery:
    text = path.read_text(encoding="utf-8")
    head: dict[str, str] = {}
    params = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#"):
            break
        match = _HEADER.fullmatch(line.strip())
        if match is None:
            raise _bad_header(path, number)
        key, value = match.groups()
        if key == "param":
            params.append(_param(path, number, value))
        else:
            head[key] = value
    missing = {"title", "question", "contract", "since"} - head.keys()
    if missing or head["contract"] not in _CONTRACTS:
        raise _bad_header(path, 1)
    return SavedQuery(
        name=path.stem,
        title=head["title"],
        question=head["question"],
        contract=head["contract"],
        params=tuple(params),
        text=text,
        since=head["since"],
        group=path.parent.name,
    )


def _param(path: Path, number: int, text: str) -> Param:
    match = _PARAM.fullmatch(text)
    if match is None:
        raise _bad_header(path, number)
    return Param(
        name=match["name"],
        type=match["type"],
        default=match["default"] or None,
        example=match["example"],
        description=match["description"],
    )


def _bad_header(path: Path, number: int) -> QueryError:
    return QueryError(
        "The header of this saved query is not well-formed.",
        file=path.name,
        line=number,
        advice="It needs title, question, contract (rows or none) and since; see store.catalogue.",
    )
