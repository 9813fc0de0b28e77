"""The mapping ``ncmec-statistics``: its tables state what was published, and every cell arrives."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from dpc_kg.base.rdfio import is_canonical, read
from dpc_kg.base.vocab import CODES, DPC, EXT, ID
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.rml import compile_rml
from dpc_kg.store.catalogue import catalogue, find, run, tabulate
from dpc_kg.store.embedded import EmbeddedStore
from dpc_kg.store.tables import Cell

ORG = "example-publisher"
GRAPH = f"https://w3id.org/dpc/graph/{ORG}/pending"
NAMES = ("years", "countries", "contents", "comparable")
YEARS = ("2019", "2020", "2021", "2022", "2023")
TOTALS = dict(zip(YEARS, (16_987_361, 21_751_085, 29_397_681, 32_059_029, 36_210_368), strict=True))
ORIGINALS = {
    "years": "ocse-reports-per-year.csv",
    "countries": "ocse-reports-per-country.csv",
    "contents": "ocse-report-contents.csv",
    "comparable": "comparable-reports-by-provider.csv",
}
Row = dict[str, str]


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "mappings/lift/ncmec-statistics"


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, list[Row]]:
    return {name: rows_of(folder / f"{name}.csv") for name in NAMES}


@pytest.fixture(scope="module")
def codes(folder: Path) -> list[Row]:
    return rows_of(folder / "codes.csv")


@pytest.fixture(scope="module")
def lifted(folder: Path, tmp_path_factory: pytest.TempPathFactory, partner_key: bytes) -> bytes:
    sources = {name: folder / f"{name}.csv" for name in NAMES}
    return lift(sources, tmp_path_factory.mktemp("lifted") / "data.nq", partner_key)


@pytest.fixture(scope="module")
def store(lifted: bytes) -> Iterator[EmbeddedStore]:
    with EmbeddedStore.in_memory() as memory:
        memory.load_graph(GRAPH, lifted)
        yield memory


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lift(
    sources: dict[str, Path], out: Path, key: bytes, org: str = ORG, dataset: str = "statistics"
) -> bytes:
    request = LiftRequest("ncmec-statistics", sources, org, dataset, key)
    with open_lift(request) as made:
        made.write(out)
        assert made.rejects == []
        assert made.unknown() == []
        assert {count.status for count in made.fields()} == {"placed"}
    return out.read_bytes()


def number(text: str) -> int:
    return int(text.replace(",", ""))


# -- the tables


def test_the_tables_have_the_traps(tables: dict[str, list[Row]]) -> None:
    countries = tables["countries"]
    assert len(countries) == 252
    twice = [code for code, n in Counter(row["iso3"] for row in countries).items() if n > 1]
    assert twice == ["GUF"]
    assert [row["country"] for row in countries if not row["iso3"]] == ["No Country Listed"]
    blanks = [sum(not row[year] for row in countries) for year in YEARS]
    assert blanks == [10, 7, 7, 5, 8]
    assert any("," in row["2023"] for row in countries)
    assert [row["year"] for row in tables["years"]] == [str(y) for y in range(1998, 2024)]
    assert len(tables["contents"]) == 84
    assert len(tables["comparable"]) == 60


def test_country_rows_add_up_to_the_year(tables: dict[str, list[Row]]) -> None:
    published = {row["year"]: number(row["reports"]) for row in tables["years"]}
    for year in YEARS:
        cells = [row[year] for row in tables["countries"] if row[year]]
        assert sum(map(number, cells)) == published[year] == TOTALS[year]


def test_kinds_of_exploitation_and_places_add_up_too(tables: dict[str, list[Row]]) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for row in tables["contents"]:
        sums[row["category"], row["year"]] += number(row["quantity"])
    for year in YEARS[1:]:
        assert sums["kind of exploitation", year] == TOTALS[year]
        assert sums["user location", year] == TOTALS[year]


def test_the_tables_state_what_was_published(tables: dict[str, list[Row]], shared: Path) -> None:
    for name, original in ORIGINALS.items():
        published = [r for r in rows_of(shared / "data/ncmec" / original) if any(r.values())]
        columns = sorted(published[0])
        assert sorted(tables[name][0]) == columns
        ours, theirs = (
            sorted(tuple(plain(row[c]) for c in columns) for row in rows)
            for rows in (tables[name], published)
        )
        assert ours == theirs


def plain(cell: str) -> str:
    digits = cell.replace(",", "")
    return digits if digits.isdigit() else cell


# -- the lists


def test_every_column_is_declared(folder: Path, tables: dict[str, list[Row]]) -> None:
    rows = [r for r in rows_of(folder / "fields.csv") if r["source"] in NAMES]
    declared = {(r["source"], r["path"]) for r in rows}
    assert declared == {(name, column) for name in NAMES for column in tables[name][0]}


def test_every_label_is_listed_once(codes: list[Row], tables: dict[str, list[Row]]) -> None:
    assert max(Counter((r["list"], r["value"]) for r in codes).values()) == 1
    lists: dict[str, set[str]] = {}
    for row in codes:
        lists.setdefault(row["list"], set()).add(row["value"])
    comparable = tables["comparable"]
    of_tables = ("country-label", "contents-category", "contents-measure")
    names = {r["topic"] for r in comparable} | {r["observer"] for r in comparable}
    assert names <= lists["organization"]
    assert {name: lists[name] for name in of_tables} == {
        "country-label": {row["country"] for row in tables["countries"]},
        "contents-category": {row["label"] for row in tables["contents"]},
        "contents-measure": {row["category"] for row in tables["contents"]},
    }


def test_every_code_is_in_the_ontology(codes: list[Row], repository: Path) -> None:
    for scheme in ("measure", "report-category"):
        graph = read(repository / f"ontology/codes/{scheme}.ttl")
        known = {str(subject) for subject in graph.subjects()}
        wanted = {CODES + r["code"] for r in codes if r["code"].startswith(f"{scheme}/")}
        assert wanted
        assert wanted <= known


def test_the_mapping_is_canonical_and_compiles(folder: Path) -> None:
    path = folder / "mapping.rml.ttl"
    assert is_canonical(path)
    plan = compile_rml(path)
    assert {source.name for source in plan.sources} >= set(NAMES)
    assert all(source.optional for source in plan.sources)
    assert {m.name for m in plan.maps if m.name.startswith("Country")} == {
        f"Country{year}" for year in YEARS
    }


# -- lifted


def expected_values(tables: dict[str, list[Row]]) -> dict[str, int]:
    """One observation a filled cell, worked out without the mapping."""
    cells: list[tuple[tuple[str, ...], str]] = []
    for row in tables["years"]:
        cells.append((("years", "ncmec", "reports", row["year"]), row["reports"]))
    for row in tables["countries"]:
        label = row["country"]
        cells += [(("countries", "ncmec", "reports", y, label), row[y]) for y in YEARS]
    for row in tables["contents"]:
        name = ("contents", "ncmec", row["category"], row["year"], row["label"])
        cells.append((name, row["quantity"]))
    for row in tables["comparable"]:
        name = ("comparable", row["observer"], "reports", row["year"], row["topic"])
        cells.append((name, row["count"]))
    base = f"{ID}{ORG}/observation/"
    return {base + ".".join(map(iri_safe, name)): number(cell) for name, cell in cells if cell}


def iri_safe(text: str) -> str:
    """RML's own percent-encoding: it leaves letters outside ASCII alone."""
    return "".join(quote(char, safe="") if char.isascii() else char for char in text)


