"""The folder of a draft: README.md, mapping.rml.ttl, fields.csv, codes.csv."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.mapdraft.choose import SourceDraft, choose
from dpc_kg.lift.mapdraft.codes import lists
from dpc_kg.lift.mapdraft.document import document
from dpc_kg.lift.mapdraft.findings import CODES, FIELDS, GUESS, MAPPING, table_lines
from dpc_kg.lift.mapdraft.observe import can_observe, observe, source_name
from dpc_kg.lift.mapdraft.observed import Observed
from dpc_kg.lift.mapdraft.readme import readme
from dpc_kg.lift.mapdraft.revise import revised
from dpc_kg.lift.mapdraft.workbook import is_workbook
from dpc_kg.lift.rml import compile_rml

_FIELDS = ("source", "path", "status", "term", "reason")
_CODES = ("list", "value", "code", "scheme", "reason")


def draft(
    files: list[Path], out: Path, cls: str | None = None, sheet: str | None = None
) -> tuple[SourceDraft, ...]:
    """Write the draft of a mapping for some files into a new folder, and give what it proposes.

    Of a workbook one sheet is read: that of the title ``sheet``, or the only one with a table. No
    file is copied; of the cells only frequent values of recognised lists are written. The same
    files give the same bytes.

    Raises:
        DpcError: the folder holds something, two files have one name, or no class can be guessed;
            it is not clear which sheet of a workbook is meant, or where its header stands.
        SourceError: a file cannot be read.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DpcError("This exists already.", file=str(out), advice="Name a new folder.")
    made = tuple(choose(one, cls) for one in _observed(files, sheet, {}))
    name = source_name(out.resolve())
    out.mkdir(parents=True, exist_ok=True)
    _write(out / MAPPING, document(name, made))
    _write(out / FIELDS, _csv(_FIELDS, _field_rows(made)))
    _write(out / CODES, _csv(_CODES, _code_rows(made)))
    _write(out / "README.md", readme(name, made))
    return made


def redraft(files: list[Path], folder: Path, sheet: str | None = None) -> tuple[SourceDraft, ...]:
    """Write the mapping document anew from the decisions of people.

    ``fields.csv`` and ``codes.csv`` keep the lines they have; fields and lists they do not know
    yet are added as guesses, and guesses about lists that are no longer read are taken out.
    ``mapping.rml.ttl`` is overwritten; the sheet that it named is read again, unless another is
    asked for.

    Raises:
        DpcError: there is no draft in the folder, or a decision cannot be carried out (its line);
            it is not clear which sheet of a workbook is meant, or where its header stands.
        SourceError: a file cannot be read.
    """
    for name in (FIELDS, CODES):
        if not (folder / name).is_file():
            advice = "Make a draft first: map init FILE -o FOLDER"
            raise DpcError("There is no draft here.", file=str(folder / name), advice=advice)
    lines = list(table_lines(folder / FIELDS))
    sheets = _sheets_named(folder / MAPPING)
    made = tuple(revised(one, lines) for one in _observed(files, sheet, sheets))
    kept = [tuple(line[c] for c in _FIELDS) for line in lines]
    known = {row[:2] for row in kept}
    kept += [row for row in _field_rows(made) if row[:2] not in known]
    used = {one.name for d in made for one in lists(d)}
    codes = [
        tuple(line[c] for c in _CODES)
        for line in table_lines(folder / CODES)
        if line["list"] in used or not line["reason"].startswith(GUESS)
    ]
    lists_there = {row[0] for row in codes}
    codes += [row for row in _code_rows(made) if row[0] not in lists_there]
    _write(folder / MAPPING, document(source_name(folder.resolve()), made))
    _write(folder / FIELDS, _csv(_FIELDS, kept))
    _write(folder / CODES, _csv(_CODES, codes))
    return made


def _named(files: list[Path]) -> list[Path]:
    """Give the files, each of which must be there and give a name of its own."""
    for file in files:
        if not file.exists():
            raise DpcError("There is no such file.", file=str(file))
    names = [source_name(f) for f in files]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise DpcError(
            "Two files give one name of a source.", term=twice[0], advice="Rename one of them."
        )
    return files


def _observed(
    files: list[Path], sheet: str | None, sheets: dict[str, str | None]
) -> list[Observed]:
    """Give what the files hold; ``sheet`` is read of a workbook, else the one named before."""
    in_order = sorted(_named(files), key=source_name)
    if sheet is not None and not any(is_workbook(f) for f in in_order if can_observe(f)):
        raise DpcError(
            "Only a workbook has sheets, and no file is one.",
            term="--sheet",
            advice="Leave it out, or give the workbook.",
        )
    return [observe(f, sheet or sheets.get(source_name(f))) for f in in_order]


def _sheets_named(mapping: Path) -> dict[str, str | None]:
    """Give the sheet that each source of a mapping names; none of one that cannot be read."""
    try:
        return {s.given: s.table for s in compile_rml(mapping).sources}
    except (DpcError, OSError):
        return {}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _field_rows(drafts: tuple[SourceDraft, ...]) -> list[tuple[str, ...]]:
    rows = (
        (d.observed.name, c.field.path, c.status, c.term, c.reason)
        for d in drafts
        for c in d.choices
    )
    return list(dict.fromkeys(rows))  # of two columns with one name there is one line


def _code_rows(drafts: tuple[SourceDraft, ...]) -> list[tuple[str, ...]]:
    return [
        (line.list, line.value, line.code, line.scheme, line.reason)
        for d in drafts
        for one in lists(d)
        for line in one.lines
    ]


def _csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
