"""RDF files as sources: the solutions of a mapping's own SPARQL query over them (RML-IO)."""

import re
from pathlib import PurePath

import pyoxigraph as ox

from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.base.rdfguard import ADVICE, DOCTYPE, harm
from dpc_kg.lift.jsonld import check_jsonld
from dpc_kg.lift.plan import Source
from dpc_kg.lift.walkers import Boolean, Decimal, Integer

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NATURAL = {_XSD + "integer": Integer, _XSD + "double": Decimal, _XSD + "boolean": Boolean}
# a query that calls another endpoint would carry data out, or fetch what nobody has looked at
_ELSEWHERE = re.compile(r"\bSERVICE\b|\\u", re.IGNORECASE)


def solutions(
    source: Source, data: bytes, name: str
) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Give the variables of a source's query, and its solutions over an RDF file.

    Raises:
        SourceError: the file is not well-formed RDF.
        MappingError: the query cannot be read, or is no SELECT.
    """
    ending = PurePath(source.path if name == "-" else name).suffix.lstrip(".")
    form = ox.RdfFormat.from_extension(ending) or ox.RdfFormat.TURTLE
    refuse_harm(data, form, name)
    if form == ox.RdfFormat.JSON_LD:
        check_jsonld(data, name)
    store = ox.Store()
    try:
        store.bulk_load(data, format=form, base_iri=f"file:///{name}")
    except SyntaxError as e:
        raise SourceError(
            "This is not well-formed RDF.", rule="syntax", file=name, line=e.lineno
        ) from e
    query = source.query or source.iterator or ""
    if _ELSEWHERE.search(query):
        raise MappingError("The query of a source must not call a SERVICE.", term=source.name)
    try:
        found = store.query(query, use_default_graph_as_union=True)
    except SyntaxError as e:
        raise MappingError("The query of a source cannot be read.", term=source.name) from e
    if not isinstance(found, ox.QuerySolutions):
        raise MappingError("The query of a source must be a SELECT.", term=source.name)
    names = tuple(v.value for v in found.variables)
    return names, [
        {n: _cell(term) for n in names if (term := solution[n]) is not None} for solution in found
    ]


def refuse_harm(data: bytes, form: ox.RdfFormat, name: str) -> None:
    """Refuse an RDF file that would harm its parser.

    Raises:
        SourceError: it declares a document type, or is nested too deeply.
    """
    found = harm(data, form.file_extension)
    if found is not None:
        kind, line = found
        problem, advice = ADVICE[kind]
        rule = "doctype" if kind == DOCTYPE else "syntax"
        raise SourceError(problem, rule=rule, file=name, line=line, advice=advice)


def _cell(term: object) -> str:
    if isinstance(term, ox.Literal):
        made: str = _NATURAL.get(term.datatype.value, str)(term.value)
        return made
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode) else str(term)
