"""The files of a synthetic export: tables as CSV with Ruby literals, and the same as JSON."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

from dpc_kg.lift.generate.primero_ruby import cell
from dpc_kg.lift.generate.primero_values import Value
from dpc_kg.lift.ruby import RubyError, parse_ruby

FLAT, NESTED = "flat", "nested"


@dataclass
class Sheet:
    """A table that grows: its header, and the texts and values of its rows side by side."""

    name: str
    header: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list)
    records: list[dict[str, Value]] = field(default_factory=list)

    def add(
        self, fields: dict[str, Value], arrow: str, wrong: tuple[str, str | None] | None = None
    ) -> int:
        """Add a record, perhaps with one wrong text (None: the cell is missing); give its row."""
        texts = [cell(fields.get(column), arrow) for column in self.header]
        values = {column: fields.get(column) for column in self.header}
        row = len(self.rows) + 2
        if wrong is not None:
            column, text = wrong
            at = self.header.index(column)
            texts = texts[:at] if text is None else [*texts[:at], text, *texts[at + 1 :]]
            values[column] = _value(text, values[column])
        self.rows.append(texts)
        self.records.append(values)
        return row

    def write(self, out: Path) -> None:
        """Write the table as CSV."""
        with (out / f"{self.name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(self.header)
            writer.writerows(self.rows)

    def write_json(self, out: Path, form: str) -> None:
        """Write the records as the web service (flat) or the JSON exporter (nested) gives them."""
        records: list[dict[str, Value]] = [
            {k: v for k, v in r.items() if v is not None} for r in self.records
        ]
        if form == FLAT:
            document: object = {
                "data": records,
                "metadata": {"total": len(records), "per": 1000, "page": 1},
            }
        else:
            document = [{"id": r.get("id"), "data": _without(r, "id")} for r in records]
        text = json.dumps(document, ensure_ascii=False, indent=1)
        path = out / f"{self.name}.json"
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _without(record: dict[str, Value], name: str) -> dict[str, Value]:
    return {key: value for key, value in record.items() if key != name}


def _value(text: str | None, right: Value) -> Value:
    """Give the value a wrong text stands for in JSON; a missing cell is no fault there."""
    if text is None:
        return right
    if isinstance(right, list):
        try:
            made: Value = parse_ruby(text)
        except RubyError:
            return text
        return made
    return text or None
