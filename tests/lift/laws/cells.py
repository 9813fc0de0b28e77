"""Small exports of every format: cells drawn at random, written by the libraries people use."""

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from hypothesis import strategies as st
from lxml import etree

Scalar = str | int | float | bool | None
Record = dict[str, Any]
"""Members by name; ``kids`` is a list of inner records, ``tags`` a list of scalars."""

FORMATS = (
    "csv", "semicolon", "tsv", "xlsx", "json", "wrapped", "ndjson", "xml", "parquet", "sqlite",
)  # fmt: skip
DOCUMENTS = {"json", "wrapped", "ndjson", "xml"}
TYPED = {"json", "wrapped", "ndjson", "parquet", "sqlite"}
SUFFIX = {
    "semicolon": "csv", "wrapped": "json", "ndjson": "json", "sqlite": "db"
}  # fmt: skip
KIDS, TAGS = "kids", "tags"

_WORDS = (
    "", " ", "a", "B7", "b/c", "007", "12", "-3", "1 234", "1,234", "9" * 40, "no", "Yes", "héé",
    "日本", "𝒳y", "a b", " pad ", "q'q", 'say "x"', "x;y,z", "50%", "{b}", "b\\s", "<i>&amp;",
    "http://example.net/x?y=1#z", "http://example.net/a b", "urn:x:1", "2024-02-29", "2023-02-29",
    "2024-03-05T10:20:30+02:00", "31/12/2024", "null", "None", "NULL", "\u00a0", "e\u0301", "\\N",
    "tab\there", "true", "unknown", "=1+1", "#", "@x", "~",
)  # fmt: skip
_LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))


def words(form: str) -> st.SearchStrategy[str]:
    """Give texts of cells: awkward words, and letters of anywhere."""
    lines = ["two\nlines", "\n"] if form != "xlsx" else []
    return st.one_of(st.sampled_from([*_WORDS, *lines]), st.text(_LETTERS, max_size=6))


