"""The DuckDB connection a lift runs on: closed to the network, private, with our macros."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dpc_kg.lift.functions import quote

_BLOCK = 64

# xsd:dateTime without a zone is read as UTC: partner systems that omit it store UTC. Offsets and
# years stay within what xsd:dateTime can say. The cast knows no space before a zone, and no UTC.
_ZONE = r"Z|UTC|[+-](0\d:?[0-5]\d|1[0-3]:?[0-5]\d|14:?00)"
_FORM = rf"\d{{4}}-\d{{2}}-\d{{2}}([T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?( ?({_ZONE}))?)?"
_MOMENT = rf"""
CASE WHEN regexp_full_match(v, '{_FORM}')
THEN make_timestamp(epoch_us(TRY_CAST(
  substr(v, 1, 11) || replace(replace(substr(v, 12), ' ', ''), 'UTC', 'Z') AS TIMESTAMPTZ)))
END"""
_UTC = """
CASE WHEN substr(v, 1, 4) BETWEEN '0002' AND '9998' THEN date_trunc('second', dpc_moment(v)) END"""

# Unreserved ASCII and the ucschar ranges of RFC 3987 stay; all else is percent-encoded (RML-Core).
_IRI_SAFE = r"""
CASE WHEN regexp_full_match(v, '[A-Za-z0-9._~-]*') THEN v ELSE
array_to_string(list_transform(string_split(v, ''), lambda c:
  CASE WHEN regexp_full_match(c, '[A-Za-z0-9._~-]') OR (unicode(c) BETWEEN 160 AND 55295)
    OR (unicode(c) BETWEEN 63744 AND 64975) OR (unicode(c) BETWEEN 65008 AND 65519)
    OR (unicode(c) BETWEEN 65536 AND 917503 AND unicode(c) % 65536 < 65534)
    OR (unicode(c) BETWEEN 921600 AND 983037) THEN c
  ELSE regexp_replace(hex(encode(c)), '(..)', '%\1', 'g') END), '') END"""

# A URI keeps unreserved ASCII only (RFC 3986).
_URI_SAFE = r"""
CASE WHEN regexp_full_match(v, '[A-Za-z0-9._~-]*') THEN v ELSE
array_to_string(list_transform(string_split(v, ''), lambda c:
  CASE WHEN regexp_full_match(c, '[A-Za-z0-9._~-]') THEN c
  ELSE regexp_replace(hex(encode(c)), '(..)', '%\1', 'g') END), '') END"""

_ESCAPE = r"""
replace(replace(replace(replace(replace(v, '\', '\\'), '"', '\"'),
  chr(10), '\n'), chr(13), '\r'), chr(1), '\u0001')"""


@contextmanager
def connect(
    work: Path,
    allowed: list[Path],
    partner_key: bytes | None,
    coalition_key: bytes | None,
    memory: str | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that may read ``allowed`` and write ``work``, and nothing else.

    What is over ``memory`` is laid down in ``work``.
    """
    con = duckdb.connect(config={"threads": 2, "autoinstall_known_extensions": "false"})
    try:
        _macros(con)
        con.execute("SET TimeZone = 'UTC'")
        _key(con, "partner", partner_key)
        _key(con, "coalition", coalition_key)
        con.execute(f"SET temp_directory = {quote(str(work / 'spill'))}")
        if memory is not None:
            con.execute(f"SET memory_limit = {quote(memory)}")
        folders = ", ".join(quote(str(p)) for p in [*allowed, work])
        con.execute(f"SET allowed_directories = [{folders}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con
    finally:
        con.close()


def _macros(con: duckdb.DuckDBPyConnection) -> None:
    # white space around a cell says nothing: XML and hand-kept tables have it
    con.execute("CREATE MACRO dpc_clean(v) AS nullif(trim(v, ' \t\n\r'), '')")
    con.execute(f"CREATE MACRO dpc_moment(v) AS ({_MOMENT})")
    con.execute(f"CREATE MACRO dpc_utc(v) AS ({_UTC})")
    con.execute(f"CREATE MACRO dpc_iri_safe(v) AS ({_IRI_SAFE})")
    con.execute(f"CREATE MACRO dpc_uri_safe(v) AS ({_URI_SAFE})")
    con.execute(f"CREATE MACRO dpc_escape(v) AS ({_ESCAPE})")
    con.execute(
        r"CREATE MACRO dpc_day_first(v) AS "
        r"regexp_matches(v, '^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}($|[^0-9])')"
    )
    for scope in ("partner", "coalition"):
        con.execute(
            f"CREATE MACRO dpc_{scope}(v) AS sha256(unhex(getvariable('{scope}_outer'))"
            f" || unhex(sha256(unhex(getvariable('{scope}_inner')) || encode(v))))"
        )


def _key(con: duckdb.DuckDBPyConnection, scope: str, key: bytes | None) -> None:
    """Hand a key over as the two padded blocks of HMAC (RFC 2104), bound, never as SQL text."""
    raw = key or b""
    if len(raw) > _BLOCK:
        raw = hashlib.sha256(raw).digest()
    block = raw.ljust(_BLOCK, b"\0")
    inner, outer = bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)
    con.execute(f"SET VARIABLE {scope}_inner = $pad", {"pad": inner.hex()})
    con.execute(f"SET VARIABLE {scope}_outer = $pad", {"pad": outer.hex()})
