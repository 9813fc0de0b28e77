"""Read RDF, and write it in the one form our assets have: canonical, diff-stable Turtle."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dpc_kg.base.bnodes import labelled
from dpc_kg.base.errors import DpcError
from dpc_kg.base.rdfguard import ADVICE, harm
from dpc_kg.base.vocab import PREFIXES

if TYPE_CHECKING:
    from rdflib import Graph

_PREFIX = re.compile(r"^PREFIX (\S+) (<[^>]*>)$", re.MULTILINE)
_FORMATS = {
    ".ttl": "turtle",
    ".nt": "nt",
    ".rdf": "xml",
    ".owl": "xml",
}


def read(path: Path) -> "Graph":
    """Give the triples of a file; the syntax follows from its ending.

    Raises:
        DpcError: unknown ending, or a syntax error (with the line where the parser knows it).
    """
    from xml.sax import SAXParseException

    from rdflib import Graph
    from rdflib.exceptions import ParserError
    from rdflib.plugins.parsers.notation3 import BadSyntax

    syntax = _FORMATS.get(path.suffix)
    if syntax is None:
        known = " ".join(sorted(_FORMATS))
        raise DpcError("Unknown RDF file ending.", file=path.name, advice=f"Known: {known}.")
    graph = Graph()
    try:
        text = path.read_text(encoding="utf-8")
        _refuse_doctype(text, path)
        graph.parse(data=text, format=syntax, publicID=path.name)
    except FileNotFoundError as e:
        raise DpcError("There is no such file.", file=str(path)) from e
    except BadSyntax as e:
        raise DpcError("Not well-formed Turtle.", file=path.name, line=e.lines + 1) from e
    except (ParserError, SAXParseException, ValueError) as e:
        raise DpcError("Not well-formed RDF.", file=path.name) from e
    return graph


def _refuse_doctype(text: str, path: Path) -> None:
    found = harm(text.encode(), "rdf") if _FORMATS[path.suffix] == "xml" else None
    if found is not None:
        problem, advice = ADVICE[found[0]]
        raise DpcError(problem, file=path.name, line=found[1], advice=advice)


def canonical_turtle(graph: "Graph") -> str:
    """Give the graph as Turtle whose bytes follow from its triples alone.

    One statement a line and canonical blank node labels: one edit is one changed line
    (``longturtle`` with ``canon``).
    """
    from rdflib import Graph

    fresh = Graph(bind_namespaces="none")
    used = _used_prefixes(graph)
    for prefix, iri in PREFIXES.items():
        if prefix in used:
            fresh.bind(prefix, iri, override=True, replace=True)
    for prefix, name in graph.namespaces():
        if prefix and prefix not in PREFIXES and str(name) not in PREFIXES.values():
            fresh.bind(prefix, name)
    named = labelled(graph)
    for triple in named if named is not None else graph:
        fresh.add(triple)
    text = fresh.serialize(format="longturtle", canon=named is None)
    head, gap, body = text.strip().partition("\n\n")
    # the older form of a prefix line is the one that every Turtle reader knows
    return _PREFIX.sub(r"@prefix \1 \2 .", head) + gap + body + "\n"


def is_canonical(path: Path) -> bool:
    """Tell whether a Turtle file stands in its canonical form."""
    return path.read_text(encoding="utf-8") == canonical_turtle(read(path))


def _used_prefixes(graph: "Graph") -> set[str]:
    from rdflib import Literal, URIRef

    iris = set()
    for triple in graph:
        for term in triple:
            if isinstance(term, URIRef):
                iris.add(str(term))
            elif isinstance(term, Literal) and term.datatype:
                iris.add(str(term.datatype))
    return {p for p, name in PREFIXES.items() if any(i.startswith(name) for i in iris)}
