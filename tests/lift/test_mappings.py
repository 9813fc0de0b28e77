"""Every shipped mapping and its tables: whole, canonical, and each word in them one of the model.

What only one mapping has is in the file of that mapping. That terms and codes exist and fit is
checked with `map check`'s own rules (test_mapdraft_check).
"""

import csv

import pytest

from dpc_kg.base.assets import mapping_dir, mapping_names
from dpc_kg.base.rdfio import is_canonical
from dpc_kg.base.vocab import DPC
from dpc_kg.lift.privacy import check_projected, fields_read, read_fields
from dpc_kg.lift.rml import compile_rml
from dpc_kg.model import ontology

STATUS = {"placed", "personal", "none"}
every_mapping = pytest.mark.parametrize("name", mapping_names())


def table(name: str, file: str) -> list[dict[str, str]]:
    with (mapping_dir(name) / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def wanted(name: str) -> set[tuple[str, str]]:
    """Give the placed fields, but for labels of columns: those are read as values of a list."""
    decisions = read_fields(mapping_dir(name))
    assert decisions is not None
    placed = {(d.source, d.path) for d in decisions.decisions if d.status == "placed"}
    listed = {row["value"] for row in table(name, "codes.csv")}
    labels = {("platforms", f"columns.{value}") for value in listed}
    return placed - labels


@every_mapping
def test_the_folder_is_whole(name: str) -> None:
    held = {path.name for path in mapping_dir(name).iterdir()}
    assert {"README.md", "mapping.rml.ttl", "fields.csv", "codes.csv", "expected.nq"} <= held
    assert [path for path in held if path.startswith("sample")]
    assert is_canonical(mapping_dir(name) / "mapping.rml.ttl")


@every_mapping
def test_every_placed_field_is_read(name: str) -> None:
    plan = compile_rml(mapping_dir(name) / "mapping.rml.ttl")
    decisions = read_fields(mapping_dir(name))
    assert decisions is not None
    check_projected(decisions, plan)
    assert wanted(name) <= fields_read(decisions, plan)


@every_mapping
def test_each_field_is_decided_once_and_the_decision_says_why(name: str) -> None:
    rows = table(name, "fields.csv")
    assert len({(row["source"], row["path"]) for row in rows}) == len(rows)
    terms = {term.iri for term in ontology.terms()}
    for row in rows:
        assert row["status"] in STATUS, row["path"]
        assert bool(row["term"]) == (row["status"] == "placed"), row["path"]
        assert row["reason"] or row["status"] == "placed", row["path"]
        assert not row["term"] or DPC + row["term"].removeprefix("dpc:") in terms, row["path"]


@every_mapping
def test_each_value_has_one_code_and_each_list_one_scheme(name: str) -> None:
    rows = table(name, "codes.csv")
    values = [(row["list"], row["value"]) for row in rows]
    assert len(values) == len(set(values))
    schemes = {(row["list"], row["scheme"]) for row in rows}
    assert len(schemes) == len({name for name, _ in schemes})
