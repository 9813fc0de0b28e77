"""The partner's own tables given back with the faults marked in them."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dpc_kg.base.errors import DpcError

if TYPE_CHECKING:
    from dpc_kg.validate.report import CheckReport


def check_mark(mark: Path | None, given: Iterable[Path]) -> None:
    """Check where marked copies are to be written, before the work is done.

    Raises:
        DpcError: it is one of the partner's own files, no workbook and no folder, or not there.
    """
    if mark is None:
        return
    if any(path.exists() and mark.exists() and mark.samefile(path) for path in given):
        raise DpcError(
            "A marked copy is never written over the export itself.",
            file=str(mark),
            advice="Name another file.",
        )
    if mark.is_dir():
        return
    from dpc_kg.validate.forms.marked import BOOKS

    if mark.suffix.lower() not in BOOKS:
        raise DpcError(
            "A marked copy is a workbook.",
            file=str(mark),
            advice="Name a file that ends with .xlsx, or a folder that is there.",
        )
    if not mark.parent.is_dir():
        raise DpcError("There is no such folder.", file=str(mark.parent), advice="Make it first.")


def give_back(report: "CheckReport", sources: Iterable[object], mark: Path, lang: str) -> None:
    """Write marked copies of the tables among the sources: one into a file, any into a folder.

    Raises:
        DpcError: nothing among them is a table, or several are and one file is named.
    """
    from dpc_kg.base.platform import write_durably
    from dpc_kg.validate.forms.marked import TABLES, to_marked

    files = dict.fromkeys(p for p in sources if isinstance(p, Path) and p.is_file())
    tables = [path for path in files if path.suffix.lower() in TABLES]
    if not tables:
        raise DpcError(
            "Nothing of this export is a table that can be given back with marks.",
            advice="Use another form of the report, such as --format html.",
        )
    if len(tables) > 1 and not mark.is_dir():
        raise DpcError(
            "This export has several tables.",
            file=str(mark),
            advice="Name a folder that is there: each table gets a copy in it.",
        )
    for table in tables:
        out = mark / f"{table.stem}.marked.xlsx" if mark.is_dir() else mark
        write_durably(out, to_marked(report, table, lang), private=True)
        sys.stderr.write(f"Marked copy of {table.name}: {out.name}. It holds your data.\n")