def ask(store: EmbeddedStore, text: str) -> list[tuple[Cell, ...]]:
    return list(tabulate(store.query(text)).rows)


def test_every_filled_cell_is_one_observation(
    store: EmbeddedStore, tables: dict[str, list[Row]]
) -> None:
    text = f"SELECT ?o ?v WHERE {{ ?o a <{DPC}Observation> ; <{DPC}observedValue> ?v }}"
    found = ask(store, text)
    expected = expected_values(tables)
    assert len(found) == len(expected) == 26 + 1223 + 84 + 60
    assert {row[0]: row[1] for row in found} == expected


def test_areas_labels_and_observers(store: EmbeddedStore, tables: dict[str, list[Row]]) -> None:
    text = f"""SELECT DISTINCT ?label ?area WHERE {{
      ?o <{DPC}hasScheme> <{EXT}ncmec-reports-by-country> ; <{DPC}rawNotation> ?label .
      OPTIONAL {{ ?o <{DPC}refArea> ?area }} }}"""
    base = EXT + "iso3166-1-alpha-3/"
    rows = tables["countries"]
    assert set(ask(store, text)) == {
        (r["country"], base + r["iso3"] if r["iso3"] else None) for r in rows
    }
    text = f"SELECT ?by ?of WHERE {{ ?o <{DPC}observer> ?by ; <{DPC}aboutOrganization> ?of }}"
    assert Counter(ask(store, text)) == Counter(
        (organization(r["observer"]), organization(r["topic"])) for r in tables["comparable"]
    )


