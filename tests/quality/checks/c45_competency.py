"""Ask the competency questions of their small data sets and compare with the rows worked out."""

import csv

import pyoxigraph as ox

from dpc_kg.store.catalogue import bind, find, tabulate
from dpc_kg.store.embedded import EmbeddedStore
from dpc_kg.store.tables import Cell
from tests.quality.context import Context
from tests.quality.parts import Outcome

TITLE = "competency questions"
TOOL = "Oxigraph"
FILES = ("queries/competency/*.rq",)
FEWEST = 50


def run(context: Context) -> Outcome:
    """Look at every question; the tests ask rdflib too."""
    names = context.need(*FILES)
    problems = [text for name in names for text in _wrong(context, name)]
    if len(names) < FEWEST:
        problems.append(f"there are {len(names)} questions; the model answers at least {FEWEST}")
    figure = f"{len(names)} of {len(names)} questions give the expected rows"
    return Outcome(len(names), "questions", tuple(problems), figure)


def _wrong(context: Context, name: str) -> list[str]:
    stem = name.rsplit("/", 1)[-1].removesuffix(".rq")
    folder = f"tests/queries/{stem}"
    data, rows = f"{folder}/data.trig", f"{folder}/expected.csv"
    if not (context.tree.exists(data) and context.tree.exists(rows)):
        return [f"{stem} has no data or no expected rows"]
    expected = [tuple(row) for row in csv.reader(context.tree.text(rows).splitlines())]
    if len(expected) < 2:
        return [f"{stem} expects no row at all"]
    with EmbeddedStore.in_memory() as store:
        store.engine.load(context.tree.data(data), format=ox.RdfFormat.TRIG)
        try:
            table = tabulate(store.query(context.tree.text(name), bind(find(stem), {})))
        except Exception as e:
            return [f"{stem} does not run ({type(e).__name__})"]
    got = [tuple(table.columns), *(tuple(map(_plain, row)) for row in table.rows)]
    return [] if got == expected else [f"{stem} gives other rows"]


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:.6f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
