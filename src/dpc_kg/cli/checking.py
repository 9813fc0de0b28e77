"""The verb that says what is wrong with an export: validate."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dpc_kg.cli.options import (
    AllowQuery,
    CoalitionKey,
    Definitions,
    Files,
    KeyFile,
    Lang,
    Mapping,
    MaybeOutput,
    Org,
    Profile,
    Sources,
)

if TYPE_CHECKING:
    from dpc_kg.base.errors import SourceError
    from dpc_kg.lift import LiftRequest
    from dpc_kg.validate.report import CheckReport


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(validate)


def validate(
    files: Files = None,
    mapping: Mapping = None,
    source: Sources = None,
    profile: Profile = None,
    lang: Lang = "en",
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help="text, html, xlsx, json, ttl, jsonld, sarif, junit.",
        ),
    ] = "text",
    output: MaybeOutput = None,
    mark: Annotated[
        Path | None,
        typer.Option("--mark", help="A copy of your own tables with marks: an .xlsx or a folder."),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file is saved.")
    ] = False,
    shapes: Annotated[
        Path | None, typer.Option("--shapes", help="SHACL shapes for --data; else our own.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="RDF data to check as it is, by line and column.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="auto, shacl or pyshacl.")] = "auto",
    seconds: Annotated[
        int | None, typer.Option("--seconds", min=1, help="Processor time for --data, at most.")
    ] = None,
    org: Org = None,
    key_file: KeyFile = None,
    coalition_key_file: CoalitionKey = None,
    definitions: Definitions = None,
    allow_query: AllowQuery = False,
) -> int:
    """Check an export: every fault with its file, row and column. Nothing is sent or stored."""
    from dpc_kg.base.errors import DpcError, SourceError
    from dpc_kg.base.settings import LANGS
    from dpc_kg.cli.inputs import check_output, checked_request, named_sources, profile_of
    from dpc_kg.cli.marking import check_mark, give_back
    from dpc_kg.cli.watching import watch as watched
    from dpc_kg.validate.outside import validate_outside

    if lang not in LANGS:
        raise DpcError("Unknown language.", term=lang, advice=f"Known: {', '.join(LANGS)}.")
    _check_form(format_, output)
    check_output(output)
    _tell_engine(engine, lang)
    if shapes is not None or data is not None:
        checked = _data(data, shapes, alone=not (files or source or mark))

        tier = profile_of(profile, ())

        def again() -> int:
            code, made = validate_outside(
                checked,
                shapes,
                profile=tier,
                engine=engine,
                form=format_,
                lang=lang,
                seconds=seconds,
            )
            _give(made, output, format_)
            return code

        return watched([checked, *([shapes] if shapes else [])], again) if watch else again()
    named = named_sources(source or []).values()
    given = [*(files or []), *(path for path in named if isinstance(path, Path))]
    check_mark(mark, given)

    def once() -> int:
        try:
            request = checked_request(
                files or [],
                source or [],
                mapping=mapping,
                org=org or "example-org",
                key_file=key_file,
                coalition_key_file=coalition_key_file,
                definitions=definitions,
                allow_query=allow_query,
            )
        except SourceError as e:
            _told(_unusable(e), format_, lang, output)
            return 1
        asked = profile_of(profile, request.sources.values())
        report, code = _check(request, asked, engine)
        _told(report, format_, lang, output)
        if mark is not None:
            give_back(report, request.sources.values(), mark, lang)
        return code

    return watched(given, once) if watch else once()


def _check_form(form: str, output: Path | None) -> None:
    from dpc_kg.base.errors import DpcError
    from dpc_kg.validate.forms import FORMS

    if form not in FORMS:
        raise DpcError("Unknown format.", term=form, advice=f"Known: {', '.join(FORMS)}.")
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise DpcError("A workbook is not for the console.", advice="Name a file: -o FILE.xlsx.")


def _check(request: "LiftRequest", profile: str, engine: str) -> tuple["CheckReport", int]:
    """Give the report of an export and the exit code."""
    from dpc_kg.base.errors import SourceError
    from dpc_kg.validate.check import check, check_report

    try:
        with check(request, profile=profile, engine=engine) as checked:
            return check_report(checked), 0 if checked.conforms else 1
    except SourceError as e:
        return _unusable(e), 1


def _unusable(error: "SourceError") -> "CheckReport":
    """Give the report of an export one of whose files cannot be used at all."""
    from dpc_kg.validate.check import unusable_report

    return unusable_report(error)


def _told(report: "CheckReport", form: str, lang: str, output: Path | None) -> None:
    """Write a report; where it goes into a file, the verdict is said on the console."""
    from dpc_kg.validate.forms import written
    from dpc_kg.validate.report import verdict

    _give(written(report, form, lang), output, form)
    if output is not None:
        sys.stderr.write(f"{verdict(report, lang)}\nWritten: {output.name}\n")


def _give(made: bytes, output: Path | None, form: str) -> None:
    """Write a report; what programs read is UTF-8 on every console."""
    if output is not None:
        output.write_bytes(made)
    elif form == "text":
        sys.stdout.write(made.decode("utf-8"))
    else:
        sys.stdout.buffer.write(made)


def _data(data: Path | None, shapes: Path | None, *, alone: bool) -> Path:
    """Give the RDF file to check, if it is named and nothing of an export beside it."""
    from dpc_kg.base.errors import DpcError

    if data is None:
        raise DpcError("There is no data for --shapes.", advice="Name an RDF file: --data FILE.")
    if not alone:
        advice = "Check RDF data and an export one after the other; --mark is for tables."
        raise DpcError("RDF data is checked by itself.", advice=advice)
    for path in (shapes, data):
        if path is not None and not path.is_file():
            raise DpcError("There is no such file.", file=str(path))
    return data


def _tell_engine(engine: str, lang: str) -> None:
    """Say once that the reference does the work where the fast engine is not installed."""
    from dpc_kg.validate.engines import choose
    from dpc_kg.validate.wording import word

    if engine == "auto" and choose(engine).name != "shacl":
        sys.stderr.write(word("reference-engine", lang) + "\n")