def organization(name: str) -> str:
    return f"{ID}{name.lower()}/organization/{name.lower()}"


def test_the_originals_give_the_same_bytes(
    lifted: bytes, shared: Path, tmp_path: Path, partner_key: bytes
) -> None:
    originals = {name: shared / "data/ncmec" / file for name, file in ORIGINALS.items()}
    assert lift(originals, tmp_path / "data.nq", partner_key) == lifted


def test_the_sample_gives_the_expected_quads(
    folder: Path, tmp_path: Path, partner_key: bytes
) -> None:
    sources = {name: folder / f"sample.{name}.csv" for name in NAMES}
    made = lift(sources, tmp_path / "data.nq", partner_key, "example-org", "sample")
    assert made == (folder / "expected.nq").read_bytes()


def test_the_sample_holds_the_traps(folder: Path, tables: dict[str, list[Row]]) -> None:
    for name in NAMES:
        assert all(row in tables[name] for row in rows_of(folder / f"sample.{name}.csv"))
    rows = {r["country"]: r for r in rows_of(folder / "sample.countries.csv")}
    assert {"French Guiana", "Guiana, French", "No Country Listed", "Curaçao"} <= rows.keys()
    assert rows["Norfolk Island"]["2020"] == "0"
    assert rows["Bouvet Island"]["2020"] == ""


def test_a_cell_that_is_no_number_is_refused(
    folder: Path, tmp_path: Path, partner_key: bytes
) -> None:
    sources = {name: folder / f"sample.{name}.csv" for name in NAMES}
    text = sources["countries"].read_text(encoding="utf-8")
    broken = tmp_path / "countries.csv"
    broken.write_text(text.replace('"1,339,597"', "about a million"), encoding="utf-8")
    request = LiftRequest(
        "ncmec-statistics", sources | {"countries": broken}, ORG, "statistics", partner_key
    )
    with open_lift(request) as made:
        (reject,) = made.rejects
    row = 2 + [r["country"] for r in rows_of(broken)].index("Philippines")
    assert (reject.rule, reject.file, reject.row, reject.column) == (
        "number",
        "countries.csv",
        row,
        "2020",
    )


# -- asked


def test_the_queries_give_the_known_answers(store: EmbeddedStore) -> None:
    table = run(store, find("reports-by-country-year"))
    sums: Counter[str] = Counter()
    for area, _, _, period, observer, reports, observations in table.rows:
        assert observer == ID + "ncmec/organization/ncmec"
        assert isinstance(reports, int)
        sums[str(period).removeprefix(CODES + "period/")] += reports
        assert observations == 2 if (area, str(period)[-4:]) in TWICE else observations == 1
    assert sums == TOTALS


TWICE = {("GUF", "2020"), ("GUF", "2021")}


def test_one_country_of_one_year(store: EmbeddedStore) -> None:
    table = run(store, find("reports-by-country-year"), {"area": "GUF", "period": "2020"})
    (row,) = table.rows
    assert row[:3] == ("GUF", "French Guiana", "Guiana, French")
    assert row[5:] == (594, 2)


def test_provider_and_clearing_house(store: EmbeddedStore) -> None:
    table = run(store, find("provider-vs-clearinghouse"))
    assert len(table.rows) == 30
    at = {name: index for index, name in enumerate(table.columns)}
    assert sum(row[at["equal"]] is True for row in table.rows) == 6
    assert sum(row[at["withinOnePercent"]] is True for row in table.rows) == 17
    worst = max(table.rows, key=lambda row: abs(float(row[at["differencePercent"]] or 0)))
    assert worst[:2] == (organization("Aylo"), CODES + "period/2020")
    assert (worst[at["provider"]], worst[at["clearingHouse"]]) == (4171, 13229)


def test_the_contents_of_a_year(store: EmbeddedStore) -> None:
    table = run(store, find("reports-by-category-year"), {"period": "2023"})
    assert len(table.rows) == 21
    values = {str(row[1]).rsplit("/", 1)[-1]: row[-1] for row in table.rows}
    assert values["online-enticement"] == 186_819
    assert values["total"] == TOTALS["2023"]


@pytest.mark.parametrize("name", sorted(catalogue("verify")))
def test_the_checks_find_nothing(store: EmbeddedStore, name: str) -> None:
    assert run(store, find(name)).rows == ()


def test_nothing_but_observations_is_lifted(store: EmbeddedStore) -> None:
    assert ask(store, "SELECT DISTINCT ?k WHERE { ?s a ?k }") == [(DPC + "Observation",)]
