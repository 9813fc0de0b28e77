"""The verbs a partner uses: lift, validate, package, generate, key."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

Sources = Annotated[
    list[str] | None, typer.Option("--source", help="A source of the mapping, as NAME=PATH.")
]
Mapping = Annotated[
    str | None, typer.Option("--mapping", help="A mapping's name, or an RML document (.ttl).")
]
Org = Annotated[str | None, typer.Option("--org", help="The organisation, as in example-helpline.")]
Dataset = Annotated[str | None, typer.Option("--dataset", help="The data set's name.")]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="The partner's key, which makes pseudonyms.")
]
CoalitionKey = Annotated[
    Path | None,
    typer.Option("--coalition-key-file", help="The coalition's key, which makes hashes comparable."),
]
Extracted = Annotated[
    str | None, typer.Option("--extracted-at", help="When the data was exported (ISO 8601, UTC).")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]
Lang = Annotated[str, typer.Option("--lang", help="en, fr, es or ar.")]
Profile = Annotated[str, typer.Option("--profile", help="basic, essential or full.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(lift)
    app.command()(validate)
    app.command()(package)
    app.command()(generate)
    keys = typer.Typer(help="Keys of a partner.", no_args_is_help=True)
    keys.command("new")(key_new)
    app.add_typer(keys, name="key")


def _request(  # noqa: PLR0913
    mapping: str,
    source: list[str] | None,
    files: list[Path],
    org: str | None,
    dataset: str | None,
    key_file: Path | None,
    coalition: Path | None,
    base: str | None = None,
    passing: bool = False,
) -> Any:
    from dpc_kg.base.assets import mapping_dir
    from dpc_kg.cli.inputs import assigned, lift_request, named_sources
    from dpc_kg.lift.rml import compile_rml

    sources = named_sources(source or [])
    if files:
        document = (
            Path(mapping) if mapping.endswith(".ttl") else mapping_dir(mapping) / "mapping.rml.ttl"
        )
        sources = {**assigned(compile_rml(document), files), **sources}
    return lift_request(
        mapping,
        sources,
        org=org,
        dataset=dataset,
        key_file=key_file,
        coalition_key_file=coalition,
        base=base,
        passing_key=passing,
    )


def lift(  # noqa: PLR0913
    output: Output,
    mapping: Mapping = None,
    source: Sources = None,
    org: Org = None,
    dataset: Dataset = None,
    key_file: KeyFile = None,
    coalition_key_file: CoalitionKey = None,
    extracted_at: Extracted = None,
    base: Annotated[str | None, typer.Option("--base", help="Base IRI of relative IRIs.")] = None,
    format_: Annotated[str, typer.Option("--format", help="nquads or trig.")] = "nquads",
    definitions: Annotated[
        Path | None, typer.Option("--definitions", help="The deployment's own form definitions.")
    ] = None,
) -> int:
    """Lift an export into RDF; beside OUT it writes lift-report.json."""
    from dpc_kg.base.errors import DpcError, NotSupported
    from dpc_kg.lift import open_lift, report_bytes

    if mapping is None:
        raise DpcError("No mapping is named.", advice="Give --mapping NAME or --mapping FILE.ttl.")
    if definitions is not None:
        raise NotSupported("Form definitions are not read yet.", file=str(definitions))
    if format_ not in {"nquads", "trig"}:
        raise DpcError("Unknown format.", term=format_, advice="Known: nquads, trig.")
    request = _request(mapping, source, [], org, dataset, key_file, coalition_key_file, base)
    with open_lift(request) as lifted:
        quads = lifted.write(output)
        report = lifted.report(quads)
        output.with_name("lift-report.json").write_bytes(report_bytes(report))
        if format_ == "trig":
            _as_trig(output)
        sys.stderr.write(
            f"{lifted.read_rows} rows read, {quads} quads written to {output.name},"
            f" {len(lifted.rejects)} cells could not be used.\n"
        )
        for reject in lifted.rejects[:20]:
            where = f"{reject.file} row {reject.row} column {reject.column}"
            sys.stderr.write(f"  {where}: {reject.rule}\n")
    return 0


def _as_trig(path: Path) -> None:
    import pyoxigraph as ox

    data = ox.parse(path.read_bytes(), format=ox.RdfFormat.N_QUADS)
    path.write_bytes(ox.serialize(data, format=ox.RdfFormat.TRIG) or b"")


def validate(  # noqa: PLR0913
    files: Annotated[list[Path] | None, typer.Argument(help="The export: a file or folder.")] = None,
    mapping: Mapping = None,
    source: Sources = None,
    profile: Profile = "full",
    lang: Lang = "en",
    format_: Annotated[
        str, typer.Option("--format", help="text, json, or ttl for outside data.")
    ] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here.")] = None,
    shapes: Annotated[Path | None, typer.Option("--shapes", help="Outside shapes.")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Outside RDF data.")] = None,
    engine: Annotated[str, typer.Option("--engine", help="auto, shacl or pyshacl.")] = "auto",
    org: Org = None,
    key_file: KeyFile = None,
    coalition_key_file: CoalitionKey = None,
) -> int:
    """Check an export: every fault with its file, row and column. Nothing is sent or stored."""
    from dpc_kg.base.errors import DpcError
    from dpc_kg.base.settings import LANGS

    if lang not in LANGS:
        raise DpcError("Unknown language.", term=lang, advice=f"Known: {', '.join(LANGS)}.")
    if shapes is not None or data is not None:
        return _validate_outside(shapes, data, engine, format_, lang, output)
    if not files and not source:
        raise DpcError("No file is named.", advice="Give the export, as in: dpc-kg validate FILE")
    for file in files or []:
        if not file.exists():
            raise DpcError("There is no such file or folder.", file=str(file))
    name = mapping or _guessed(files or [])
    request = _request(
        name, source, files or [], org or "example-org", "check", key_file, coalition_key_file,
        passing=True,
    )
    return _check(request, profile, engine, format_, lang, output)


def _guessed(files: list[Path]) -> str:
    from dpc_kg.cli.inputs import guess_mapping

    return guess_mapping(files)


def _check(  # noqa: PLR0913
    request: Any, profile: str, engine: str, format_: str, lang: str, output: Path | None
) -> int:
    from dpc_kg.base.errors import NotSupported, SourceError
    from dpc_kg.validate.check import check, check_report, unusable_report
    from dpc_kg.validate.report import to_json, to_text

    if format_ not in {"text", "json"}:
        raise NotSupported("This form of the report is not there yet.", term=format_)
    try:
        with check(request, profile=profile, engine=engine) as checked:
            report = check_report(checked)
            code = 0 if checked.conforms else 1
    except SourceError as e:
        report, code = unusable_report(e), 1
    text = to_json(report, lang) if format_ == "json" else to_text(report, lang)
    _give(text, output)
    return code


def _give(text: str, output: Path | None) -> None:
    text = text if text.endswith("\n") else text + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8", newline="\n")


def _validate_outside(  # noqa: PLR0913
    shapes: Path | None, data: Path | None, engine: str, format_: str, lang: str, out: Path | None
) -> int:
    from dpc_kg.base.errors import DpcError, NotSupported
    from dpc_kg.validate.engines import validate_data
    from dpc_kg.validate.shaclreport import to_turtle

    if shapes is None or data is None:
        raise DpcError("Outside data needs both --shapes and --data.")
    if format_ not in {"text", "ttl"}:
        raise NotSupported("This form of the report is not there yet.", term=format_)
    run = validate_data(data, shapes, engine)
    if format_ == "ttl":
        _give(to_turtle(run), out)
    else:
        lines = [f"{len(run.results)} results, {run.focus_nodes} focus nodes."]
        lines += [f"{r.focus} {r.path or ''} {r.rule}" for r in run.results[:100]]
        _give("\n".join(lines), out)
    return 0 if run.conforms else 1


def package(  # noqa: PLR0913
    output: Output,
    mapping: Mapping = None,
    source: Sources = None,
    org: Org = None,
    dataset: Dataset = None,
    key_file: KeyFile = None,
    coalition_key_file: CoalitionKey = None,
    extracted_at: Extracted = None,
    signing_key: Annotated[
        Path | None, typer.Option("--signing-key", help="The organisation's signing key.")
    ] = None,
    mode: Annotated[str, typer.Option("--mode", help="snapshot, delta or correction.")] = "snapshot",
    sequence: Annotated[int, typer.Option("--sequence", min=1)] = 1,
    submission: Annotated[str | None, typer.Option("--submission", help="Its name.")] = None,
    profile: Profile = "full",
    coalition_epoch: Annotated[str | None, typer.Option("--coalition-epoch")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse the whole package if a record is withheld.")
    ] = False,
) -> int:
    """Lift, validate and sign a submission package; records with a fault stay out of it."""
    from dpc_kg.base.errors import DpcError
    from dpc_kg.cli.packaging import PackageOptions, make_package

    wanted = {
        "--mapping": mapping, "--org": org, "--dataset": dataset,
        "--extracted-at": extracted_at, "--signing-key": signing_key,
    }
    missing = [name for name, value in wanted.items() if value is None]
    if missing:
        raise DpcError(f"Missing: {', '.join(missing)}.", advice="Give them all.")
    assert mapping is not None and signing_key is not None and extracted_at is not None
    request = _request(mapping, source, [], org, dataset, key_file, coalition_key_file)
    epoch = coalition_epoch or ("1" if coalition_key_file is not None else None)
    options = PackageOptions(
        extracted_at, signing_key, mode, sequence, submission, profile, epoch, strict
    )
    made = make_package(request, options, output)
    sys.stderr.write(
        f"{made.quads} quads of {made.rows - made.refused} records packaged in {output.name};"
        f" {made.refused} withheld.\n"
    )
    return 0


def generate(  # noqa: PLR0913
    source: Annotated[str, typer.Argument(help="aselo, cybertipline, primero ...")],
    output: Output,
    records: Annotated[int, typer.Option("--records", min=1)] = 100,
    seed: Annotated[int, typer.Option("--seed")] = 1,
    faults: Annotated[int, typer.Option("--faults", min=0)] = 0,
    org: Annotated[str, typer.Option("--org")] = "example-org",
    overlap_with: Annotated[
        Path | None, typer.Option("--overlap-with", help="An export to share hashes with.")
    ] = None,
) -> int:
    """Write a synthetic export with planted faults, and planted.json beside it."""
    from dpc_kg.base.identifiers import check_org
    from dpc_kg.lift.generate import GenerateRequest
    from dpc_kg.lift.generate import generate as run

    request = GenerateRequest(records, seed, faults, output, check_org(org), overlap_with)
    planted = run(source, request)
    sys.stderr.write(f"{records} records, {len(planted.faults)} faults planted, in {output}.\n")
    return 0


def key_new(
    output: Output,
    signing: Annotated[
        bool, typer.Option("--signing", help="A key that signs packages (writes FILE.pub too).")
    ] = False,
) -> int:
    """Make a secret key: for pseudonyms, or with --signing for signatures."""
    import secrets

    from dpc_kg.base.errors import DpcError
    from dpc_kg.base.platform import write_durably

    if output.exists():
        raise DpcError("This file exists.", file=str(output), advice="Name a new file.")
    if signing:
        from dpc_kg.exchange.signing import SigningKey

        key = SigningKey.generate()
        key.save(output)
        key.public.save(output.with_name(output.name + ".pub"))
    else:
        write_durably(output, secrets.token_hex(32).encode("ascii") + b"\n", private=True)
    sys.stderr.write(f"Keep {output.name} secret; without it nobody can make these names again.\n")
    return 0
