"""The files of ``mappings/lift/template`` that follow from the sheets.

    python -m dpc_kg.lift.template.folder

writes them: ``mapping.rml.ttl``, ``fields.csv``, ``codes.csv`` and ``headers.csv``.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from dpc_kg.base import assets
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES, local_name
from dpc_kg.lift.template.document import NAME, document
from dpc_kg.lift.template.sheets import LINK, NUMBER, ORGANIZATION, Column, sheets
from dpc_kg.lift.template.wording import choices, header, marked

_HEADS = {
    "fields.csv": ("source", "path", "status", "term", "reason", "presence"),
    "codes.csv": ("list", "value", "code", "scheme"),
    "headers.csv": ("source", "header", "path"),
}


def write(folder: Path | None = None) -> list[Path]:
    """Write the generated files of the mapping, and give their paths."""
    base = folder or assets.root() / "mappings/lift" / NAME
    rows = {"fields.csv": _fields(), "codes.csv": _codes(), "headers.csv": _headers()}
    texts = {name: _csv(_HEADS[name], made) for name, made in rows.items()}
    texts["mapping.rml.ttl"] = document(sheets())
    for name, text in sorted(texts.items()):
        (base / name).write_text(text, encoding="utf-8", newline="\n")
    return [base / name for name in sorted(texts)]


def _fields() -> Iterator[tuple[str, ...]]:
    for sheet in sheets():
        for column in sheet.columns:
            presence = "" if sheet.always(column) else "optional"
            term = f"dpc:{local_name(column.prop or column.target)}"
            yield sheet.name, column.name, "placed", term, _reason(column), presence


def _reason(column: Column) -> str:
    """Say what a column's name and term do not."""
    record = f"dpc:{local_name(column.target)}"
    if column.kind == NUMBER:
        return "the office's own number of the record; leaves only as a keyed pseudonym"
    if column.kind == LINK:
        return f"number of a {record} of the workbook; leaves only as a keyed pseudonym"
    if column.kind == ORGANIZATION:
        return "name of an organisation; leaves only as a keyed pseudonym"
    return "a further code of the same property" if column.place > 1 else ""


def _codes() -> Iterator[tuple[str, ...]]:
    """Give every word that a cell may hold: the notation, and the labels of all languages.

    The words of one code stand together, so that an editor of the file sees what is one.
    """
    schemes = dict.fromkeys(c.scheme for s in sheets() for c in s.columns if c.scheme)
    for scheme in schemes:
        by_code: dict[str, dict[str, None]] = {}
        for lang in LANGS:
            for choice in choices(scheme, lang):
                words = by_code.setdefault(choice.iri, {choice.notation: None})
                words[choice.text] = None
        for iri, words in by_code.items():
            for word in words:
                yield scheme, word, iri.removeprefix(CODES), f"{NAME}-{scheme}"


def _headers() -> Iterator[tuple[str, ...]]:
    """Give every header that a column may have: in all languages, with its mark and without."""
    for sheet in sheets():
        for column in sheet.columns:
            said = [text(column, lang) for lang in LANGS for text in (header, marked)]
            for text in dict.fromkeys(said):
                yield sheet.name, text, column.name


def _csv(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    write()