@dataclass(frozen=True)
class Table:
    """What stands in a file: a format, the names of its members and its records.

    ``kinds`` says of a typed table what its columns hold.
    """

    form: str
    names: tuple[str, ...]
    records: tuple[Record, ...]
    kinds: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Give the name of the file."""
        return f"t.{SUFFIX.get(self.form, self.form)}"

    @property
    def first(self) -> int:
        """Give the number of the first record: 2 below a header."""
        return 2 if self.form in {"csv", "semicolon", "tsv", "xlsx"} else 1


def _names(form: str) -> tuple[str, ...]:
    if form == "xml":
        return ("id", "a", "B", "b", "@d")
    if form in DOCUMENTS:
        return ("id", "a", "B", "b", "c d")
    if form in {"parquet", "sqlite"}:
        # databases do not tell B from b
        return ("id", "a", "b", "c d", "é.f")
    return ("id", "a", "B", "b", "c d", "é.f")


_OTHERS: dict[str, st.SearchStrategy[Any]] = {
    "BIGINT": st.integers(-(2**53), 2**53),
    "DOUBLE": st.integers(-4000, 4000).map(lambda n: n / 4 + 0.125),
    "BOOLEAN": st.booleans(),
}


def _value(form: str, kind: str) -> st.SearchStrategy[Scalar]:
    if kind != "VARCHAR":
        return st.one_of(st.none(), _OTHERS[kind])
    if form in {"json", "wrapped", "ndjson"}:
        numbers = st.one_of(*_OTHERS.values())
        return st.one_of(st.none(), words(form), words(form), numbers)
    if form == "sqlite":
        return st.one_of(st.none(), words(form), _OTHERS["BIGINT"], _OTHERS["DOUBLE"])
    return st.one_of(st.none(), words(form), words(form))


@st.composite
def tables(draw: st.DrawFn, form: str) -> Table:
    """Draw a table of one to five records, each with a key of its own or one of another."""
    names = _names(form)
    kinds = ["VARCHAR"] * len(names)
    if form == "parquet":
        kinds[1:] = [draw(st.sampled_from(["VARCHAR", "VARCHAR", *_OTHERS])) for _ in names[1:]]
    records = []
    for _ in range(draw(st.integers(1, 5))):
        record: Record = {"id": draw(st.sampled_from(["1", "k 2", "k/3", "ké", "5#"]))}
        for name, kind in zip(names[1:], kinds[1:], strict=True):
            if form not in DOCUMENTS or draw(st.booleans()):
                record[name] = draw(_value(form, kind))
        if form in DOCUMENTS:
            text = _value(form, "VARCHAR")
            inner = st.fixed_dictionaries({}, optional={"x": text, "y": text})
            record[KIDS] = draw(st.lists(inner, max_size=3))
            record[TAGS] = draw(st.lists(text, max_size=3))
        records.append(record)
    return Table(form, names, tuple(records), tuple(kinds))


# -- writing


def write(table: Table, folder: Path) -> Path:
    """Write the file of a table into a folder."""
    path = folder / table.file
    _WRITERS[table.form](table, path)
    return path


def _rows(table: Table) -> list[list[Scalar]]:
    return [[record.get(name) for name in table.names] for record in table.records]


def _csv(delimiter: str) -> Callable[[Table, Path], None]:
    def write_csv(table: Table, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
            writer.writerow(table.names)
            writer.writerows(_rows(table))

    return write_csv


def _xlsx(table: Table, path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Cases")
    rows: list[list[Scalar]] = [list(table.names), *_rows(table)]
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is not None:
                sheet.write_string(at, place, str(cell))
    book.close()


def _json(table: Table, path: Path) -> None:
    records = list(table.records)
    text = json.dumps({"n": 1, "data": records} if table.form == "wrapped" else records)
    if table.form == "ndjson":
        text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    path.write_text(text, encoding="utf-8", newline="\n")


def _xml(table: Table, path: Path) -> None:
    top = etree.Element("r")
    for record in table.records:
        item = etree.SubElement(top, "i")
        for name, value in record.items():
            if name == KIDS:
                _inner(etree.SubElement(item, KIDS), "k", value)
            elif name == TAGS:
                for tag in value:
                    _leaf(item, TAGS, tag)
            elif name.startswith("@"):
                if value is not None:
                    # an attribute keeps no line break or tab (XML, attribute-value normalization)
                    item.set(name[1:], value)
            else:
                _leaf(item, name, value)
    etree.ElementTree(top).write(str(path), encoding="utf-8", xml_declaration=True)


def _inner(top: etree._Element, name: str, records: list[Record]) -> None:
    for record in records:
        item = etree.SubElement(top, name)
        for member, value in record.items():
            _leaf(item, member, value)


def _leaf(item: etree._Element, name: str, value: Scalar) -> None:
    if value is not None:
        etree.SubElement(item, name).text = str(value)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _parquet(table: Table, path: Path) -> None:
    columns = zip(table.names, table.kinds, strict=True)
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t ({', '.join(f'{_quoted(n)} {k}' for n, k in columns)})")
        marks = ", ".join("?" for _ in table.names)
        con.executemany(f"INSERT INTO t VALUES ({marks})", _rows(table))
        con.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def _sqlite(table: Table, path: Path) -> None:
    with closing(sqlite3.connect(path)) as con:
        con.execute(f"CREATE TABLE cases ({', '.join(map(_quoted, table.names))})")
        marks = ", ".join("?" for _ in table.names)
        con.executemany(f"INSERT INTO cases VALUES ({marks})", _rows(table))
        con.commit()


_WRITERS: dict[str, Callable[[Table, Path], None]] = {
    "csv": _csv(","),
    "semicolon": _csv(";"),
    "tsv": _csv("\t"),
    "xlsx": _xlsx,
    "json": _json,
    "wrapped": _json,
    "ndjson": _json,
    "xml": _xml,
    "parquet": _parquet,
    "sqlite": _sqlite,
}
