"""The further tables of ``ncmec-statistics``, against the published files and plain arithmetic."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.vocab import CODES, DPC, EXT, ID
from dpc_kg.lift import LiftRequest, open_lift

ORG = "example-publisher"
FILES = {
    "countries": "ocse-reports-per-country.csv",
    "years": "ocse-reports-per-year.csv",
    "comparable": "comparable-reports-by-provider.csv",
    "comparable-rows": "comparable-reports.csv",
    "recipients": "ocse-report-recipients.csv",
    "relationships": "csam-pieces-by-relationship-to-victim.csv",
    "states": "ocse-reports-by-state.csv",
    "per-capita": "ocse-reports-per-year-country-capita.csv",
    "country-codes": "countries.csv",
    "meta": "meta-2024-q2-child-rows.csv",
    "platforms": "ocse-reports-per-platform.json",
}
SAMPLES = tuple(n for n in FILES if n not in ("countries", "years", "comparable"))
YEARS = ("2019", "2020", "2021", "2022", "2023")
Nodes = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "mappings/lift/ncmec-statistics"


@pytest.fixture(scope="module")
def published(shared: Path) -> Path:
    return shared / "data/ncmec"


@pytest.fixture(scope="module")
def nodes(
    published: Path, tmp_path_factory: pytest.TempPathFactory, partner_key: bytes
) -> Iterator[Nodes]:
    """All published files lifted at once: the properties of every node by its name."""
    sources = {name: published / file for name, file in FILES.items()}
    out = tmp_path_factory.mktemp("published") / "data.nq"
    with open_lift(LiftRequest("ncmec-statistics", sources, ORG, "all", partner_key)) as made:
        assert made.rejects == []
        made.write(out)
        assert [(u.path, u.cells) for u in made.unknown()] == [("relationship", 7)]
    yield read_nodes(out.read_text(encoding="utf-8"))


def read_nodes(nquads: str) -> Nodes:
    found: Nodes = {}
    for line in nquads.splitlines():
        subject, predicate, rest = line.split(" ", 2)
        value = rest.rpartition(" <")[0]
        plain = re.sub(r'^"(.*)"(\^\^<.*>)?$', r"\1", value).strip("<>")
        name = predicate.strip("<>").removeprefix(DPC)
        found.setdefault(subject.strip("<>"), {})[name] = plain
    return found


def of(nodes: Nodes, table: str) -> Nodes:
    start = f"{ID}{ORG}/observation/{table}."
    return {k.removeprefix(start): v for k, v in nodes.items() if k.startswith(start)}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [r for r in csv.DictReader(file) if any(r.values())]


def number(cell: str) -> int:
    return int(cell.replace(",", ""))


def total(found: Nodes, **wanted: str) -> int:
    return sum(int(o["observedValue"]) for o in found.values() if wanted.items() <= o.items())


def period(year: str) -> str:
    return f"{CODES}period/{year}"


def test_country_rows_add_up_to_the_year(nodes: Nodes) -> None:
    for year in YEARS:
        countries = total(of(nodes, "countries"), refPeriod=period(year))
        assert countries == total(of(nodes, "years"), refPeriod=period(year)) > 16_000_000


def test_thirty_pairs_of_observers(nodes: Nodes) -> None:
    sides: dict[tuple[str, str], dict[bool, int]] = {}
    for figure in of(nodes, "comparable").values():
        pair = sides.setdefault((figure["aboutOrganization"], figure["refPeriod"]), {})
        pair[figure["observer"] == figure["aboutOrganization"]] = int(figure["observedValue"])
    assert len(sides) == 30 == sum(len(p) == 2 for p in sides.values())
    assert sum(p[True] == p[False] for p in sides.values()) == 6
    assert sum(100 * abs(p[False] - p[True]) <= p[True] for p in sides.values()) == 17


def test_the_long_form_names_the_same_observations(
    nodes: Nodes, published: Path, tmp_path: Path, partner_key: bytes
) -> None:
    source = {"comparable-rows": published / FILES["comparable-rows"]}
    with open_lift(LiftRequest("ncmec-statistics", source, ORG, "all", partner_key)) as made:
        made.write(tmp_path / "rows.nq")
    long = read_nodes((tmp_path / "rows.nq").read_text(encoding="utf-8"))
    assert of(long, "comparable") == of(nodes, "comparable")


def test_recipients_and_relationships_and_states(nodes: Nodes, published: Path) -> None:
    for row in rows_of(published / FILES["recipients"]):
        label = f"{row['recipients']}, {row['level_of_detail']}".replace(" ", "%20")
        label = label.replace(",", "%2C")
        (found,) = [
            o for k, o in of(nodes, "recipients").items() if k.endswith(f"{row['year']}.{label}")
        ]
        assert int(found["observedValue"]) == number(row["reports"])
        assert found["levelOfDetail"].endswith(row["level_of_detail"])
    cells = [
        (column, cell)
        for row in rows_of(published / FILES["relationships"])
        for column, cell in row.items()
        if column != "relationship"
    ]
    pieces = of(nodes, "relationships")
    assert len(pieces) == len(cells) == 26 * 8
    assert total(pieces) == sum(number(cell) for _, cell in cells)
    unique = total(pieces, measure=f"{CODES}measure/unique-content-items")
    assert unique == sum(number(cell) for column, cell in cells if "unique" in column)
    states = of(nodes, "states")
    own = {k: o for k, o in states.items() if "adminArea" in o}
    assert len(own) == 50 and len(states) == 53
    derived = {o["observedValue"] for o in states.values() if "valueKind" in o}
    assert derived == {"910349", "1132270"}
    assert total(own) == 910_349


def test_per_capita_is_derived_and_groups_areas(nodes: Nodes, published: Path) -> None:
    found = of(nodes, "per-capita")
    rows = rows_of(published / FILES["per-capita"])
    assert len(found) == len(rows) == 1185
    assert {o["valueKind"] for o in found.values()} == {f"{CODES}value-kind/derived"}
    league = [o for o in found.values() if "refArea" not in o]
    assert {o["areaGroup"] for o in league} == {f"{EXT}area-group/league-of-arab-states"}
    assert len(league) == 5
    burundi = next(o for k, o in found.items() if k.endswith("2019.Burundi"))
    assert burundi["ratePerInhabitant"] == "0.000049011194932"
    assert int(burundi["referencePopulation"]) == 11_874_838
    for year in YEARS:
        wanted = [r for r in rows if r["year"] == year]
        assert total(found, refPeriod=period(year)) == sum(int(r["reports"]) for r in wanted)


def test_areas_are_named_by_both_notations(folder: Path) -> None:
    text = (folder / "expected.further.nq").read_text(encoding="utf-8")
    groups = re.compile(r"<(\S+/iso3166-1-alpha-[23]/NAM?)> <\S+areaGroup> <(\S+)>")
    found = {(a.removeprefix(EXT), g.removeprefix(EXT)) for a, g in groups.findall(text)}
    # by the table of areas alone, and by the table that also names the wider groups
    assert found == {
        ("iso3166-1-alpha-3/NAM", "un-m49/018"),
        *(("iso3166-1-alpha-2/NA", f"un-m49/{code}") for code in ("018", "202", "002")),
    }


def test_meta_keeps_each_quarter(nodes: Nodes, published: Path) -> None:
    found = of(nodes, "meta")
    rows = [r for r in rows_of(published / FILES["meta"]) if r["value"] != "N/A"]
    assert len(found) == len(rows)
    rates = {o["observedValue"] for o in found.values() if "proactive-rate" in o["measure"]}
    assert rates == {
        str(round(float(r["value"].rstrip("%")) * 100)) for r in rows if r["value"].endswith("%")
    }
    counts = [number(r["value"]) for r in rows if not r["value"].endswith("%")]
    assert total(found, measureUnit=f"{CODES}measure-unit/count") == sum(counts)


def test_every_filled_cell_of_the_platforms_is_one_observation(
    nodes: Nodes, published: Path
) -> None:
    document = json.loads((published / FILES["platforms"]).read_text(encoding="utf-8"))
    cells = list(filled(document))
    found = of(nodes, "platforms")
    assert len(found) == len(cells)
    got: Counter[tuple[str, str]] = Counter()
    for name, figure in found.items():
        got[name.split(".")[0], figure["rawNotation"]] += int(figure["observedValue"])
    reports = {k: v for k, v in got.items() if k[1] == "reports"}
    wanted: Counter[tuple[str, str]] = Counter()
    for who, column, value in cells:
        if column == "reports":
            wanted[who, column] += value
    assert reports == dict(wanted)
    repeated = [o for o in found.values() if o.get("hasStatus", "").endswith("/repeated")]
    assert {o["observedValue"] for o in repeated} >= {"136336", "3272"}  # 5.43 % of 2,510,798


def filled(document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for who, about in document.items():
        for row in (about or {}).get("rows", ()):
            for cells in (c for c in row.values() if isinstance(c, list)):
                for column, value in zip(about["columns"], cells, strict=True):
                    if value is not None and column != "platform":
                        yield who, column, value


def test_periods_of_one_provider_overlap(nodes: Nodes) -> None:
    reddit = [
        o["refPeriod"].rpartition("/")[2]
        for k, o in of(nodes, "platforms").items()
        if k.startswith("Reddit.reports.")
    ]
    assert {"2022", "2022-H1", "2022-H2"} <= set(reddit)
    assert nodes[f"{ID}youtube/organization/youtube"]["ownedBy"].endswith("/alphabet")


def test_the_samples_give_the_expected_quads_and_conform(
    folder: Path, tmp_path: Path, partner_key: bytes
) -> None:
    from dpc_kg.validate.engines import validate_quads

    ending = {"platforms": "json"}
    sources = {n: folder / f"sample.{n}.{ending.get(n, 'csv')}" for n in SAMPLES}
    request = LiftRequest("ncmec-statistics", sources, "example-org", "sample", partner_key)
    with open_lift(request) as made:
        assert made.rejects == []
        made.write(tmp_path / "data.nq")
    expected = folder / "expected.further.nq"
    assert (tmp_path / "data.nq").read_bytes() == expected.read_bytes()
    run = validate_quads(expected)
    assert run.focus_nodes > 60
    assert [(r.focus, r.source_shape) for r in run.results] == []
