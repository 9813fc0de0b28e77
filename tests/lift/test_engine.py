"""The connection a lift runs on: its macros against plain Python, and what it may not do."""

import hashlib
import hmac
import importlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.lift.engine import connect

# named this way, the test module holds no module of the engine: at exit it would be told as leaked
Failure: type[Exception] = importlib.import_module("duckdb").Error
PARTNER, COALITION = b"p" * 32, b"a key longer than one block of SHA-256 " * 3
# RFC 3987: iunreserved = ALPHA / DIGIT / "-" / "." / "_" / "~" / ucschar
UCSCHAR = [(0xA0, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFEF)]
UCSCHAR += [(plane << 16, (plane << 16) + 0xFFFD) for plane in range(1, 14)]
UCSCHAR += [(0xE1000, 0xEFFFD)]
EDGES = [chr(c) for low, high in UCSCHAR for c in (low - 1, low, high, high + 1)]
EDGES = [c for c in EDGES if not "\ud800" <= c <= "\udfff"]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    work = tmp_path_factory.mktemp("work")
    with connect(work, [], PARTNER, COALITION) as made:
        yield made


def ask(con: Any, macro: str, value: str | None) -> Any:
    row = con.execute(f"SELECT {macro}($v::VARCHAR)", {"v": value}).fetchone()
    assert row is not None
    return row[0]


LETTERS = st.characters(codec="utf-8") | st.sampled_from(EDGES) | st.sampled_from("a\u0301\u200d'%")
TEXTS = st.text(LETTERS, max_size=20)


@given(TEXTS)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_pseudonyms_in_sql_are_the_hmac(con: Any, text: str) -> None:
    for scope, key in (("partner", PARTNER), ("coalition", COALITION)):
        expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        assert ask(con, f"dpc_{scope}", text) == expected


@given(st.binary(min_size=1, max_size=200))
@settings(derandomize=True, deadline=None, max_examples=8)
def test_pseudonyms_under_any_key(key: bytes) -> None:
    with connect(Path(), [], key, None) as con:
        assert ask(con, "dpc_partner", "é") == hmac.new(key, "é".encode(), "sha256").hexdigest()


def unreserved(letter: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9._~-]", letter) is not None or any(
        low <= ord(letter) <= high for low, high in UCSCHAR
    )


@given(TEXTS)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_iri_safe_follows_rfc_3987(con: Any, text: str) -> None:
    expected = "".join(
        c if unreserved(c) else "".join(f"%{byte:02X}" for byte in c.encode()) for c in text
    )
    assert ask(con, "dpc_iri_safe", text) == expected


@pytest.mark.parametrize("letter", EDGES, ids=lambda c: f"U+{ord(c):04X}")
def test_iri_safe_at_the_edges_of_each_range(con: Any, letter: str) -> None:
    assert (ask(con, "dpc_iri_safe", letter) == letter) is unreserved(letter)


@given(TEXTS)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_escaped_text_is_read_back_as_a_literal(con: Any, text: str) -> None:
    import pyoxigraph as ox

    line = f'<urn:a> <urn:b> "{ask(con, "dpc_escape", text)}" .\n'
    assert line.count("\n") == 1
    (quad,) = ox.parse(line.encode(), format=ox.RdfFormat.N_QUADS)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == text


OFFSETS = st.integers(-14 * 60, 14 * 60)
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31))


@given(MOMENTS, st.one_of(st.none(), OFFSETS), st.sampled_from("T "), st.sampled_from([":", ""]))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_utc_is_what_datetime_says(
    con: Any, moment: datetime, offset: int | None, mark: str, colon: str
) -> None:
    text = moment.isoformat(sep=mark)
    zone = UTC if offset is None else timezone(timedelta(minutes=offset))
    if offset is not None:
        sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
        text += f"{sign}{hours:02}{colon}{minutes:02}"
    expected = moment.replace(tzinfo=zone, microsecond=0).astimezone(UTC).replace(tzinfo=None)
    assert ask(con, "dpc_utc", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-17", "2024-05-17T00:00:00"),
        ("2024-05-17T10:30", "2024-05-17T10:30:00"),
        ("2024-05-17T10:30Z", "2024-05-17T10:30:00"),
        ("2024-05-17T10:30:15.999Z", "2024-05-17T10:30:15"),
        ("2024-05-17 10:30:15 UTC", "2024-05-17T10:30:15"),
        ("2024-05-17 10:30:15 +0530", "2024-05-17T05:00:15"),
        ("2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00"),
        ("2024-05-17T10:30:00-00:00", "2024-05-17T10:30:00"),
        ("2024-05-17T10:30:00.123456789123Z", "2024-05-17T10:30:00"),
        ("2024-02-30", None),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("2024-05-17T25:00:00Z", None),
        ("2024-05-17T10:61:00Z", None),
        ("2024-05-17T10:30:00+14:01", None),
        ("2024-05-17T10:30:00+99:99", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0000-01-01", None),
        ("17/05/2024", None),
        ("2024/05/17", None),
        ("2024-5-17", None),
        ("20240517", None),
        ("2024", None),
        ("2024-05-17x", None),
        ("x2024-05-17", None),
        ("2024-05-17\n", None),
        ("٢٠٢٤-٠٥-١٧", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(con: Any, text: str | None, expected: str | None) -> None:
    found = ask(con, "dpc_utc", text)
    assert (None if found is None else found.isoformat()) == expected


@pytest.mark.parametrize(
    ("text", "day_first"),
    [
        ("17/05/2024", True),
        ("5.3.2024", True),
        ("17-05-2024 10:00", True),
        ("05/03/2024", True),
        ("2024/05/17", False),
        ("17 May 2024", False),
        ("17/05/24", False),
        ("17/05/20245", False),
    ],
)
def test_days_written_first(con: Any, text: str, day_first: bool) -> None:
    assert ask(con, "dpc_day_first", text) is day_first


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{outside}')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        "COPY (SELECT 1) TO '{outside}'",
        "ATTACH '{outside}.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
    ],
)
def test_nothing_outside_is_read_or_written(tmp_path: Path, statement: str) -> None:
    secret, work = tmp_path / "secret.csv", tmp_path / "work"
    secret.write_text("a\n1\n", encoding="utf-8")
    work.mkdir()
    with connect(work, [work], PARTNER, None) as con, pytest.raises(Failure):
        con.execute(statement.format(outside=secret.as_posix())).fetchall()
    assert secret.read_text(encoding="utf-8") == "a\n1\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret.csv", "work"]


def test_keys_stand_in_no_setting(con: Any) -> None:
    shown = repr(con.execute("SELECT * FROM duckdb_settings()").fetchall())
    shown += repr(con.execute("SELECT * FROM duckdb_functions() WHERE function_name LIKE 'dpc%'"))
    assert PARTNER.decode() not in shown
    assert PARTNER.hex() not in shown


def test_a_failed_statement_leaves_the_connection_usable(con: Any) -> None:
    with suppress(Failure):
        con.execute("SELECT no_such")
    assert ask(con, "dpc_utc", "2024-05-17").year == 2024
