"""The verbs of a hub's operator and its analysts: org, submit, withdraw, query, dump ..."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, cast

import typer

from dpc_kg.cli.options import HUB, HubFolder, MaybeOutput

if TYPE_CHECKING:
    from dpc_kg.base.quadstream import MarkedStream
    from dpc_kg.store.embedded import EmbeddedStore


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    org = typer.Typer(help="Organisations a hub takes packages from.", no_args_is_help=True)
    org.command("add")(org_add)
    org.command("list")(org_list)
    app.add_typer(org, name="org")
    for verb in (submit, withdraw, query, verify, load, dump):
        app.command()(verb)


def org_add(
    name: Annotated[str, typer.Argument(help="The organisation, as in example-helpline.")],
    public_key: Annotated[Path, typer.Option("--public-key", help="Its public signing key.")],
    dir_: HubFolder = HUB,
) -> int:
    """Register an organisation; the first one makes the hub."""
    from dpc_kg.base.identifiers import check_org
    from dpc_kg.exchange.receive import Hub
    from dpc_kg.exchange.signing import VerifyKey

    key = VerifyKey.load(public_key)
    check_org(name)
    opened = Hub.open if (dir_ / "hub.key").exists() else Hub.create
    with opened(dir_) as hub:
        hub.add_organization(name, key)
    sys.stderr.write(f"{name} may submit to {dir_}.\n")
    return 0


def org_list(dir_: HubFolder = HUB) -> int:
    """List the organisations."""
    from dpc_kg.exchange.receive import Hub

    with Hub.open(dir_) as hub:
        for name in hub.organizations():
            sys.stdout.write(f"{name}\n")
    return 0


def submit(
    package: Annotated[Path, typer.Argument(help="A package (*.dpcsub).")], dir_: HubFolder = HUB
) -> int:
    """Hand a package to a hub.

    Prints the receipt, or refuses the package and keeps nothing.
    """
    from dpc_kg.cli.inputs import read_package
    from dpc_kg.exchange.receive import Hub

    raw = read_package(package)
    with Hub.open(dir_) as hub:
        before = {known.id for known in hub.receipts()}
        receipt = hub.submit(raw)
    if receipt.id in before:
        sys.stderr.write("Stored before, so nothing changed: this is the first receipt.\n")
    sys.stdout.buffer.write(receipt.to_json() + b"\n")
    return 0


def withdraw(
    receipt: Annotated[str, typer.Argument(help="The id of a receipt.")], dir_: HubFolder = HUB
) -> int:
    """Take a submission back.

    Its data is gone from the store and from what a server shows, its key in the journal is
    destroyed.
    """
    from dpc_kg.exchange.receive import Hub

    with Hub.open(dir_) as hub:
        answer = hub.withdraw(receipt)
    sys.stdout.buffer.write(answer.to_json() + b"\n")
    return 0


def query(
    name: Annotated[str | None, typer.Argument(help="A saved query; none lists them.")] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="A parameter, as NAME=VALUE.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="text, csv, json or xlsx.")] = "text",
    output: MaybeOutput = None,
    dir_: HubFolder = HUB,
) -> int:
    """Answer a saved question from the hub's store."""
    from dpc_kg.base.errors import QueryError
    from dpc_kg.cli.inputs import check_output
    from dpc_kg.store.catalogue import catalogue, find, run
    from dpc_kg.store.tables import FORMATS, short_name, write_table

    if name is None:
        for saved in catalogue().values():
            sys.stdout.write(f"{saved.name}\n    {saved.question}\n")
        return 0
    found = find(name)
    params = {}
    for text in param or []:
        key, mark, value = text.partition("=")
        if not mark:
            raise QueryError("A parameter is given as NAME=VALUE.", term=key)
        params[key] = value
    check_output(output)
    if format_ == "xlsx" and output is None:
        raise QueryError("A workbook needs a file.", advice="Give -o FILE.xlsx.")
    if format_ not in FORMATS:
        raise QueryError("Unknown format.", term=format_, advice=f"Known: {', '.join(FORMATS)}.")
    with _readable(dir_) as store:
        table = run(store, found, params)
    labels = short_name if format_ == "text" else None
    target = output or sys.stdout.buffer
    write_table(table, format_, target, labels=labels, bom=output is not None)
    return 0


