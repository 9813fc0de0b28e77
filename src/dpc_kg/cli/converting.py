"""The verb of translators: convert, a workbook for reviewers out and back."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dpc_kg.base.errors import DpcError
from dpc_kg.cli.inputs import check_output

if TYPE_CHECKING:
    from dpc_kg.model.bookreturn import Remark, Returned
    from dpc_kg.model.reviewbook import Asked

_FORM = "xlsx"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(convert)


def convert(
    workbook: Annotated[
        Path | None, typer.Argument(help="A reviewer's workbook: its changes go into the model.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="xlsx: make a workbook for reviewers.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The workbook to write.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help="fr, es or ar; all three when none is named.")
    ] = None,
    what: Annotated[
        str | None,
        typer.Option("--what", help="terms, codes, messages or glossary; all when none is named."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Say what would change, and change nothing.")
    ] = False,
    model: Annotated[
        Path | None,
        typer.Option("--model", help="The folder that holds ontology and shapes; else our own."),
    ] = None,
) -> int:
    """Give translations to reviewers as a workbook, and take their changes back.

    Out: dpc-kg convert --to xlsx -o review.xlsx --lang fr. Back: dpc-kg convert review.xlsx.
    """
    root = _root(model)
    if (workbook is None) == (to is None):
        advice = "Out: --to xlsx -o review.xlsx. Back: name the workbook."
        raise DpcError("Either a workbook is made or one is taken back.", advice=advice)
    if workbook is not None:
        return _back(workbook, root, check=check)
    if to != _FORM:
        raise DpcError("A workbook can be made in this form only: xlsx.", term=to)
    from dpc_kg.model.reviewbook import asked

    return _out(output, root, asked(lang, what))


def _root(model: Path | None) -> Path:
    from dpc_kg.base import assets

    root = model or assets.root()
    if not (root / "ontology").is_dir():
        raise DpcError("There is no model in this folder.", file=str(root))
    return root


def _out(output: Path | None, root: Path, wanted: "Asked") -> int:
    from dpc_kg.model import reviewbook

    if output is None:
        raise DpcError("No file to write is named.", advice="Name one, as in: -o review.xlsx")
    check_output(output)
    counts = reviewbook.write(output, wanted, root)
    for sheet, texts in counts.items():
        sys.stderr.write(f"{sheet}: {texts} texts\n")
    sys.stdout.write(f"{output}\n")
    return 0


def _back(workbook: Path, root: Path, *, check: bool) -> int:
    from dpc_kg.model import bookreturn, edits

    asked = bookreturn.read(workbook, root)
    _tell("comment", workbook, asked.comments)
    _tell("doubt", workbook, asked.doubts)
    _tell("refused", workbook, asked.refusals)
    if asked.refusals:
        sys.stderr.write(f"{len(asked.refusals)} cells cannot be taken; nothing was changed.\n")
        return 1
    contents = edits.rewritten(root, asked.edits, asked.judged)
    if not check:
        edits.write_all(contents)
    _sum_up(asked, (path.relative_to(root).as_posix() for path in contents), check=check)
    return 0


def _tell(kind: str, workbook: Path, remarks: "Iterable[Remark]") -> None:
    for remark in remarks:
        sys.stderr.write(f"{kind}: {workbook.name}, {remark}\n")


def _sum_up(asked: "Returned", files: Iterable[str], *, check: bool) -> None:
    for file in sorted(files):
        sys.stdout.write(f"{file}\n")
    done = "would be changed" if check else "changed"
    sys.stderr.write(
        f"{len(asked.edits)} texts {done}, {len(asked.judged.reviewed)} marked as reviewed.\n"
    )
