"""Each mapping's way from an export to what a hub holds: nothing on it knows one source only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.assets import asset, mapping_dir
from dpc_kg.cli.assign import assigned
from dpc_kg.exchange.package import read
from dpc_kg.lift.generate import GenerateRequest, generate, generators
from dpc_kg.lift.rml import compile_rml
from tests.cli.conftest import ORG, WHEN, Office

if TYPE_CHECKING:
    from pathlib import Path

RECORDS, FAULTS = 10, 4


def test_every_mapping_has_a_generator() -> None:
    folders = {p.name for p in asset("mappings", "lift").iterdir() if p.is_dir()}
    assert len(folders) >= 10
    assert folders <= set(generators())


def sources(mapping: str, folder: Path) -> list[str]:
    """Name the files of an export: a workbook of sheets, folders of documents, or files by name."""
    plan = compile_rml(mapping_dir(mapping) / "mapping.rml.ttl")
    inner = {p.name for p in folder.rglob("*") if p.is_dir() and p.parent != folder}
    named = {s.name: folder for s in plan.sources if s.name in inner}
    named |= {s.name: book for s in plan.sources for book in folder.glob("*.xlsx") if s.table}
    return [f"--source={n}={p}" for n, p in (named or assigned(plan, [folder])).items()]


@pytest.mark.parametrize("generator", generators())
def test_an_export_with_mistakes_reaches_the_hub(
    generator: str, office: Office, tmp_path: Path
) -> None:
    """What is left of it is whole: the hub, which refuses by package, takes it."""
    folder, out = tmp_path / "export", tmp_path / "a.dpcsub"
    planted = generate(generator, GenerateRequest(RECORDS, 1, FAULTS, folder, ORG))
    assert planted.faults
    office.done("key", "new", "-o", tmp_path / "coalition.key")
    keys: list[str | Path] = ["--key-file", tmp_path / "partner.key"]
    keys += ["--signing-key", tmp_path / "signing.jwk"]
    keys += ["--coalition-key-file", tmp_path / "coalition.key", "--coalition-epoch", "1"]
    options = ["--mapping", planted.mapping, "--org", ORG, *sources(planted.mapping, folder)]
    named: list[str | Path] = ["--dataset", "all", "--extracted-at", WHEN, "-o", out]
    said = re.search(r"(\d+) refused", office.done("package", *options, *keys, *named).err)
    assert said is not None
    assert int(said[1]) > 0
    assert read(out).report["withheld"]

    receipt = office.submit(out)
    lines = office.dump().splitlines()
    assert len(lines) == receipt["quads"] > RECORDS
    assert all(line.endswith(f" <{receipt['graph']}> .") for line in lines)
    assert "FAIL" not in office.done("verify", *office.hub).out
