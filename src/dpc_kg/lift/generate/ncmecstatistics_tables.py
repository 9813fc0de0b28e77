"""The tables of invented published counts: their columns, the rows each may hold, their figures."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from dpc_kg.base.assets import mapping_dir
from dpc_kg.lift.privacy import read_codes

Row = dict[str, str]
YEARS = ("2019", "2020", "2021", "2022", "2023")
PROVIDERS = ("Example Chat", "Example Market", "Example Vidéo")
AREAS = {
    "Philippines": "PHL",
    "Curaçao": "CUW",
    "Cote d'Ivoire (Ivory Coast)": "CIV",
    "Namibia": "NAM",
    "Egypt": "EGY",
    "French Guiana": "GUF",
    "Guiana, French": "GUF",
    "Spain": "ESP",
    "Norfolk Island": "NFK",
    "Bouvet Island": "BVT",
    "No Country Listed": "",
    "Brazil": "BRA",
    "India": "IND",
    "France": "FRA",
    "Morocco": "MAR",
    "Colombia": "COL",
}
CAPITA = {
    "Philippines": ("PH", "PHL", "South-Eastern Asia", "Asia", "Asia", "False"),
    "Egypt": ("EG", "EGY", "Northern Africa", "Africa", "Africa", "True"),
    "Namibia": ("NA", "NAM", "Southern Africa", "Sub-Saharan Africa", "Africa", "False"),
    "Arab League": ("☪", "☪", "", "", "", "False"),
}
METRICS = (
    "Content Actioned",
    "Content Appealed",
    "Content Restored with appeal",
    "Content Restored without appeal",
    "Proactive rate",
)
POLICIES = (
    "Child Nudity & Sexual Exploitation",
    "Child Endangerment: Nudity and Physical Abuse",
    "Child Endangerment: Sexual Exploitation",
)
RECIPIENTS = (
    "internet crimes against children units",
    "local law enforcement",
    "federal law enforcement",
    "international law enforcement",
)
PIECES = tuple(f"{y} {w}" for y in YEARS[1:] for w in ("pieces", "unique pieces"))
STATES = ("AK", "CA", "DC", "NY", "TX", "WY", "Subtotal", "Unspecified", "Total")


@dataclass(frozen=True)
class Table:
    """A table: ``rows`` gives every coordinate it can have, ``fill`` puts figures beside one."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[dict[str, list[str]]], list[Row]]
    fill: Callable[[Row, Random], Row]


def labels() -> dict[str, list[str]]:
    """Give the labels of each declared list of the mapping."""
    found: dict[str, list[str]] = {}
    for row in read_codes(mapping_dir("ncmec-statistics")):
        found.setdefault(row.list, []).append(row.value)
    return found


def count(rng: Random, most: int = 400_000) -> str:
    """Give a count as such tables print it: thousands apart or not; now and then zero."""
    number = 0 if rng.random() < 0.04 else rng.randint(1, most)
    return f"{number:,}" if rng.random() < 0.7 else str(number)


def maybe(rng: Random, text: str, blank: str = "") -> str:
    """Give the text, or sometimes the sign for no figure."""
    return blank if rng.random() < 0.12 else text


def _each(**columns: tuple[str, ...]) -> list[Row]:
    rows: list[Row] = [{}]
    for name, values in columns.items():
        rows = [{**row, name: value} for row in rows for value in values]
    return rows


def _contents(known: dict[str, list[str]]) -> list[Row]:
    of_files = ("photos", "unique photos", "videos", "unique videos", "other")
    reports = ("total", "with unique photos/videos")
    made = _each(category=("attachments",), label=of_files, year=YEARS)
    return made + _each(category=("reports",), label=reports, year=YEARS)


def _countries(known: dict[str, list[str]]) -> list[Row]:
    return [{"country": c, "iso3": i} for c, i in AREAS.items() if c in known["country-label"]]


