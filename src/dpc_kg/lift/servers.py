"""Addresses of database servers: whole for the driver alone, and without a password elsewhere.

An outside mapping may name a server (``d2rq:Database``, as RML-IO's test cases write it). What
the user's own settings of libpq hold must not go to a server that another person named, so such
an address has its own password, if only an empty one, and of libpq's parameters a few.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode

from dpc_kg.lift.document import Document, Node, value

_D2RQ = "http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#"
_SCHEMES = ("postgresql://", "postgres://")
_HARMLESS = frozenset({"application_name", "connect_timeout", "host", "port", "ssl", "sslmode"})
FORM = "postgresql://USER@HOST/DATABASE"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server's address for libpq. It may hold a password: it is never shown."""

    address: str = field(repr=False)


def server_of(text: str) -> Server | None:
    """Give the server that a text is the address of (of libpq or JDBC); None if of none."""
    bare = text.removeprefix("jdbc:")
    return Server(bare) if bare.startswith(_SCHEMES) else None


def may_hold_password(text: str) -> bool:
    """Tell whether a text could be an address, so that no message may repeat it."""
    return re.search(r"(^|=)[a-z][\w+.:-]+:[\\/]|password=", text, re.IGNORECASE) is not None


def declared(document: Document, given: Node) -> str | None:
    """Give the address of a source that is a database, as a plan may hold it: without password.

    Raises:
        MappingError: it is an address of PostgreSQL that is malformed, or sets too much.
    """
    dsn = document.other(given, _D2RQ + "jdbcDSN")
    if dsn is None:
        return None
    if server_of(value(dsn)) is None:
        # another database's: what may hold a user or password is left off
        return re.sub(r"//[^/]*@", "//", re.split("[?;]", value(dsn))[0])
    user = document.other(given, _D2RQ + "username")
    own = None if user is None else value(user)
    return _Parts.of(document, given, value(dsn)).without_password(own)


def declared_servers(path: Path) -> dict[str, Server]:
    """Give the servers that a document names, by the address that its plan holds.

    Raises:
        MappingError: as for `declared`, or the document cannot be read.
    """
    return dict(_servers(Document(path)))


def _servers(document: Document) -> Iterator[tuple[str, Server]]:
    for node in document.subjects():
        dsn = document.other(node, _D2RQ + "jdbcDSN")
        shown = declared(document, node)
        if dsn is None or shown is None or server_of(shown) is None:
            continue
        given = document.other(node, _D2RQ + "password")
        password = _Parts.of(document, node, value(dsn)).password
        password = password if given is None else value(given)
        mark = "&" if "?" in shown else "?"
        yield shown, Server(f"{shown}{mark}password={quote(password, safe='')}")


@dataclass(frozen=True)
class _Parts:
    """An address taken to pieces; ``place`` is what names the server and the database."""

    user: str
    password: str
    place: str
    settings: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, document: Document, node: Node, dsn: str) -> "_Parts":
        main, _, query = dsn.partition("://")[2].partition("?")
        authority, slash, name = main.partition("/")
        login, _, host = authority.rpartition("@")
        user, _, password = login.partition(":")
        settings = dict(parse_qsl(query, keep_blank_values=True))
        user = settings.pop("user", unquote(user))
        password = settings.pop("password", unquote(password))
        if "@" in name or set(settings) - _HARMLESS:
            document.fail(
                "The address of the database is malformed, or sets what a mapping may not set.",
                node,
                f"Write it as {FORM}, with d2rq:username and d2rq:password beside it.",
            )
        return cls(user, password, host + slash + name, tuple(settings.items()))

    def without_password(self, user: str | None) -> str:
        name = self.user if user is None else user
        login = f"{quote(name, safe='')}@" if name else ""
        query = f"?{urlencode(self.settings, quote_via=quote)}" if self.settings else ""
        return f"postgresql://{login}{self.place}{query}"