def verify(dir_: HubFolder = HUB) -> int:
    """Check the store.

    Asks the questions that must have no answer; exit 1 if one has.
    """
    from dpc_kg.store.catalogue import catalogue, run

    failed = 0
    with _readable(dir_) as store:
        for saved in catalogue("verify").values():
            rows = len(run(store, saved).rows)
            failed += rows > 0
            sys.stdout.write(f"{'FAIL' if rows else 'ok'}  {saved.name}  {rows} rows\n")
    return 1 if failed else 0


def load(
    file: Annotated[Path, typer.Argument(help="N-Quads; - is what dpc-kg lift -o - gives.")],
    store: Annotated[Path, typer.Option("--store", help="A store's folder, made if need be.")],
) -> int:
    """Load N-Quads into a plain store.

    Into a hub nothing is loaded: there, submit a package. A stream is loaded into a new store; it
    has to end with the line that counts its quads, so that half of one is never taken for all.
    """
    from dpc_kg.base.errors import StoreError
    from dpc_kg.store.embedded import EmbeddedStore

    if (store / "hub.key").exists():
        raise StoreError("This is a hub.", file=str(store), advice="Submit a package instead.")
    is_stream, is_new = file == Path("-"), not store.exists()
    if is_stream and not is_new:
        raise StoreError("A stream is loaded into a new store.", file=str(store))
    if not is_stream and not file.is_file():
        raise StoreError("There is no such file.", file=str(file))
    try:
        with EmbeddedStore.open(store) as opened:
            if is_stream:
                _bulk_stream(opened, sys.stdin.buffer)
            else:
                _bulk(opened, file)
            sys.stderr.write(f"{opened.count()} quads in {store}.\n")
    except BaseException:
        if is_new:
            shutil.rmtree(store, ignore_errors=True)
        raise
    return 0


def _bulk(store: "EmbeddedStore", source: "Path | MarkedStream") -> None:
    """Load any N-Quads, whatever their graphs: all of the file or nothing."""
    import pyoxigraph as ox

    from dpc_kg.base.errors import StoreError

    form = ox.RdfFormat.N_QUADS
    name = str(source) if isinstance(source, Path) else "-"
    try:
        if isinstance(source, Path):
            store.engine.bulk_load(path=name, format=form)
        else:
            store.engine.bulk_load(cast("IO[bytes]", source), format=form)
    except SyntaxError as e:
        raise StoreError("This is not well-formed N-Quads.", file=name, line=e.lineno) from e
    store.engine.flush()


def _bulk_stream(store: "EmbeddedStore", stream: IO[bytes]) -> None:
    """Load a stream that says at its end how many quads it has."""
    from dpc_kg.base.errors import StoreError
    from dpc_kg.base.quadstream import MarkedStream

    marked = MarkedStream(stream)
    _bulk(store, marked)
    if not marked.is_whole:
        raise StoreError(
            "The stream ended before its last line, which counts its quads.",
            advice="Look why the other command ended. N-Quads of others are loaded from a file.",
        )


def dump(
    dir_: HubFolder = HUB,
    output: MaybeOutput = None,
    store: Annotated[Path | None, typer.Option("--store", help="A plain store's folder.")] = None,
) -> int:
    """Write all quads, sorted."""
    from dpc_kg.base.errors import StoreError
    from dpc_kg.cli.inputs import check_output
    from dpc_kg.store.embedded import EmbeddedStore

    check_output(output)
    if store is not None and not store.is_dir():
        raise StoreError("There is no store in this folder.", file=str(store))
    with EmbeddedStore.open(store) if store is not None else _readable(dir_) as source:
        if output is None:
            source.dump(sys.stdout.buffer)
        else:
            with output.open("wb") as file:
                source.dump(file)
    return 0


@contextmanager
def _readable(folder: Path) -> Iterator["EmbeddedStore"]:
    """Give the hub's store, held as the hub holds it."""
    from dpc_kg.exchange.receive import Hub

    with Hub.open(folder) as hub:
        yield hub.store
