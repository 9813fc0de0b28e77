"""The verbs that make something at the partner: lift, package, generate, key."""

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dpc_kg.cli.options import (
    AllowQuery,
    CoalitionKey,
    Dataset,
    Definitions,
    Extracted,
    Files,
    KeyFile,
    Mapping,
    Org,
    Output,
    Profile,
    Sources,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dpc_kg.lift import Lifted, LiftRequest

_SHOWN_REJECTS = 20
_LIFT_FORMATS = ("nquads", "trig")
_STREAM = Path("-")


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (lift, package, generate):
        app.command()(verb)
    keys = typer.Typer(help="Keys of a partner.", no_args_is_help=True)
    keys.command("new")(key_new)
    keys.callback()(_keys)
    app.add_typer(keys, name="key")


def _keys() -> None:
    """Keep ``new`` a verb of its own, though it is the only one yet."""


def lift(
    files: Files = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; - is a stream.")
    ] = None,
    mapping: Mapping = None,
    source: Sources = None,
    org: Org = None,
    dataset: Dataset = None,
    key_file: KeyFile = None,
    coalition_key_file: CoalitionKey = None,
    extracted_at: Extracted = None,
    base: Annotated[str | None, typer.Option("--base", help="Base IRI of relative IRIs.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="nquads or trig; with --explain text or json.")
    ] = None,
    definitions: Definitions = None,
    allow_query: AllowQuery = False,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="IRI", help="Say which cells a node was made of."),
    ] = None,
    values: Annotated[
        bool, typer.Option("--values", help="With --explain: show what stands in the cells.")
    ] = False,
) -> int:
    """Lift an export into RDF.

    Files are told apart by what they hold, or named: --source NAME=PATH.
    Beside the output it writes lift-report.json: what was read, dropped and not understood.
    With -o - quads go to standard output while they are made, without a report; the last line is a
    comment that counts them. A store takes them so: dpc-kg lift ... -o - | dpc-kg load - --store S.

    With --explain nothing is lifted into a file: each statement about that node is shown with the
    file, sheet, row and column of the cells it was made of, the deciding one first.
    """
    from dpc_kg.base.errors import DpcError
    from dpc_kg.cli.explaining import FORMATS
    from dpc_kg.cli.explaining import explain as explained
    from dpc_kg.cli.inputs import check_output, given_sources, lift_request
    from dpc_kg.exchange.manifest import utc_instant

    if mapping is None:
        raise DpcError("No mapping is named.", advice="Give --mapping NAME or --mapping FILE.ttl.")
    known = _LIFT_FORMATS if explain is None else FORMATS
    form = format_ or known[0]
    if form not in known:
        raise DpcError("Unknown format.", term=form, advice=_known(known))
    if output is None and explain is None:
        raise DpcError("No file to write is named.", advice="Give -o FILE.")
    if output == _STREAM and (explain is not None or form != known[0]):
        raise DpcError("Only N-Quads go into a stream.", advice="Name a file: -o FILE.")
    if values and explain is None:
        raise DpcError("Values are shown of one node.", advice="Give --explain IRI with --values.")
    check_output(output)
    if extracted_at is not None:
        utc_instant(extracted_at)
    request = lift_request(
        mapping,
        given_sources(files or [], source or [], mapping, definitions),
        org=org,
        dataset=dataset,
        key_file=key_file,
        coalition_key_file=coalition_key_file,
        base=base,
        definitions=definitions,
        allow_query=allow_query,
    )
    if explain is not None:
        return explained(request, explain, form, output, values=values)
    return 0 if output is None else _lift(request, output, form)


def _said(output: Path) -> str:
    return "standard output" if output == _STREAM else output.name


def _known(names: "Sequence[str]") -> str:
    return f"Known: {', '.join(names)}."


def _lift(request: "LiftRequest", output: Path, form: str) -> int:
    """Lift; a mapping of others that meets a cell it cannot use leaves nothing behind."""
    from dpc_kg.base.platform import end_output, give_way, widen_pipe
    from dpc_kg.lift import open_lift, report_bytes
    from dpc_kg.lift.personal import look

    with open_lift(request) as lifted:
        if personal := [found for found in look(lifted) if found.refuses]:
            sys.stderr.write(f"error: {len(personal)} columns look personal.\n")
            for found in personal:
                looks = ", ".join(f"{kind} ({count})" for kind, count in found.looks)
                sys.stderr.write(f"  {found.file} column {found.column}: {looks}\n")
            sys.stderr.write("Nothing was written. What would be right: dpc-kg validate\n")
            return 1
        if request.is_outside and lifted.rejects and not lifted.plan.of_old:
            sys.stderr.write(f"error: {len(lifted.rejects)} cells could not be used.\n")
            _show_rejects(lifted)
            sys.stderr.write("Nothing was written. Mend the cells, or the mapping.\n")
            return 1
        if output == _STREAM:
            widen_pipe(sys.stdout.fileno())
            give_way()
            quads = lifted.write_into(sys.stdout.buffer)
            end_output()
        else:
            quads = lifted.write(output)
            output.with_name("lift-report.json").write_bytes(report_bytes(lifted.report(quads)))
        if form == "trig":
            _as_trig(output)
        sys.stderr.write(
            f"{lifted.read_rows} rows read, {quads} quads written to {_said(output)},"
            f" {len(lifted.rejects)} cells could not be used.\n"
        )
        _show_rejects(lifted)
        if lifted.rejects:
            sys.stderr.write("What is wrong, and what would be right: dpc-kg validate\n")
    return 0


