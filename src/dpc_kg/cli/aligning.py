"""The verbs of neighbours: align list, queries, export, import, ask."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dpc_kg.base.errors import DpcError, NotConforming, NotSupported
from dpc_kg.cli.inputs import check_output
from dpc_kg.cli.options import KeyFile, MaybeOutput, Org

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    import pyoxigraph as ox

    from dpc_kg.model.align import Alignment
    from dpc_kg.model.crossing import Arrival, Owner

Data = Annotated[
    list[Path] | None, typer.Argument(help="Records: N-Quads, TriG, Turtle, N-Triples, JSON-LD.")
]
Hub = Annotated[Path | None, typer.Option("--dir", help="A hub's folder, in place of files.")]
Close = Annotated[
    bool,
    typer.Option("--close", help="Use close matches too: near enough to pass on with care."),
]
_NAME = "A standard, as in case-uco; the beginning of its name will do."


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    align = typer.Typer(
        help="Speak with neighbours: our records in a standard's terms, and back.",
        no_args_is_help=True,
    )
    align.command("list")(list_)
    align.command("queries")(queries)
    align.command("export")(export)
    align.command("import")(import_)
    align.command("ask")(ask)
    app.add_typer(align, name="align")


def list_() -> int:
    """List the standards and their rows.

    Columns: all rows; those used outward and inward; those only --close uses; those of the rows
    outward whose target nobody has seen in the standard's own file.
    """
    from dpc_kg.model import align, crosswalk
    from dpc_kg.store.tables import Table, write_table

    heads = ("standard", "rows", "out", "in", "close", "recalled", "what")
    rows = tuple(align.sizes(crosswalk.load()))
    write_table(Table(heads, rows), "text", sys.stdout.buffer)
    return 0


def queries(
    standard: Annotated[str, typer.Argument(help=_NAME)],
    back: Annotated[bool, typer.Option("--back", help="Those from its terms into ours.")] = False,
    close: Close = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A folder to write each into.")
    ] = None,
) -> int:
    """Write the CONSTRUCT queries of a standard, for any SPARQL 1.1 engine."""
    from dpc_kg.model import align

    found = align.find(standard, close).queries(align.IN if back else align.OUT)
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for query in found:
            path = output / f"{query.name}.rq"
            path.write_text(query.text, encoding="utf-8", newline="\n")
        return 0
    for query in found:
        sys.stdout.write(f"# {query.name}\n{query.text}\n")
    return 0


def export(
    to: Annotated[str, typer.Option("--to", help=_NAME)],
    data: Data = None,
    dir_: Hub = None,
    close: Close = False,
    format_: Annotated[
        str | None, typer.Option("--format", help="jsonld, ttl or nt; else as the file ends.")
    ] = None,
    output: MaybeOutput = None,
) -> int:
    """Give records in a neighbour's terms; say what stays behind, by class and property."""
    from dpc_kg.model import align, coverage, crossing, rdffiles

    alignment = align.find(to, close)
    check_output(output)
    given = _given(data, dir_)
    made = crossing.outward(_store(given), alignment)
    if not made:
        raise NotConforming("Nothing in these data has a term there.", term=alignment.name)
    form = format_ or rdffiles.form_of(output, "jsonld" if alignment.places else "ttl")
    _write(rdffiles.written(made, form, _prefixes(alignment)), output)
    cover = coverage.Coverage(alignment)
    stays = cover.stays(given)
    sys.stderr.write(f"{len(given) - len(stays)} of {len(given)} statements go over.\n")
    _tell("stays behind", coverage.counted(stays, coverage.types_of(given)))
    _warn(alignment)
    return 0


def import_(
    files: Annotated[list[Path], typer.Argument(help="The neighbour's data, as in in.jsonld.")],
    from_: Annotated[str, typer.Option("--from", help=_NAME)],
    org: Org = None,
    key_file: KeyFile = None,
    close: Close = False,
    output: MaybeOutput = None,
) -> int:
    """Give a neighbour's data as records of ours; names and texts stay out, and are counted."""
    from dpc_kg.model import align, crossing, rdffiles

    alignment = align.find(from_, close)
    check_output(output)
    arrival = crossing.inward(rdffiles.read(files), alignment, _owner(org, key_file))
    if not arrival.quads:
        raise NotConforming("Nothing in these data is a record of ours.", term=alignment.name)
    text = "".join(f"{quad} .\n" for quad in arrival.quads)
    _write(text.encode(), output)
    _sum_up(arrival)
    return 0


