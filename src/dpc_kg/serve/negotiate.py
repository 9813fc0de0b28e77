"""Which format a caller gets: media types, q-values and file suffixes (RFC 9110 section 12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from dpc_kg.serve.guard import Form
from dpc_kg.serve.problems import Problem

MAX_RANGES = 64


@dataclass(frozen=True)
class Offer:
    """A format we can write: its name, the media type we send, and others that ask for it."""

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()


RESULTS = (
    Offer("json", "application/sparql-results+json", ("application/json",)),
    Offer("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Offer("csv", "text/csv"),
    Offer("tsv", "text/tab-separated-values"),
)
GRAPHS = (
    Offer("turtle", "text/turtle", ("application/x-turtle",)),
    Offer("ntriples", "application/n-triples", ("text/plain",)),
    Offer("rdfxml", "application/rdf+xml", ("application/xml", "text/xml")),
    Offer("jsonld", "application/ld+json", ("application/json",)),
)
TABLES = (
    Offer("html", "text/html"),
    Offer("csv", "text/csv"),
    Offer("json", "application/json"),
    Offer("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_UTF8 = frozenset({"text/csv", "text/tab-separated-values", "text/turtle", "text/html"})


def content_type(offer: Offer) -> str:
    """Give the media type to send; text is always UTF-8 and says so."""
    return offer.media_type + ("; charset=utf-8" if offer.media_type in _UTF8 else "")


def for_form(form: Form) -> tuple[Offer, ...]:
    """Give the formats the result of a query form can take, the default first."""
    return RESULTS if form in ("SELECT", "ASK") else GRAPHS


def choose(accept: str | None, offers: Sequence[Offer]) -> Offer:
    """Give the best offer for an ``Accept`` header; the first one where all are as welcome.

    Raises:
        Problem: 406, no offer is acceptable; the advice lists them.
    """
    ranges = _ranges(accept) if accept and accept.strip() else {"*/*": 1.0}
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    if _quality(best, ranges) <= 0:
        listed = ", ".join(offer.media_type for offer in offers)
        raise Problem(
            406,
            "not-acceptable",
            "The result cannot be given in any format the Accept header allows.",
            f"Ask for one of: {listed}.",
        )
    return best


def _quality(offer: Offer, ranges: dict[str, float]) -> float:
    """Give the quality of an offer: of its own type first, then of its aliases, then of ranges."""
    named = [ranges[t] for t in (offer.media_type, *offer.aliases) if t in ranges]
    if named:
        return max(named)
    main = offer.media_type.partition("/")[0] + "/*"
    return ranges.get(main, ranges.get("*/*", 0.0))


def _ranges(accept: str) -> dict[str, float]:
    parts = accept.split(",")
    if len(parts) > MAX_RANGES:
        raise Problem(
            406,
            "not-acceptable",
            f"The Accept header lists more than {MAX_RANGES} media ranges.",
            "Name the one format you want.",
        )
    found: dict[str, float] = {}
    for part in parts:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            found[name] = max(found.get(name, 0.0), _weight(parameters))
    return found


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
