"""How CSV files are read quickly: by DuckDB, in parts, whatever lies at the edges of the parts."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.sources import delimited

ROWS = 4_000
UGLY = ("plain", "two\nlines", 'a "quote", b', "row\r\n1,x,y\r\nmore", "é" * 30, '"')


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_quoted_line_breaks_may_lie_at_the_edge_of_a_buffer(
    read_table: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(delimited, "_LINE", 1 << 13)
    monkeypatch.setattr(delimited, "_BUFFER", 1 << 14)
    path = _written(tmp_path / "t.csv", ending)
    assert path.stat().st_size > 6 * delimited._BUFFER
    wanted = [(n + 2, str(n), UGLY[n % 6], UGLY[n % 5]) for n in range(ROWS)]
    assert read_table(path).rows == wanted


@pytest.mark.parametrize("rows", [1, 2, 5_000])
def test_a_row_whose_quote_stays_open_is_never_dropped(
    read_table: Callable[..., Any], tmp_path: Path, rows: int
) -> None:
    path = tmp_path / "t.csv"
    head = "".join(f"{n},x,y\n" for n in range(1, rows))
    path.write_text(f'id,a,b\n{head}{rows},"x,y\n{rows + 1},x,y\n', encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_table(path)
    assert (caught.value.rule, caught.value.line) == ("quote", rows + 1)


def test_a_row_longer_than_duckdb_reads_is_read_by_the_other_reader(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    long = "x" * (delimited._LINE + 1)
    path.write_text(f"id,a,b\n1,{long},y\n2,,z\n", encoding="utf-8")
    assert read_table(path).rows == [(2, "1", long, "y"), (3, "2", None, "z")]


def _written(path: Path, ending: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator=ending)
        rows.writerow(("id", "a", "b"))
        rows.writerows((n, UGLY[n % 6], UGLY[n % 5]) for n in range(ROWS))
    return path
