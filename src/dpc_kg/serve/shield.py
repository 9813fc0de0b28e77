"""What holds for every answer: protective headers, and no answer to a name that is not ours."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dpc_kg.serve.problems import Problem


class Shield:
    """ASGI middleware around the whole application.

    ``style`` is the source expression of the one inline style sheet. A page of another site that
    points its own name at this machine is refused by the Host header (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str], style: str) -> None:
        self._app, self._hosts = app, frozenset(hosts)
        self._headers = {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src '{style}'; form-action 'self'; "
                "base-uri 'none'; frame-ancestors 'none'"
            ),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        if self._ours(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, with_headers)
        else:
            await _strange().response()(scope, receive, with_headers)

    def _ours(self, host: str) -> bool:
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return name.lower() in self._hosts


def _strange() -> Problem:
    return Problem(
        421,
        "host",
        "The request names a host this server does not answer to.",
        "Use the address the server printed when it started.",
    )