def _show_rejects(lifted: "Lifted") -> None:
    for reject in islice(lifted.rejects, _SHOWN_REJECTS):
        where = f"{reject.file} row {reject.row} column {reject.column}"
        sys.stderr.write(f"  {where}: source:{reject.rule}\n")
    if len(lifted.rejects) > _SHOWN_REJECTS:
        sys.stderr.write(f"  and {len(lifted.rejects) - _SHOWN_REJECTS} more\n")


def _as_trig(path: Path) -> None:
    """Turn written N-Quads into TriG."""
    import pyoxigraph as ox

    data = ox.parse(path.read_bytes(), format=ox.RdfFormat.N_QUADS)
    path.write_bytes(ox.serialize(data, format=ox.RdfFormat.TRIG) or b"")


def package(
    output: Output,
    files: Files = None,
    mapping: Mapping = None,
    source: Sources = None,
    org: Org = None,
    dataset: Dataset = None,
    key_file: KeyFile = None,
    coalition_key_file: CoalitionKey = None,
    extracted_at: Extracted = None,
    definitions: Definitions = None,
    allow_query: AllowQuery = False,
    signing_key: Annotated[
        Path | None, typer.Option("--signing-key", help="The organisation's signing key.")
    ] = None,
    mode: Annotated[
        str, typer.Option("--mode", help="snapshot, delta or correction.")
    ] = "snapshot",
    sequence: Annotated[
        int, typer.Option("--sequence", min=1, help="Which delivery of this data set it is.")
    ] = 1,
    submission: Annotated[
        str | None, typer.Option("--submission", help="A name for it, instead of a made one.")
    ] = None,
    profile: Profile = None,
    coalition_epoch: Annotated[
        str | None, typer.Option("--coalition-epoch", help="Which coalition key this is.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse the whole package if a record is withheld.")
    ] = False,
) -> int:
    """Make a signed submission package.

    Lifts and validates the export; records with a fault stay out of the package.
    """
    from dpc_kg.base.errors import DpcError, NotSupported
    from dpc_kg.cli.inputs import check_output, given_sources, lift_request, profile_of
    from dpc_kg.cli.packaging import PackageOptions, make_package

    wanted = {
        "--mapping": mapping,
        "--org": org,
        "--dataset": dataset,
        "--extracted-at": extracted_at,
        "--signing-key": signing_key,
    }
    missing = [name for name, value in wanted.items() if value is None]
    if mapping is None or extracted_at is None or signing_key is None or missing:
        raise DpcError(f"Missing: {', '.join(missing)}.", advice="Give them all.")
    if mode != "snapshot":
        raise NotSupported("Only snapshots can be submitted yet.", term=mode)
    if (coalition_key_file is None) != (coalition_epoch is None):
        raise DpcError(
            "A coalition key and its epoch go together.",
            advice="Give both --coalition-key-file and --coalition-epoch, or neither.",
        )
    check_output(output)
    request = lift_request(
        mapping,
        given_sources(files or [], source or [], mapping, definitions),
        org=org,
        dataset=dataset,
        key_file=key_file,
        coalition_key_file=coalition_key_file,
        definitions=definitions,
        allow_query=allow_query,
    )
    if request.is_outside:
        raise NotSupported(
            "Only mappings of dpc-kg can be packaged yet: they say which fields are personal.",
            term=mapping,
            advice="Name one, as in --mapping primero.",
        )
    tier = profile_of(profile, request.sources.values())
    options = PackageOptions(
        extracted_at, signing_key, mode, sequence, submission, tier, coalition_epoch, strict
    )
    made = make_package(request, options, output)
    sys.stderr.write(
        f"{made.rows} rows read, {made.refused} refused. {output.name} holds {made.packaged} quads:"
        f" {made.quads} of the export, the rest about the submission.\n"
    )
    if made.refused:
        sys.stderr.write("Why they were refused: dpc-kg validate\n")
    return 0


def generate(
    source: Annotated[str, typer.Argument(help="A mapping, as in primero; doctor lists them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")],
    records: Annotated[int, typer.Option("--records", min=1, help="How many.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="The same seed, the same export.")] = 1,
    faults: Annotated[int, typer.Option("--faults", min=0, help="Mistakes to plant.")] = 0,
    org: Annotated[str, typer.Option("--org", help="The organisation.")] = "example-org",
    overlap_with: Annotated[
        Path | None, typer.Option("--overlap-with", help="An export to share hashes with.")
    ] = None,
) -> int:
    """Write a synthetic export.

    The mistakes planted in it are listed in planted.json beside it.
    """
    from dpc_kg.base.errors import DpcError
    from dpc_kg.base.identifiers import check_org
    from dpc_kg.lift.generate import GenerateRequest
    from dpc_kg.lift.generate import generate as run

    if overlap_with is not None and not overlap_with.is_dir():
        raise DpcError(
            "There is no such export.", file=str(overlap_with), advice="Name an export's folder."
        )
    if output.exists() and not output.is_dir():
        raise DpcError("This is a file.", file=str(output), advice="Name a folder.")
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
    from dpc_kg.cli.inputs import check_output

    check_output(output)
    public = output.with_name(output.name + ".pub")
    for path in (output, *([public] if signing else [])):
        if path.exists():
            raise DpcError("This file exists.", file=str(path), advice="Name a new file.")
    if signing:
        from dpc_kg.exchange.signing import SigningKey

        key = SigningKey.generate()
        key.save(output)
        key.public.save(public)
        sys.stderr.write(f"Keep {output.name} secret. Give the hub {public.name}.\n")
    else:
        write_durably(output, secrets.token_hex(32).encode("ascii") + b"\n", private=True)
        sys.stderr.write(
            f"Keep {output.name} secret and safe: without it nobody makes the same names again.\n"
        )
    return 0
