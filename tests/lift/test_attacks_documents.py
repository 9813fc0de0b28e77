"""JSON and SQLite made to do harm (attacks 37, 42, 43, 44) in the place of a table."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import DpcError, SourceError

SECONDS = 20
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(b'[{"id": ' + b"[" * 1_000_000, "syntax", id="a million brackets"),
        pytest.param(b'[{"id": ' + b'{"a":' * 200_000, "syntax", id="many braces"),
        pytest.param(b'[{"id": ' + b"[" * 150 + b"]" * 150 + b"}]", "syntax", id="deeper than 100"),
        pytest.param(b'[{"id": 1, "id": 2}]', "syntax", id="a member twice"),
        pytest.param(b'[{"id": 1, "a": {"x": 1, "x": 2}}]', "syntax", id="twice further in"),
        pytest.param(b'[{"id": NaN}]', "syntax", id="NaN"),
        pytest.param(b'[{"id": -Infinity}]', "syntax", id="infinite"),
        pytest.param(b'[{"id": ' + b"9" * 1_000_000 + b"}]", "syntax", id="a million digits"),
        pytest.param(b'[{"id": "\\ud800"}]', "encoding", id="half a surrogate"),
        pytest.param(b'[{"id": "\\u0000"}]', "encoding", id="NUL"),
        pytest.param(b'[{"id": "\xc0\xaf"}]', "encoding", id="overlong"),
        pytest.param(b'[{"id": "\xe9"}]', "encoding", id="latin-1"),
        pytest.param('[{"id": 1}]'.encode("utf-16"), "encoding", id="UTF-16"),
        pytest.param(b'[{"id": "' + b"x" * (17 << 20) + b'"}]', "too-large", id="a text of 17 MB"),
    ],
)
def test_json_that_is_refused(
    read_table: Callable[..., Any], tmp_path: Path, data: bytes, rule: str
) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(data)
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        read_table(path, "id", key="id")
    assert time.monotonic() - start < SECONDS
    assert (caught.value.rule, caught.value.file) == (rule, "t.json")


def database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as con:
        con.executescript(";".join(statements))
        con.commit()
    return path


@POSIX
def test_a_view_cannot_run_for_ever(
    read_table: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from dpc_kg.lift.sources import limits\nlimits.SECONDS = 2\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
    path = database(tmp_path / "t.db", f"CREATE VIEW v AS {endless} SELECT max(id) AS id FROM n")
    start = time.monotonic()
    with pytest.raises(SourceError, match="memory or time"):
        read_table(path, "id")
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize(
    "body",
    [
        "load_extension('/tmp/x')",
        "hex(zeroblob(900000000))",
        "replace(hex(zeroblob(9000000)), '0', '00')",
    ],
)
def test_a_view_cannot_reach_out_or_fill_the_memory(
    read_table: Callable[..., Any], tmp_path: Path, body: str
) -> None:
    path = database(tmp_path / "t.db", f"CREATE VIEW v AS SELECT {body} AS id")
    with pytest.raises(DpcError):
        read_table(path, "id")


def test_a_damaged_database(read_table: Callable[..., Any], tmp_path: Path) -> None:
    rows = ",".join(f"({i}, 'x')" for i in range(5_000))
    path = database(tmp_path / "t.db", "CREATE TABLE t (id, a)", f"INSERT INTO t VALUES {rows}")
    whole = path.read_bytes()
    for data in (whole[:20], whole[:200], whole[:4096] + b"\xff" * (len(whole) - 4096)):
        path.write_bytes(data)
        with pytest.raises(SourceError):
            read_table(path, "id a")
