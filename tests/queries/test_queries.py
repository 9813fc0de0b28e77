"""Every saved query gives its hand-checked answer in two engines; a new case is a new folder."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.query
from rdflib.term import Node
from rdflib.util import from_n3

from dpc_kg.base.vocab import PREFIXES
from dpc_kg.store.catalogue import SavedQuery, bind, catalogue, find, run
from dpc_kg.store.embedded import EmbeddedStore
from dpc_kg.store.tables import Cell

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for path in HERE.glob("*/data.trig"))
GROUPS = ("report", "verify", "competency")
Row = tuple[str, ...]


def cases() -> Iterator[tuple[Path, dict[str, str], str]]:
    for folder in FOLDERS:
        yield folder, {}, "expected.csv"
        listed = folder / "params.json"
        if listed.exists():
            for case in json.loads(listed.read_text(encoding="utf-8")):
                yield folder, case["params"], case["expected"]


CASES = list(cases())
NAMES = [f"{folder.name}-{expected.removesuffix('.csv')}" for folder, _, expected in CASES]


def read_expected(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def plain(cell: Cell) -> str:
    """One spelling for a value, whichever engine gives it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return str(cell)


def load(folder: Path) -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.engine.load(path=str(folder / "data.trig"), format=ox.RdfFormat.TRIG)
    return store


@pytest.mark.parametrize(("folder", "params", "expected"), CASES, ids=NAMES)
def test_the_store_gives_the_expected_answer(
    folder: Path, params: dict[str, str], expected: str
) -> None:
    with load(folder) as store:
        table = run(store, find(folder.name), params)
    answer = [table.columns, *(tuple(plain(cell) for cell in row) for row in table.rows)]
    assert answer == read_expected(folder / expected)


def rdflib_dataset(data: Path) -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    for quad in ox.parse(path=str(data), format=ox.RdfFormat.TRIG):
        name = quad.graph_name
        named = isinstance(name, ox.NamedNode)
        graph = dataset.graph(rdflib.URIRef(name.value)) if named else dataset.default_graph
        graph.add((node(quad.subject), node(quad.predicate), node(quad.object)))
    return dataset


def node(term: object) -> Node:
    made = from_n3(str(term))
    assert isinstance(made, Node)
    return made


def rdflib_answer(query: SavedQuery, params: dict[str, str], data: Path) -> list[Row]:
    """Ask rdflib; parameters as a trailing VALUES, which is what binding them means."""
    terms = bind(query, params)
    text = query.text
    if terms:
        names = " ".join(f"?{name}" for name in terms)
        text += f"VALUES ({names}) {{ ({' '.join(map(str, terms.values()))}) }}\n"
    result = rdflib_dataset(data).query(text)
    columns = tuple(str(variable) for variable in result.vars or ())
    return [columns, *(tuple(plain(value(term)) for term in row) for row in rows(result))]


def rows(result: rdflib.query.Result) -> Iterator[rdflib.query.ResultRow]:
    for row in result:
        assert isinstance(row, rdflib.query.ResultRow)
        yield row


def value(term: object) -> Cell:
    if isinstance(term, rdflib.Literal) and isinstance(term.value, bool | int):
        return term.value
    if isinstance(term, rdflib.Literal) and term.datatype == rdflib.XSD.decimal:
        return float(term)
    if isinstance(term, rdflib.Literal) and term.datatype == rdflib.XSD.dateTime:
        return str(term).replace("+00:00", "Z")
    return None if term is None else str(term)


# rdflib's own evaluator still calls what rdflib deprecates
@pytest.mark.filterwarnings(r"ignore:Dataset\.\w+ is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("folder", "params", "expected"), CASES, ids=NAMES)
def test_rdflib_gives_the_expected_answer(
    folder: Path, params: dict[str, str], expected: str
) -> None:
    answer = rdflib_answer(find(folder.name), params, folder / "data.trig")
    assert answer == read_expected(folder / expected)


def test_every_query_has_a_case() -> None:
    assert set(catalogue(*GROUPS)) <= {folder.name for folder in FOLDERS}


def test_the_fixed_names_are_there() -> None:
    fixed = (
        "reports-by-month-platform-organisation time-report-to-referral shared-hashes"
        " risk-and-age-by-helpline reports-by-country-year provider-vs-clearinghouse"
        " unmapped-by-partner referral-outcomes timeliness-by-partner"
    )
    assert set(fixed.split()) <= set(catalogue("report"))


@pytest.mark.parametrize("name", sorted(catalogue("verify")))
def test_a_check_finds_nothing_in_sound_data(name: str) -> None:
    query = find(name)
    assert query.contract == "none"
    for sound in catalogue("report"):
        with load(HERE / sound) as store:
            assert run(store, query).rows == (), sound


@pytest.mark.parametrize("name", sorted(catalogue(*GROUPS)))
def test_a_query_is_portable(name: str) -> None:
    query = find(name)
    text = query.text
    used = {
        line.split()[1].rstrip(":"): line.split()[2].strip("<>")
        for line in text.splitlines()
        if line.startswith("PREFIX ")
    }
    assert used.items() <= PREFIXES.items()
    assert "ORDER BY" in text
    assert "SERVICE" not in text
    assert "FROM" not in text
    assert query.contract == ("none" if query.group == "verify" else "rows")
    with EmbeddedStore.in_memory() as store:
        assert run(store, query).rows == ()
        examples = {p.name: p.example for p in query.params if p.example}
        assert len(examples) == len(query.params)
        assert run(store, query, examples).rows == ()