def _wide(names: tuple[str, ...]) -> Callable[[Row, Random], Row]:
    def fill(row: Row, rng: Random) -> Row:
        return {**row, **{name: maybe(rng, count(rng)) for name in names}}

    return fill


def _one(name: str) -> Callable[[Row, Random], Row]:
    def fill(row: Row, rng: Random) -> Row:
        return {**row, name: count(rng)}

    return fill


def _per_capita(row: Row, rng: Random) -> Row:
    iso2, iso3, region, wider, continent, league = CAPITA[row["country"]]
    reports, population = rng.randint(0, 90_000), rng.randint(10_000, 90_000_000)
    return {
        **row,
        "iso2": iso2,
        "iso3": iso3,
        "reports": str(reports),
        "reports_pct": str(reports / 36_210_368 * 100),
        "population": str(population),
        "population_pct": str(population / 8e9 * 100),
        "reports_per_capita": str(reports / population),
        "region": region,
        "superregion": wider,
        "continent": continent,
        "arab_league": league,
    }


def _meta(row: Row, rng: Random) -> Row:
    if row["metric"] == "Proactive rate":
        return {**row, "value": maybe(rng, f"{rng.randint(700, 999) / 10}%", "N/A")}
    return {**row, "value": maybe(rng, f"{rng.randint(0, 900) * 100:,}", "N/A")}


def _state(row: Row, rng: Random) -> Row:
    return {**row, "reports": count(rng, 90_000), "population": maybe(rng, count(rng), "N/A")}


def _long(known: dict[str, list[str]]) -> list[Row]:
    rows = _each(provider=PROVIDERS, year=YEARS[:2], observer=("ServiceProvider", "NCMEC"))
    return [{"id": r.pop("provider") + r["year"], **r} for r in rows]


def _comparable(known: dict[str, list[str]]) -> list[Row]:
    # the years that the long form does not hold: both forms name one observation alike
    rows = _each(topic=PROVIDERS, year=YEARS[2:], observer=("", "NCMEC"))
    return [{**r, "observer": r["observer"] or r["topic"]} for r in rows]


_CAPITA_COLUMNS = (
    *("year", "iso2", "iso3", "country", "reports", "reports_pct", "population"),
    *("population_pct", "reports_per_capita", "region", "superregion", "continent", "arab_league"),
)
_QUARTERS = tuple(f"{y}Q{q}" for y in YEARS[2:] for q in range(1, 5))

TABLES = (
    Table("years", ("year", "reports"), lambda k: _each(year=YEARS), _one("reports")),
    Table("countries", ("country", "iso3", *YEARS), _countries, _wide(YEARS)),
    Table("contents", ("category", "label", "year", "quantity"), _contents, _one("quantity")),
    Table("comparable", ("year", "observer", "count", "topic"), _comparable, _one("count")),
    Table("comparable-rows", ("id", "year", "observer", "count"), _long, _one("count")),
    Table(
        "recipients",
        ("recipients", "level_of_detail", "year", "reports"),
        lambda k: _each(
            recipients=RECIPIENTS, level_of_detail=("actionable", "informational"), year=YEARS[1:]
        ),
        _one("reports"),
    ),
    Table(
        "relationships",
        ("relationship", *PIECES),
        lambda k: [{"relationship": r} for r in k["relationship"]],
        _wide(PIECES),
    ),
    Table(
        "states",
        ("year", "state", "reports", "population"),
        lambda k: _each(year=YEARS[3:], state=STATES),
        _state,
    ),
    Table(
        "per-capita",
        _CAPITA_COLUMNS,
        lambda k: _each(year=YEARS, country=tuple(CAPITA)),
        _per_capita,
    ),
    Table(
        "meta",
        ("app", "policy_area", "metric", "period", "value"),
        lambda k: _each(app=PROVIDERS, policy_area=POLICIES, metric=METRICS, period=_QUARTERS),
        _meta,
    ),
)
