"""The lift report: where every filled cell went, told twice over, and where the data came from."""

from __future__ import annotations

import importlib.resources
import json
from typing import TYPE_CHECKING, Any

import pytest

from dpc_kg.base.faults import SOURCE_RULES
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.balance import STATES
from dpc_kg.lift.generate import GenerateRequest, generate, generators
from dpc_kg.validate.check import check
from tests.cli.test_every_source import sources
from tests.schemas import breaches

if TYPE_CHECKING:
    from pathlib import Path

RECORDS, FAULTS = 15, 6
LISTED = {"case-uco": 1.0, "ncmec-statistics": 0.5, "primero": 0.6}
"""The share of cells that stand in lists or come by queries, where it is above a third."""


def schema() -> dict[str, Any]:
    text = (
        importlib.resources.files("dpc_kg.lift").joinpath("report.schema.json").read_text("utf-8")
    )
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("generator", generators())
def test_the_cells_of_every_field_are_all_told(
    generator: str, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    folder = tmp_path / "export"
    made = generate(generator, GenerateRequest(RECORDS, 3, FAULTS, folder, "example-org"))
    given = (text.split("=", 2)[1:] for text in sources(made.mapping, folder))
    paths = {name: folder.parent / path for name, path in given}
    request = LiftRequest(made.mapping, paths, "example-org", "d", partner_key, coalition_key)
    with check(request) as checked:
        report = checked.lifted.report(checked.write(tmp_path / "data.nq"), checked.withheld)
    assert breaches(json.loads(json.dumps(report)), schema()) == []
    told = [one for one in report["fields"] if "became" in one]
    # the reader counted the cells of the file, the views the rows their statements are made of
    wrong = [one for one in told if sum(one["became"].values()) != one["cells"]]
    assert wrong == []
    balance = report["balance"]
    parts = (*balance["dropped"].values(), *balance["became"].values(), balance["listed"])
    assert balance["cells"] == sum(parts) == sum(one["cells"] for one in report["fields"])
    assert balance["listed"] <= LISTED.get(made.mapping, 0.34) * balance["cells"]
    assert balance["became"].get("terms", 0) > RECORDS or made.mapping == "case-uco"
    assert made.mapping == "case-uco" or {"withheld", "rejected"} & set(balance["became"])


def test_a_report_holds_no_name_of_a_file(tmp_path: Path, partner_key: bytes) -> None:
    folder = tmp_path / "Qzvknu Export"
    made = generate("primero", GenerateRequest(4, 1, 0, folder, "example-org"))
    cases = folder / "Qzvknu-cases.csv"
    (folder / "cases.csv").rename(cases)
    request = LiftRequest(made.mapping, {"cases": cases}, "example-org", "d", partner_key, None)
    with check(request) as checked:
        report = checked.lifted.report(checked.write(tmp_path / "data.nq"), checked.withheld)
    assert "Qzvknu" not in json.dumps(report)
    used = [entity["sha256"] for entity in report["provenance"]["used"]]
    assert used == report["sources"][0]["sha256"]
    assert report["provenance"]["generated"]["quads"] == report["quads"] > 0


def test_the_schema_knows_every_state_and_fault() -> None:
    parts = schema()["$defs"]
    assert set(parts["became"]["properties"]) == set(STATES)
    assert set(parts["rejects"]["properties"]) == SOURCE_RULES
