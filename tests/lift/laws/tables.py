"""Walks over tables: CSV, the sheets of a workbook, JSON records of the same columns."""

import csv
import json
import re
from typing import Any

import openpyxl

from tests.lift.laws.leaves import Walk, setter

EXTRA = "zz note"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|=>|nil')


def table(walk: Walk) -> None:
    """Walk over a CSV file and write it again."""
    with walk.path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    for number, row in enumerate(rows, start=2):
        for place, name in enumerate(header[: len(row)]):
            if row[place].strip():
                _cell(walk, number, row, place, name)
        if walk.undeclared is not None:
            row.append(walk.undeclared())
    if walk.undeclared is not None:
        header.append(EXTRA)
    with walk.path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def _cell(walk: Walk, number: int, row: list[str], place: int, name: str) -> None:
    """Visit a cell, and the members of what stands in it as a literal of JSON or Ruby."""

    def put(text: str) -> None:
        row[place] = text

    whole = row[place]
    node = _literal(whole)
    if node is None:
        walk.leaf(number, name, whole, put)
        return
    walk.leaf(number, name, whole, put, "whole")
    if row[place] == whole:
        before = json.dumps(node)
        walk.members(number, name, node, "member")
        if json.dumps(node) != before:
            row[place] = _ruby(node) if "=>" in whole else json.dumps(node, ensure_ascii=False)


def _literal(text: str) -> Any:
    """Give the list or object that a literal says; None where the cell holds none."""
    if not text.startswith(("[", "{")):
        return None
    swapped = {"=>": ":", "nil": "null"}
    try:
        return json.loads(_TOKEN.sub(lambda m: swapped.get(m[0], m[0].replace("\\#", "#")), text))
    except ValueError:
        return None


def _ruby(node: Any) -> str:
    if isinstance(node, list):
        return f"[{', '.join(map(_ruby, node))}]"
    if isinstance(node, dict):
        return f"{{{', '.join(f'{_ruby(k)} => {_ruby(v)}' for k, v in node.items())}}}"
    text = json.dumps(node, ensure_ascii=False)
    return "nil" if node is None else re.sub(r"#(?=[{$@])", r"\\#", text)


def book(walk: Walk) -> None:
    """Walk over a sheet of a workbook and write the workbook again."""
    found = openpyxl.load_workbook(walk.path)
    sheet = found[walk.source.table or ""]
    header = [cell.value for cell in sheet[1]]
    for number, row in enumerate(sheet.iter_rows(min_row=2), start=2):
        for cell, name in zip(row, header, strict=False):
            if cell.value is not None and str(cell.value).strip():

                def put(text: str, cell: Any = cell) -> None:
                    cell.value, cell.number_format = text, "General"

                walk.leaf(number, str(name), str(cell.value), put)
        if walk.undeclared is not None:
            sheet.cell(number, len(header) + 1, walk.undeclared())
    if walk.undeclared is not None:
        sheet.cell(1, len(header) + 1, EXTRA)
    found.save(walk.path)


def tabular(walk: Walk) -> None:
    """Walk over the JSON form of a table: a list or one named ``data``, each with its columns."""
    document = json.loads(walk.path.read_text(encoding="utf-8-sig"))
    records = document["data"] if isinstance(document, dict) else document
    for number, record in enumerate(records, start=1):
        nested = isinstance(record.get("data"), dict)
        for columns in (record, record["data"]) if nested else (record,):
            for name in [n for n in columns if columns[n] is not record.get("data")]:
                _value(walk, number, name, columns)
        if walk.undeclared is not None:
            columns["zzNote"] = walk.undeclared()
    walk.path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _value(walk: Walk, number: int, name: str, columns: dict[str, Any]) -> None:
    """Visit a column of a record; a list or an object is a cell as a literal is one."""
    value = columns[name]
    if isinstance(value, list | dict):
        walk.leaf(number, name, json.dumps(value), setter(columns, name), "whole")
        walk.members(number, name, value, "member")
    elif value is not None and str(value).strip():
        walk.leaf(number, name, str(value), setter(columns, name))
