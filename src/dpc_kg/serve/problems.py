"""Every refusal over HTTP: a problem document (RFC 9457) that says what is wrong and what to do."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "https://w3id.org/dpc/problem/"

TITLES = {
    "audit-unavailable": "The audit record cannot be written",
    "deadline": "The query took too long",
    "gone": "The client went away",
    "engine": "The query could not be answered",
    "graph-iri": "A graph parameter is not an IRI",
    "host": "This server is not known by that name",
    "media-type": "The request has a media type that is not understood",
    "memory": "The query needs too much memory",
    "method": "The method is not offered here",
    "not-acceptable": "The result cannot be given in that format",
    "not-found": "There is no such page",
    "parameter": "A parameter is missing or malformed",
    "path-repetition": "A property path repeats itself too deeply",
    "query-encoding": "The request is not valid UTF-8",
    "query-escape": "The query hides letters behind escapes",
    "query-function": "The query uses an unknown function",
    "query-missing": "The request holds no query",
    "query-nesting": "The query is nested too deeply",
    "query-repeated": "The request holds more than one query",
    "query-service": "The query asks another server",
    "query-size": "The query is too long",
    "query-syntax": "The query cannot be read",
    "query-update": "The data cannot be changed here",
    "query-values": "The query lists too many values",
    "result-size": "The result is too large",
    "unavailable": "All query workers are in use",
    "view-gone": "The data was replaced while the query ran",
}


class Problem(Exception):
    """A refusal: HTTP ``status``, a stable ``reason``, what is wrong and what would be right."""

    def __init__(
        self,
        status: int,
        reason: str,
        detail: str,
        advice: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{detail} {advice}")
        self.status = status
        self.reason = reason
        self.detail = detail
        self.advice = advice
        self.headers = dict(headers or {})

    def document(self) -> dict[str, str | int]:
        """Give the members of the problem document."""
        return {
            "type": TYPE_BASE + self.reason,
            "title": TITLES[self.reason],
            "status": self.status,
            "reason": self.reason,
            "detail": self.detail,
            "advice": self.advice,
        }

    def response(self) -> "Response":
        """Give the document as an answer."""
        # query workers import this module too: they need no web framework
        from starlette.responses import Response

        body = json.dumps(self.document(), ensure_ascii=False).encode()
        return Response(body, self.status, self.headers, MEDIA_TYPE)
