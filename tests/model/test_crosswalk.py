"""The alignments as files: readable, complete, without contradiction, about terms we have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError, UnknownAsset
from dpc_kg.base.vocab import DPC, SKOS
from dpc_kg.model import crosswalk, ontology

if TYPE_CHECKING:
    from pathlib import Path

    from dpc_kg.model.crosswalk import Mapping, MappingSet

ALIGN = assets.root() / "mappings" / "align"
FILES = sorted(ALIGN.glob("*.sssom.tsv"))
WANTED = {
    "case-uco", "cac", "niem", "dpv", "odrl", "prov", "org", "schema-org", "fhir", "microsoft-cdm",
    "htcds", "dsa", "ncmec", "iccs", "icd-11", "hxl", "iati", "p-plan", "qb", "online-harms",
    "stix", "owl-time", "void", "prof",
}  # fmt: skip

HEADER = """\
#mapping_set_id: https://w3id.org/dpc/mappings/sample
#mapping_set_version: 0.1.0
#mapping_set_title: "Sample: with a colon"
#license: https://creativecommons.org/licenses/by/4.0/
#creator_label:
#  - Somebody
#object_source: https://example.org/standard
#curie_map:
#  dpc: https://w3id.org/dpc/cdm#
#  ex: https://example.org/standard#
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#  sssom: https://w3id.org/sssom/
"""
COLUMNS = "\t".join(crosswalk.COLUMNS) + "\n"
ROW = "dpc:Report\tReport\tskos:exactMatch\tex:R\tR\tsemapv:ManualMappingCuration\t0.9\t\n"
GAP = (
    "dpc:Case\tCase\tskos:exactMatch\tsssom:NoTermFound\t\tsemapv:ManualMappingCuration\t0.8\t"
    "Nothing there.\n"
)


def written(folder: Path, text: str, name: str = "sample") -> Path:
    path = folder / f"{name}.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def rules(one: MappingSet) -> set[str]:
    return {finding.rule for finding in crosswalk.findings([one])}


@pytest.fixture
def sample(tmp_path: Path) -> MappingSet:
    return crosswalk.read(written(tmp_path, HEADER + COLUMNS + ROW + GAP))


@pytest.fixture(scope="module")
def declared() -> frozenset[str]:
    return crosswalk.declared()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".sssom.tsv"))
def test_file_says_nothing_wrong(path: Path) -> None:
    assert crosswalk.findings([crosswalk.read(path)]) == ()


def test_the_standards_of_the_field_are_there() -> None:
    assert {one.name for one in crosswalk.load()} >= WANTED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".sssom.tsv"))
def test_subjects_are_terms_and_codes_of_the_model(path: Path, declared: frozenset[str]) -> None:
    lacking = crosswalk.undeclared([crosswalk.read(path)], declared)
    assert sorted({row.subject for row in lacking}) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".sssom.tsv"))
def test_rows_are_sorted_so_that_one_edit_is_one_line(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    keys = [(row[0], row[2], row[3]) for row in rows]
    assert keys == sorted(keys)


def test_labels_of_subjects_are_those_of_the_model(declared: frozenset[str]) -> None:
    wrong = {
        (row.subject, row.subject_label)
        for one in crosswalk.load()
        for row in one.mappings
        if row.subject in declared and row.subject_label != ontology.label(row.subject)
    }
    assert wrong == set()


def test_most_standards_say_what_they_lack() -> None:
    silent = {one.name for one in crosswalk.load() if not any(r.is_gap for r in one.mappings)}
    vocabularies = {"prov", "dcat", "dcterms", "foaf", "gufo", "owl-time", "prof", "skos", "void"}
    assert silent <= vocabularies


def test_read_gives_the_rows_with_full_iris(sample: MappingSet) -> None:
    first, gap = sample.mappings
    assert (first.subject, first.object) == (f"{DPC}Report", "https://example.org/standard#R")
    assert (first.predicate, first.confidence, first.line) == (f"{SKOS}exactMatch", 0.9, 15)
    assert (gap.is_gap, gap.is_stub, first.is_gap) == (True, False, False)
    assert (sample.name, sample.title, sample.creators) == (
        "sample", "Sample: with a colon", ("Somebody",),
    )  # fmt: skip
    assert crosswalk.findings([sample]) == ()


def test_mappings_of_one_standard() -> None:
    rows = crosswalk.mappings("prov")
    assert rows
    assert {row.file for row in rows} == {"prov.sssom.tsv"}
    with pytest.raises(UnknownAsset, match=r"Known: .*prov"):
        crosswalk.mappings("no-such-standard")


def test_a_folder_without_alignments_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownAsset):
        crosswalk.load(tmp_path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="no such file"):
        crosswalk.read(tmp_path / "none.sssom.tsv")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEADER.replace("#license: https", "#licence: https") + COLUMNS + ROW, 1),
        (HEADER.replace("#license", "license") + COLUMNS + ROW, 5),
        (HEADER + "#license: https://example.org/again\n" + COLUMNS + ROW, 14),
        (HEADER + "#not a field\n" + COLUMNS + ROW, 14),
        (HEADER, 14),
        (HEADER + COLUMNS.replace("\tconfidence", "") + ROW, 14),
        (HEADER + COLUMNS.replace("comment", "confidence") + ROW, 14),
        (HEADER + COLUMNS + ROW.replace("\t0.9", ""), 15),
        (HEADER + COLUMNS + ROW.replace("0.9", "high"), 15),
        (HEADER + COLUMNS + ROW + ROW.replace("ex:R", "other:R"), 16),
        (HEADER + COLUMNS + ROW.replace("dpc:Report", "Report"), 15),
        (HEADER + COLUMNS + ROW + "#late: yes\n", 16),
    ],
    ids=[
        "no-licence", "header-after-table", "field-twice", "no-field", "no-table", "no-column",
        "column-twice", "cells", "confidence", "prefix", "no-prefix", "late-header",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(DpcError) as told:
        crosswalk.read(written(tmp_path, text))
    assert (told.value.file, told.value.line) == ("sample.sssom.tsv", line)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"predicate": f"{SKOS}mappingRelation"}, "predicate"),
        ({"justification": f"{crosswalk.SEMAPV}LexicalMatching"}, "justification"),
        ({"confidence": 0.0}, "confidence"),
        ({"confidence": 1.5}, "confidence"),
        ({"justification": crosswalk.RECALLED}, "recalled"),
        ({"confidence": 0.4}, "seen"),
        ({"subject_label": ""}, "label"),
        ({"object_label": ""}, "label"),
        ({"object": crosswalk.NO_TERM_FOUND}, "gap"),
    ],
)
def test_a_wrong_row_is_found(sample: MappingSet, change: dict[str, object], rule: str) -> None:
    broken = replace(sample.mappings[0], **change)  # type: ignore[arg-type]
    assert rule in rules(replace(sample, mappings=(broken,)))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"iri": "urn:x"}, "header-iri"),
        ({"licence": "CC BY 4.0"}, "header-iri"),
        ({"source": "the standard"}, "header-iri"),
        ({"name": "other"}, "header-id"),
        ({"version": "one"}, "header-version"),
        ({"title": ""}, "header-text"),
        ({"creators": ()}, "header-text"),
    ],
)
def test_a_wrong_header_is_found(sample: MappingSet, change: dict[str, object], rule: str) -> None:
    assert rule in rules(replace(sample, **change))  # type: ignore[arg-type]


def with_second(sample: MappingSet, **change: object) -> MappingSet:
    first = sample.mappings[0]
    second: Mapping = replace(first, line=first.line + 1, **change)  # type: ignore[arg-type]
    return replace(sample, mappings=(first, second))


def test_a_row_twice_is_found(sample: MappingSet) -> None:
    assert rules(with_second(sample)) >= {"duplicate"}


def test_exact_and_broad_to_one_target_is_found(sample: MappingSet) -> None:
    assert rules(with_second(sample, predicate=crosswalk.BROAD)) == {"contradiction"}


def test_two_exact_matches_are_found_from_either_side(sample: MappingSet) -> None:
    many = with_second(sample, object="https://example.org/standard#S")
    shared = with_second(sample, subject=f"{DPC}Case")
    assert rules(many) == rules(shared) == {"exact-one-to-many"}


def test_a_gap_beside_an_exact_match_is_found(sample: MappingSet) -> None:
    gap = with_second(sample, object=crosswalk.NO_TERM_FOUND, comment="Nothing there.")
    assert rules(gap) == {"gap-and-match"}


def test_an_undeclared_subject_is_listed(sample: MappingSet) -> None:
    assert crosswalk.undeclared([sample], {f"{DPC}Report", f"{DPC}Case"}) == ()
    assert [row.line for row in crosswalk.undeclared([sample], {f"{DPC}Report"})] == [16]


def test_labels_are_written_anew_and_nothing_else(tmp_path: Path) -> None:
    old = ROW.replace("\tReport\t", "\tOld\t")
    unknown = ROW.replace("dpc:Report\tReport", "dpc:NoSuchTerm\tKept").replace("ex:R", "ex:S")
    path = written(tmp_path, HEADER + COLUMNS + old + unknown)
    assert crosswalk.relabel(path) == 1
    assert path.read_text(encoding="utf-8") == HEADER + COLUMNS + ROW + unknown
    assert crosswalk.relabel(path) == 0


def test_the_program_lists_what_is_wrong(
    sample: MappingSet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crosswalk, "load", lambda: (sample,))
    assert crosswalk.main([]) == 0
    assert capsys.readouterr().out == "Nothing is wrong.\n"
    broken = replace(sample.mappings[0], confidence=0.4, subject=f"{DPC}NoSuchTerm")
    monkeypatch.setattr(crosswalk, "load", lambda: (replace(sample, mappings=(broken,)),))
    assert crosswalk.main([]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "sample.sssom.tsv, line 15: seen: A row with a target that was seen has over 0.5.",
        f"sample.sssom.tsv, line 15: undeclared: {DPC}NoSuchTerm",
    ]
