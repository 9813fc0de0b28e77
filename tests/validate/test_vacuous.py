"""A check that looks at nothing is no pass, and a contradicted record is refused once."""

import csv
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import VacuousValidation
from dpc_kg.cli import main
from dpc_kg.lift import LiftRequest
from dpc_kg.validate.check import check

MAPPING = """@prefix rml: <http://w3id.org/rml/> .
@prefix m: <https://example.org/m#> .
m:T a rml:TriplesMap ; rml:logicalSource m:S ; rml:subjectMap m:Sub ; rml:predicateObjectMap m:P .
m:S rml:source m:F ; rml:referenceFormulation rml:CSV .
m:F a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "t.csv" .
m:Sub rml:template "https://example.org/{id}" .
m:P rml:predicate m:a ; rml:objectMap m:O .
m:O rml:reference "a" .
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text("id,a\n1,2\n", encoding="utf-8")
    path = tmp_path / "mapping.ttl"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def test_a_mapping_outside_the_model_is_no_pass(mapping: Path) -> None:
    request = LiftRequest(str(mapping))
    with pytest.raises(VacuousValidation, match="nothing was checked"), check(request):
        pass


def test_the_program_says_so(mapping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(mapping.parent / "t.csv"), "--mapping", str(mapping)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "docs/reference/model.md" in said.err


@pytest.mark.parametrize("copies", [2, 3])
def test_a_contradicted_record_is_refused_once(
    tmp_path: Path, partner_key: bytes, copies: int
) -> None:
    """Versions that say different things at one time are one record, however many they are."""
    with (mapping_dir("primero") / "sample.csv").open(encoding="utf-8", newline="") as file:
        header, row, *_ = csv.reader(file)
    place, table = header.index("module_id"), tmp_path / "cases.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number in range(copies):
            writer.writerow([*row[:place], f"module-{number}", *row[place + 1 :]])
    request = LiftRequest("primero", {"cases": table}, "an-org", "cases", partner_key)
    with check(request) as checked:
        assert [f.rule for f in checked.faults] == ["source:duplicate"] * (copies - 1)
        assert checked.refused == 1
