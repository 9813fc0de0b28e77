"""One export in several formats lifts to the same bytes; the published source cases are read."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dpc_kg.base.assets import mapping_dir
from dpc_kg.lift.plan import Source
from dpc_kg.lift.sources.copies import read_bytes

RML = "http://w3id.org/rml/"


def test_an_export_as_csv_packed_or_as_a_workbook(
    lift_of: Callable[..., Any], tmp_path: Path
) -> None:
    sample = mapping_dir("primero") / "sample.csv"
    text = sample.read_text(encoding="utf-8")
    (tmp_path / "cases.csv.gz").write_bytes(gzip.compress(text.encode()))
    book = xlsxwriter.Workbook(str(tmp_path / "cases.xlsx"))
    sheet = book.add_worksheet("Cases")
    for at, row in enumerate(csv.reader(io.StringIO(text, newline=""))):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(at, place, cell)
    book.close()
    expected = lift_of("primero", {"cases": sample})
    for name in ("cases.csv.gz", "cases.xlsx"):
        made = lift_of("primero", {"cases": tmp_path / name})
        assert (made.data, made.rows) == (expected.data, expected.rows)


@pytest.mark.parametrize(
    ("case", "name", "declared"),
    [
        ("RMLSTC0001b", "Friends-UTF16.json", {"encoding": f"{RML}UTF-16"}),
        ("RMLSTC0002b", "Friends.json.gz", {"compression": f"{RML}gzip"}),
        ("RMLSTC0002c", "Friends.json.zip", {"compression": f"{RML}zip"}),
        ("RMLSTC0002d", "Friends.json.tar.xz", {"compression": f"{RML}tarxz"}),
        ("RMLSTC0002e", "Friends.json.tar.gz", {"compression": f"{RML}targz"}),
    ],
)
def test_the_published_source_cases(
    shared: Path, case: str, name: str, declared: dict[str, str]
) -> None:
    path = shared / "suites/rml-io/test-cases" / case / name
    friends = shared / "suites/rml-io/test-cases/RMLSTC0001a/Friends.json"
    made = read_bytes(Source("t", name, "JSONPath", **declared), path)  # type: ignore[arg-type]
    assert json.loads(made) == json.loads(friends.read_text(encoding="utf-8"))
