"""A seeded set of invented tables in the forms in which counts of reports are published.

Every figure is invented, and so are the providers; only labels of areas and categories are those of
the published tables. ``records`` counts the rows of all tables.
"""

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.ncmecstatistics_faults import MISTAKES, Mistake, plant
from dpc_kg.lift.generate.ncmecstatistics_tables import TABLES, Row, Table, labels
from dpc_kg.lift.generate.planted import GenerateRequest, Planted
from dpc_kg.lift.privacy import read_codes

PLATFORMS = "platforms.json"


def generate(request: GenerateRequest) -> Planted:
    """Write a CSV file for each table, and the platforms' own figures as JSON.

    A row follows from the seed and its place alone. Blanks, ``N/A``, figures of zero, thousands
    apart and periods that overlap are no faults.

    Raises:
        DpcError: fewer records than tables, more than there are rows, or more faults than rows.
    """
    planted = Planted("ncmec-statistics", request)
    rng = Random(f"ncmec-statistics/{request.org}/{request.seed}")  # noqa: S311 - no secret
    known = labels()
    rows = _rows(rng, request.records, known)
    if request.faults:
        _plant(rng, rows, request.faults, planted)
    for table in TABLES:
        _write(request.out / f"{table.name}.csv", table, rows[table.name])
    _write_platforms(request.out / PLATFORMS, rng)
    _note_unknown(planted, rows)
    return planted


def _rows(rng: Random, records: int, known: dict[str, list[str]]) -> dict[str, list[Row]]:
    """Share the records out among the tables in turn, as long as a table has rows left."""
    pools = {t.name: t.rows(known) for t in TABLES}
    for pool in pools.values():
        rng.shuffle(pool)
    if not len(TABLES) <= records <= sum(map(len, pools.values())):
        raise DpcError(
            f"{records} records do not fit these tables.",
            advice=f"Ask for {len(TABLES)} to {sum(map(len, pools.values()))}.",
        )
    made: dict[str, list[Row]] = {t.name: [] for t in TABLES}
    while sum(map(len, made.values())) < records:
        for table in TABLES:
            if pools[table.name] and sum(map(len, made.values())) < records:
                made[table.name].append(table.fill(pools[table.name].pop(), rng))
    return made


def _plant(rng: Random, rows: dict[str, list[Row]], faults: int, planted: Planted) -> None:
    """Give each fault a row of its own, the kinds in turn."""
    places = [(name, i) for name, found in rows.items() for i in range(len(found))]
    rng.shuffle(places)
    turn, idle = 0, 0
    while len(planted.faults) < faults:
        if idle == len(MISTAKES):
            raise DpcError(
                f"These rows have no room for {faults} faults.",
                advice="Ask for more records or fewer faults.",
            )
        done = _plant_one(MISTAKES[turn % len(MISTAKES)], rows, places, planted)
        turn, idle = turn + 1, 0 if done else idle + 1


def _plant_one(
    mistake: Mistake, rows: dict[str, list[Row]], places: list[tuple[str, int]], planted: Planted
) -> bool:
    for place in places:
        name, index = place
        if name in mistake.tables and mistake.fits(rows[name][index]):
            places.remove(place)
            planted.faults.append(plant(mistake, name, index, rows[name]))
            return True
    return False


def _write(path: Path, table: Table, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _note_unknown(planted: Planted, rows: dict[str, list[Row]]) -> None:
    """List the cells whose label has no code: declared so, and no faults."""
    declared = read_codes(mapping_dir(planted.mapping))
    placeless = {r.value for r in declared if r.list == "relationship" and r.code is None}
    for index, row in enumerate(rows["relationships"]):
        figures = [v for k, v in row.items() if k != "relationship" and v]
        if row["relationship"] in placeless and figures:
            cell = {"file": "relationships.csv", "row": index + 2, "column": "relationship"}
            planted.unknown.append(cell)


def _write_platforms(path: Path, rng: Random) -> None:
    """Write half-years and quarters of invented providers, with the ugly cells of the real file."""
    document: dict[str, Any] = {
        "@": {"title": "Synthetic disclosures", "author": "Example Author", "version": "0.0"},
        "Example Market": None,
    }
    for name in ("Example Chat", "Example Vidéo"):
        rows: list[dict[str, Any]] = []
        for year in (2022, 2023):
            for half in (1, 2):
                quarters = [f"{year} Q{2 * half - 1}", f"{year} Q{2 * half}"]
                parts = [rng.randint(0, 5000) for _ in quarters]
                rows += [{q: [p, None, None]} for q, p in zip(quarters, parts, strict=True)]
                whole = f"1,250,{rng.randint(100, 999)}"
                share = f"{rng.randint(1, 9)}.{rng.randint(10, 99)} / 100 * {whole}"
                rows.append({f"{year} H{half}": [sum(parts), None, rng.randint(1, 999) / 10]})
                rows.append({f"{year} H{half}": [None, share, None], "redundant": True})
            rows.append({str(year): [rng.randint(0, 20_000), 0, None]})
        document[name] = {
            "features": {
                "data": rng.choice(("csv", None)),
                "history": "same page",
                "quantities": "counts",
                "granularity": "Q",
                "frequency": "H",
                "coverage": "2022 Q1",
            },
            "comments": ["Synthetic comment: canary@partner.example"],
            "columns": ["reports", "accounts", "automatically detected pieces"],
            "schema": {"automatically detected pieces": "float"},
            "rows": rows,
        }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
