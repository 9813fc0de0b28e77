"""The verb of offices with a spreadsheet only: template, an empty workbook to fill in."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dpc_kg.cli.options import Lang


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(template)


def template(
    profile: Annotated[str, typer.Argument(help="basic, essential or full.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The workbook to write (.xlsx).")],
    lang: Lang = "en",
) -> int:
    """Make an empty workbook for an office that has a spreadsheet only.

    One sheet a kind of record, with the columns of the tier, drop-down lists, and a note on each
    header. The filled workbook is checked, lifted and packaged without a mapping of its own:
    dpc-kg validate t.xlsx --profile basic
    """
    from dpc_kg.base.errors import DpcError
    from dpc_kg.cli.inputs import check_output
    from dpc_kg.validate.template import write
    from dpc_kg.validate.templatehints import command

    check_output(output)
    if output.suffix.lower() != ".xlsx":
        raise DpcError(
            "A template is a workbook.", file=str(output), advice="Name it as in: -o t.xlsx"
        )
    made = write(output, profile, lang)
    columns = sum(len(sheet.columns) for sheet in made)
    sys.stderr.write(
        f"{output.name}: {len(made)} sheets with {columns} columns. When it is filled in:"
        f" {command(profile, lang, output.name)}\n"
    )
    return 0
