"""The verbs of a data officer with a new source: map init, map check, map plan."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dpc_kg.cli.options import SourceFiles

if TYPE_CHECKING:
    from dpc_kg.lift.mapdraft import Examined
    from dpc_kg.lift.mapdraft.findings import Group
    from dpc_kg.lift.mapdraft.observed import Observed
    from dpc_kg.validate.report import CheckReport

_FORMS = ("text", "json")
_SHOWN = 20
_TITLES = {
    "broken": "Cannot be used",
    "open": "To be done or decided",
    "note": "Good to know",
}


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    maps = typer.Typer(help="A mapping for a new source: drafted, checked, and compiled.")
    maps.command("init")(init)
    maps.command("check")(check)
    maps.command("plan")(plan)
    app.add_typer(maps, name="map", no_args_is_help=True)


def init(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Files of the source: workbooks (XLSX, XLSM, ODS, XLS), CSV, JSON or XML."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to make.")],
    class_: Annotated[
        str | None, typer.Option("--class", help="What a record is, as in HelplineContact.")
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            help="The title of the workbook's sheet to read; needed where several hold a table.",
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Write the mapping anew from the fields.csv in the folder, as corrected.",
        ),
    ] = False,
) -> int:
    """Draft a mapping from files of a new source.

    Every field that is not recognised stays personal; every guess is marked and has to be looked
    at. No file is copied. Of a workbook one sheet is read; titles above its header are passed over.
    """
    from dpc_kg.base.errors import DpcError
    from dpc_kg.base.vocab import local_name
    from dpc_kg.lift.mapdraft import draft, redraft

    if again and class_ is not None:
        raise DpcError(
            "The class stands in fields.csv already.",
            term="--class",
            advice="Correct the term of the key there.",
        )
    found = redraft(files, output, sheet) if again else draft(files, output, class_, sheet)
    for made in found:
        placed = sum(c.status == "placed" for c in made.choices)
        sys.stderr.write(
            f"{made.observed.name}: {made.observed.records} records, each a"
            f" dpc:{local_name(made.cls)}; {placed} of {len(made.choices)} fields placed, the"
            f" others personal.\n{_read_from(made.observed)}"
        )
    if not again:
        sys.stderr.write(f"Every line is a guess. What to do next: {output.name}/README.md\n")
    return 0


def _read_from(observed: "Observed") -> str:
    """Say which sheet was read, and what of it could not be."""
    from dpc_kg.base.errors import shown

    sheet = observed.sheet
    if sheet is None:
        return ""
    said = f"Read from the sheet {shown(sheet.title)}, below the header in row {sheet.header}.\n"
    if sheet.nameless:
        said += f"Not read: {sheet.nameless} cells in columns without a header.\n"
    unread = sum(field.unread for field in observed.fields)
    if unread:
        said += (
            f"Without a value: {unread} cells (errors, formulas never calculated, joined cells).\n"
        )
    return said


def check(
    folder: Annotated[Path, typer.Argument(help="The folder of a mapping.")],
    source: SourceFiles = None,
    format_: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> int:
    """Say what is missing in a mapping, and try it on the files given.

    With all its sources given, the files are lifted and validated under a key that is thrown away.
    """
    from dpc_kg.base.errors import DpcError
    from dpc_kg.cli.inputs import named_files
    from dpc_kg.lift.mapdraft import examine

    if format_ not in _FORMS:
        raise DpcError("Unknown format.", term=format_, advice=f"Known: {', '.join(_FORMS)}.")
    sources = named_files(source or [])
    examined = examine(folder, sources)
    tried = _tried(folder, sources, examined)
    whole = {"text": _text, "json": _json}[format_](examined, tried)
    if format_ == "json":
        sys.stdout.buffer.write(whole.encode("utf-8"))
    else:
        sys.stdout.write(whole)
    return 0 if _passes(examined, tried) else 1


def plan(
    mapping: Annotated[str, typer.Argument(help="A mapping of ours by name, or an RML document.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write.")
    ] = None,
) -> int:
    """Write the plan a mapping compiles to, as JSON that another engine can read.

    Its schema is docs/reference/plan.schema.json.
    """
    from dpc_kg.base.assets import mapping_dir
    from dpc_kg.base.errors import DpcError
    from dpc_kg.cli.inputs import check_output
    from dpc_kg.lift.mapdraft.findings import MAPPING
    from dpc_kg.lift.planjson import to_json
    from dpc_kg.lift.rml import compile_rml

    check_output(output)
    document = Path(mapping) if mapping.endswith(".ttl") else mapping_dir(mapping) / MAPPING
    if not document.is_file():
        raise DpcError("There is no such mapping document.", file=str(document))
    text = json.dumps(to_json(compile_rml(document)), ensure_ascii=False, indent=1) + "\n"
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
    else:
        output.write_text(text, encoding="utf-8", newline="\n")
    return 0


def _passes(examined: "Examined", tried: "dict[str, Any] | None") -> bool:
    done = all(f.severity == "note" for f in examined.findings)
    return done and (tried is None or not tried["faults"])


def _tried(folder: Path, sources: dict[str, Path], examined: "Examined") -> "dict[str, Any] | None":
    """Give what a lift of the files gives; None where no file is given or it cannot be."""
    from dpc_kg.cli.inputs import lift_request
    from dpc_kg.lift.mapdraft.findings import MAPPING

    if not sources or not examined.whole or not examined.needed <= set(sources):
        return None
    request = lift_request(
        str(folder / MAPPING),
        sources,
        org="example-org",
        dataset="check",
        key_file=None,
        coalition_key_file=None,
        passing_key=True,
    )
    return _lifted(request)


def _lifted(request: Any) -> dict[str, Any]:
    from tempfile import TemporaryDirectory

    from dpc_kg.base.errors import SourceError, VacuousValidation
    from dpc_kg.validate.check import check as run
    from dpc_kg.validate.check import check_report, unusable_report

    quads = 0
    try:
        with run(request) as checked, TemporaryDirectory(prefix="dpc-map-") as work:
            quads = checked.write(Path(work) / "data.nq")
            report = check_report(checked)
    except SourceError as e:
        report = unusable_report(e)
    except VacuousValidation as e:
        return {"records": 0, "quads": 0, "refused": 0, "faults": [{"message": str(e)}]}
    return {
        "records": report.records,
        "quads": quads,
        "refused": report.refused,
        "unknown": {f"{c.source}: {c.field}": c.count for c in report.unknown},
        "faults": _faults(report),
    }


def _faults(report: "CheckReport") -> list[dict[str, Any]]:
    from dpc_kg.validate.forms.jsonform import to_json

    faults: list[dict[str, Any]] = json.loads(to_json(report))["faults"]
    return faults


# -- the two forms


def _json(examined: "Examined", tried: "dict[str, Any] | None") -> str:
    body = {
        "version": 1,
        "verdict": "complete" if _passes(examined, tried) else "incomplete",
        "findings": [f.as_dict() for f in examined.findings],
        "lift": tried,
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _text(examined: "Examined", tried: "dict[str, Any] | None") -> str:
    from dpc_kg.lift.mapdraft.findings import grouped

    lines: list[str] = []
    for severity, title in _TITLES.items():
        found = [f for f in examined.findings if f.severity == severity]
        if found:
            lines += [f"{title}: {len(found)}", *(_line(g) for g in grouped(found)), ""]
    if tried is not None:
        lines += _trial(tried)
    elif examined.whole:
        given = " ".join(f"--source {name}=FILE" for name in sorted(examined.needed))
        lines += [f"No file was lifted. To try the mapping, give {given}.", ""]
    done = _passes(examined, tried)
    lines.append("The mapping is complete." if done else "The mapping is not complete yet.")
    return "\n".join(lines) + "\n"


def _line(group: "Group") -> str:
    first = group.findings[0]
    place = f"{group.place}: " if group.place else ""
    advice = f" {first.advice}" if first.advice else ""
    return f"  {place}{first.message}{advice}"


def _trial(tried: dict[str, Any]) -> list[str]:
    faults = tried["faults"]
    lines = [
        f"Tried: {tried['records']} records read, {tried['quads']} statements made,"
        f" {tried['refused']} records refused."
    ]
    for field, cells in tried.get("unknown", {}).items():
        lines.append(f"  {field}: {cells} cells without a code")
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for fault in faults:
        key = (fault.get("file"), fault.get("column"), fault.get("rule"))
        groups.setdefault(key, []).append(fault)
    shown = list(groups.values())[:_SHOWN]
    lines += [f"  {_faults_in_words(group)}" for group in shown]
    if len(groups) > _SHOWN:
        lines.append(f"  and {len(groups) - _SHOWN} more kinds of faults: dpc-kg validate")
    return [*lines, ""]


def _faults_in_words(group: list[dict[str, Any]]) -> str:
    from dpc_kg.lift.mapdraft.findings import ranges

    first = group[0]
    if "rule" not in first:
        return str(first["message"])
    rows = ranges((f["row"] for f in group if f["row"]), "row")
    column = f"column {first['column']}" if first["column"] else None
    place = ", ".join(p for p in (first["file"], rows, column) if p)
    return f"{place} [{first['rule']}]: {first['problem']} {first['remedy'] or ''}".rstrip()
