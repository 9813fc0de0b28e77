"""The SPARQL 1.1 Protocol, query operation: from an HTTP request to one query and its graphs."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from starlette.requests import Request

from dpc_kg.serve import guard
from dpc_kg.serve.problems import Problem

MAX_BODY = 4 * guard.MAX_BYTES
"""A form's percent-encoding makes a query at most three times as long."""
MAX_GRAPHS = 100
FORM_TYPE = "application/x-www-form-urlencoded"
QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"


@dataclass(frozen=True)
class Asked:
    """What a request asks: the query's text (None: there is none) and its graph parameters.

    ``graphs`` holds the default and the named graphs, or None where the request names none. They
    narrow the view and never widen it: what is not in the view is as if absent.
    """

    text: str | None
    graphs: tuple[tuple[str, ...], tuple[str, ...]] | None


async def read(request: Request) -> Asked:
    """Give what a request to ``/sparql`` asks.

    Raises:
        Problem: it is not a query operation of the protocol.
    """
    pairs = _pairs(request.scope["query_string"])
    if request.method != "POST":
        return _asked(pairs, [text for name, text in pairs if name == "query"])
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == UPDATE_TYPE:
        raise guard.update()
    if media_type == QUERY_TYPE:
        return _asked(pairs, [_text(await _body(request))], post=True)
    if media_type != FORM_TYPE:
        raise Problem(
            415,
            "media-type",
            "The body is of a media type that holds no query.",
            f"Send {FORM_TYPE} with a field query, or {QUERY_TYPE}.",
        )
    pairs += _pairs(await _body(request))
    return _asked(pairs, [text for name, text in pairs if name == "query"], post=True)


def single(request: Request) -> dict[str, str]:
    """Give the parameters of a saved query.

    Raises:
        Problem: one is given twice, or they are not UTF-8.
    """
    found: dict[str, str] = {}
    for name, text in _pairs(request.scope["query_string"]):
        if name in found:
            raise Problem(
                400, "parameter", "A parameter is given more than once.", "Give each one once."
            )
        found[name] = text
    return found


def _asked(pairs: list[tuple[str, str]], texts: list[str], *, post: bool = False) -> Asked:
    if any(name == "update" for name, _ in pairs):
        raise guard.update()
    if len(texts) > 1:
        raise Problem(
            400,
            "query-repeated",
            "The parameter query is given more than once.",
            "Send one query a request.",
        )
    if post and not texts:
        raise Problem(
            400,
            "query-missing",
            "The form has no field query.",
            "Put the query into a field named query.",
        )
    default = tuple(iri for name, iri in pairs if name == "default-graph-uri")
    named = tuple(iri for name, iri in pairs if name == "named-graph-uri")
    _check_graphs(default + named)
    return Asked(texts[0] if texts else None, (default, named) if default or named else None)


def _check_graphs(iris: tuple[str, ...]) -> None:
    if len(iris) > MAX_GRAPHS:
        raise Problem(
            400,
            "graph-iri",
            f"More than {MAX_GRAPHS} graphs are named.",
            "Leave the graph parameters out to ask all graphs at once.",
        )
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError:
            raise Problem(
                400,
                "graph-iri",
                "A default-graph-uri or named-graph-uri is not an absolute IRI.",
                "Give the whole IRI of the graph.",
            ) from None


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=4 * MAX_GRAPHS,
        )
    except UnicodeDecodeError:
        raise _not_utf8() from None
    except ValueError:
        raise Problem(
            400, "parameter", "The request has too many parameters.", "Send only what is needed."
        ) from None


async def _body(request: Request) -> bytes:
    """Read the body, but never more than a query can need."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise Problem(
                413,
                "query-size",
                f"The body is longer than {MAX_BODY:,} bytes.",
                f"A query may have {guard.MAX_BYTES:,} bytes.",
            )
    return bytes(body)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _not_utf8() -> Problem:
    return Problem(
        400, "query-encoding", "The request is not valid UTF-8.", "Encode the query as UTF-8."
    )
