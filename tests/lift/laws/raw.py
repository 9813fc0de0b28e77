"""The cells of a file, read with the libraries of others: the truth the lift is compared with."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from lxml import etree

from tests.lift.laws.cells import DOCUMENTS, KIDS, Table

DELIMITERS = {"csv": ",", "semicolon": ";", "tsv": "\t"}


@dataclass(frozen=True)
class Cell:
    """A filled cell: its text, natural datatype (None for text), record and column or path."""

    text: str
    natural: str | None
    row: int
    column: str


@dataclass(frozen=True)
class RawRecord:
    """A record: its cells by reference, and its inner records."""

    row: int
    cells: dict[str, list[Cell]]
    kids: tuple["RawRecord", ...] = ()

    def values(self, reference: str) -> list[Cell]:
        """Give the cells a reference reaches."""
        return self.cells.get(reference, [])


def scalar(value: Any) -> tuple[str, str | None] | None:
    """Give text and natural datatype of a value of JSON, SQLite or Parquet; None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return ("true" if value else "false"), "boolean"
    if isinstance(value, int):
        return str(value), "integer"
    if isinstance(value, float):
        return repr(value), "double"
    return str(value), None


def read(table: Table, path: Path) -> list[RawRecord]:
    """Give the records of a file."""
    if table.form == "xml":
        return [_of_element(e, n) for n, e in enumerate(etree.parse(str(path)).getroot(), start=1)]
    if table.form in DOCUMENTS:
        return [_of_object(o, n, "") for n, o in enumerate(_objects(table, path), start=1)]
    return [
        RawRecord(row, {n: _cells(v, row, n) for n, v in zip(table.names, values, strict=True)})
        for row, values in enumerate(_rows(table, path), start=table.first)
    ]


def _cells(value: Any, row: int, column: str) -> list[Cell]:
    made = scalar(value)
    return [] if made is None else [Cell(*made, row, column)]


def _rows(table: Table, path: Path) -> Iterator[list[Any]]:
    if table.form in DELIMITERS:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, delimiter=DELIMITERS[table.form])
            next(rows)
            yield from rows
    elif table.form == "xlsx":
        book = openpyxl.load_workbook(path)
        for row in book.worksheets[0].iter_rows(min_row=2, max_col=len(table.names)):
            # a workbook shows no difference between an empty text and no text
            yield [cell.value or None for cell in row]
        book.close()
    elif table.form == "sqlite":
        with closing(sqlite3.connect(path)) as con:
            yield from (list(row) for row in con.execute("SELECT * FROM cases"))
    else:
        with duckdb.connect() as con:
            yield from (list(row) for row in con.read_parquet(str(path)).fetchall())


def _objects(table: Table, path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if table.form == "ndjson":
        return [json.loads(line) for line in text.split("\n") if line]
    made = json.loads(text)
    found: list[dict[str, Any]] = made["data"] if table.form == "wrapped" else made
    return found


def _member(name: str) -> str:
    return name if name.isidentifier() else f"['{name}']"


def _of_object(record: dict[str, Any], row: int, at: str) -> RawRecord:
    cells: dict[str, list[Cell]] = {}
    for name, value in record.items():
        if isinstance(value, list):
            items = [] if name == KIDS else value
            reference = f"$.{name}[*]"
            cells[reference] = [c for v in items for c in _cells(v, row, f"{at}{name}[*]")]
        else:
            reference = f"$.{name}" if name.isidentifier() else f"$['{name}']"
            cells[reference] = _cells(value, row, f"{at}{_member(name)}")
    kids = tuple(
        _of_object(kid, row, f"{KIDS}[{number}].")
        for number, kid in enumerate(record.get(KIDS, []), start=0)
    )
    return RawRecord(row, cells, kids)


def _of_element(element: etree._Element, row: int, at: str = "") -> RawRecord:
    cells: dict[str, list[Cell]] = {}
    for key, text in element.attrib.items():
        cells[f"@{key!s}"] = [Cell(str(text), None, row, f"{at}@{key!s}")]
    for child in element:
        name = str(child.tag)
        if name != KIDS:
            text = child.text or ""
            cells.setdefault(name, []).append(Cell(text, None, row, f"{at}{name}"))
    inner = element.findall(f"{KIDS}/k")
    kids = tuple(
        _of_element(k, row, f"{KIDS}/k[{n}]/" if len(inner) > 1 else f"{KIDS}/k/")
        for n, k in enumerate(inner, start=1)
    )
    return RawRecord(row, cells, kids)