def ask(
    question: Annotated[Path, typer.Argument(help="A SELECT query in the neighbour's terms.")],
    in_: Annotated[str, typer.Option("--in", help=_NAME)],
    data: Data = None,
    dir_: Hub = None,
    close: Close = False,
    format_: Annotated[str, typer.Option("--format", help="text, csv, json or xlsx.")] = "text",
    output: MaybeOutput = None,
) -> int:
    """Answer a question put in a neighbour's terms from our records.

    Exit 3, with each term and the reason, if our records never hold one of its terms.
    """
    from dpc_kg.model import align, crossing
    from dpc_kg.model.question import unanswerable
    from dpc_kg.store.catalogue import tabulate
    from dpc_kg.store.embedded import EmbeddedStore
    from dpc_kg.store.tables import short_name, write_table

    alignment = align.find(in_, close)
    text = _text(question)
    check_output(output)
    barred = unanswerable(text, alignment)
    if barred:
        for term, reason in barred.items():
            sys.stderr.write(f"{term}: {reason}\n")
        raise NotSupported("Our records cannot answer this.", file=question.name)
    given = _given(data, dir_)
    made = crossing.outward(_store(given), alignment)
    with EmbeddedStore.in_memory() as store:
        # one graph, as a statement held twice would be counted twice
        store.engine.extend(_quads({*given, *made}))
        table = tabulate(store.query(text))
    labels = short_name if format_ == "text" else None
    target = output or sys.stdout.buffer
    write_table(table, format_, target, labels=labels, bom=output is not None)
    _warn(alignment)
    return 0


def _warn(alignment: "Alignment") -> None:
    """Say how many rows rest on memory; nothing where none does."""
    from dpc_kg.model.align import recalled

    count = recalled(alignment)
    if count:
        sys.stderr.write(
            f"{count} rows of {alignment.name} are recalled: their terms were not looked up in the"
            " standard.\n"
        )


def _given(data: list[Path] | None, folder: Path | None) -> "set[ox.Triple]":
    from dpc_kg.model import rdffiles

    if bool(data) == (folder is not None):
        advice = "Name files, or a hub with --dir."
        raise DpcError("It is not clear which records are meant.", advice=advice)
    if folder is not None:
        from dpc_kg.exchange.receive import Hub as Opened

        with Opened.open(folder) as hub:
            return rdffiles.statements(hub.store.engine)
    return rdffiles.read(data or [])


def _quads(triples: "set[ox.Triple]") -> "list[ox.Quad]":
    import pyoxigraph as ox

    return [ox.Quad(t.subject, t.predicate, t.object) for t in triples]


def _store(triples: "set[ox.Triple]") -> "ox.Store":
    import pyoxigraph as ox

    store = ox.Store()
    store.extend(_quads(triples))
    return store


def _owner(org: str | None, key_file: Path | None) -> "Owner | None":
    from dpc_kg.base.identifiers import check_org, read_key
    from dpc_kg.model.crossing import Owner

    if org is None:
        return None
    return Owner(check_org(org), read_key(key_file) if key_file is not None else None)


def _prefixes(alignment: "Alignment") -> "Mapping[str, str]":
    from dpc_kg.base.vocab import DPC, RDF, XSD

    return {**dict(alignment.mappings.prefixes), "dpc": DPC, "rdf": RDF, "xsd": XSD}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as e:
        raise DpcError("There is no such file.", file=str(path)) from e


def _write(raw: bytes, output: Path | None) -> None:
    if output is not None:
        output.write_bytes(raw)
    else:
        sys.stdout.buffer.write(raw)


def _sum_up(arrival: "Arrival") -> None:
    for cls, count in sorted(arrival.records.items()):
        sys.stderr.write(f"{cls}: {count} records\n")
    _tell("no code of ours", arrival.unmapped)
    _tell("left out", arrival.left)


def _tell(what: str, counts: "Counter[tuple[str, str]]") -> None:
    """Write one line a class: its properties with their counts."""
    lines: dict[str, list[str]] = {}
    for (cls, property_), count in sorted(counts.items()):
        lines.setdefault(cls or "(no class)", []).append(f"{property_} {count}")
    for cls, parts in lines.items():
        sys.stderr.write(f"{what}: {cls}: {', '.join(parts)}\n")
