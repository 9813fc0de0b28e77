"""The folder of a draft: README.md, mapping.rml.ttl, fields.csv, codes.csv."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.mapdraft.choose import SourceDraft, choose
from dpc_kg.lift.mapdraft.codes import lists
from dpc_kg.lift.mapdraft.document import document
from dpc_kg.lift.mapdraft.observe import observe, source_name
from dpc_kg.lift.mapdraft.readme import readme


def draft(files: list[Path], out: Path, cls: str | None = None) -> tuple[SourceDraft, ...]:
    """Write the draft of a mapping for some files into a new folder, and give what it proposes.

    No file is copied; of the cells only frequent values of recognised lists are written. The same
    files give the same bytes.

    Raises:
        DpcError: the folder holds something, two files have one name, or no class can be guessed.
        SourceError: a file cannot be read.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DpcError("This exists already.", file=str(out), advice="Name a new folder.")
    for file in files:
        if not file.exists():
            raise DpcError("There is no such file.", file=str(file))
    names = [source_name(f) for f in files]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise DpcError(
            "Two files give one name of a source.", term=twice[0], advice="Rename one of them."
        )
    made = tuple(choose(observe(f), cls) for f in sorted(files, key=source_name))
    name = source_name(out.resolve())
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "mapping.rml.ttl", document(name, made))
    _write(out / "fields.csv", _fields(made))
    _write(out / "codes.csv", _codes(made))
    _write(out / "README.md", readme(name, made))
    return made


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _fields(drafts: tuple[SourceDraft, ...]) -> str:
    rows = (
        (d.observed.name, c.field.path, c.status, c.term, c.reason)
        for d in drafts
        for c in d.choices
    )
    return _csv(("source", "path", "status", "term", "reason"), rows)


def _codes(drafts: tuple[SourceDraft, ...]) -> str:
    rows = (
        (line.list, line.value, line.code, line.scheme, line.reason)
        for d in drafts
        for one in lists(d)
        for line in one.lines
    )
    return _csv(("list", "value", "code", "scheme", "reason"), rows)


def _csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
