"""The synthetic CyberTipline export: stable, clean without faults, and honest about the planted."""

import csv
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.lift.generate.cybertipline_faults import MISTAKES

FILES = ("reports.xml", "files.xml")
ORG = "example-org"


def export(
    out: Path, records: int = 300, faults: int = 0, seed: int = 3, other: Path | None = None
) -> Planted:
    return generate("cybertipline", GenerateRequest(records, seed, faults, out, ORG, other))


def cells(element: etree._Element, at: str = "") -> dict[str, str]:
    """Give every attribute and text of a record by its path, indexed where elements repeat."""
    found = {f"{at}@{k!s}": v for k, v in element.attrib.items() if not str(k).startswith("{")}
    tags = Counter(child.tag for child in element)
    seen: Counter[str] = Counter()
    for child in element:
        tag = str(child.tag)
        seen[tag] += 1
        name = f"{at}{tag}[{seen[tag]}]" if tags[child.tag] > 1 else f"{at}{tag}"
        if len(child) == 0:
            found[name] = (child.text or "").strip()
        found |= cells(child, f"{name}/")
    return {str(k): str(v) for k, v in found.items()}


def records(folder: Path, name: str) -> list[dict[str, str]]:
    return [cells(record) for record in etree.parse(str(folder / name)).getroot()]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    export(out)
    return out


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Planted]:
    out = tmp_path_factory.mktemp("faulty")
    return out, export(out, faults=42)


def test_same_request_same_bytes(tmp_path: Path, clean: Path) -> None:
    export(tmp_path)
    for name in (*FILES, "planted.json"):
        assert (tmp_path / name).read_bytes() == (clean / name).read_bytes()


def test_another_seed_gives_another_export(tmp_path: Path, clean: Path) -> None:
    export(tmp_path, seed=4)
    assert (tmp_path / FILES[0]).read_bytes() != (clean / FILES[0]).read_bytes()


def test_a_record_does_not_depend_on_the_size(tmp_path: Path, clean: Path) -> None:
    export(tmp_path, records=40)
    assert records(tmp_path, FILES[0]) == records(clean, FILES[0])[:40]


def test_clean_reports(clean: Path) -> None:
    for record in records(clean, FILES[0]):
        incident = datetime.fromisoformat(record["report/incidentSummary/incidentDateTime"])
        submitted = datetime.fromisoformat(record["@submittedAt"])
        assert incident <= submitted <= datetime.fromisoformat(record["@updatedAt"])
        assert record["@submittedAt"] >= "2024-01" and record["@updatedAt"] < "2025-07"
        assert record["reportDoneResponse/reportId"].isdigit()
        for path, text in record.items():
            if path.endswith("/age"):
                assert 0 <= int(text) <= 120
            if path.endswith("countryCode"):
                assert re.fullmatch("[A-Z]{2}", text)


def test_clean_files(clean: Path) -> None:
    known = {r["reportDoneResponse/reportId"] for r in records(clean, FILES[0])}
    files = records(clean, FILES[1])
    assert len({f["fileDetails/fileId"] for f in files}) == len(files)
    for file in files:
        assert file["fileDetails/reportId"] in known
        if file["fileDetails/fileRelevance"] == "Supplemental Reported":
            assert "fileDetails/industryClassification" not in file
            assert "fileDetails/fileAnnotations/potentialMeme" not in file
    tree = etree.parse(str(clean / FILES[1]))
    for algorithm, width in (("MD5", 32), ("SHA1", 40), ("SHA256", 64)):
        for value in tree.iterfind(f".//originalFileHash[@hashType='{algorithm}']"):
            assert re.fullmatch(f"[0-9A-Fa-f]{{{width}}}", value.text or "")


def test_a_later_version_of_a_report_is_no_fault(clean: Path) -> None:
    versions: dict[str, list[str]] = {}
    for record in records(clean, FILES[0]):
        key = record["reportDoneResponse/reportId"]
        versions.setdefault(key, []).append(record["@updatedAt"])
    repeated = [v for v in versions.values() if len(v) > 1]
    assert repeated
    assert all(len(set(v)) == len(v) and v == sorted(v) for v in repeated)


def test_some_hashes_are_seen_more_than_once(clean: Path) -> None:
    tree = etree.parse(str(clean / FILES[1]))
    hashes = Counter(
        (h.text or "").lower() for h in tree.iterfind(".//originalFileHash[@hashType='MD5']")
    )
    assert max(hashes.values()) > 1


def test_four_languages_are_there(clean: Path) -> None:
    text = (clean / FILES[0]).read_text(encoding="utf-8")
    for word in ("Synthetic note", "Texte inventé", "Texto inventado", "نص مصطنع"):
        assert word in text


def test_planted_list(faulty: tuple[Path, Planted]) -> None:
    out, planted = faulty
    document = json.loads((out / "planted.json").read_text(encoding="utf-8"))
    assert document["mapping"] == "cybertipline"
    listed = document["faults"]
    assert len(listed) == 42 == len(planted.faults)
    assert len({(f["file"], f["row"]) for f in listed}) == 42
    assert {f["kind"] for f in listed} == {m.kind for m in MISTAKES}
    assert {f.rules for f in planted.faults} == {m.rules for m in MISTAKES}
    for fault in listed:
        assert fault["sheet"] is None
        assert fault["file"] in FILES
        assert fault["rule"] == fault.get("rules", [fault["rule"]])[0]


def test_each_planted_cell_differs_and_no_other(clean: Path, faulty: tuple[Path, Planted]) -> None:
    out, planted = faulty
    changed = set()
    for name in FILES:
        before, after = records(clean, name), records(out, name)
        assert len(before) == len(after)
        for row, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            paths = {p for p in old.keys() | new.keys() if old.get(p) != new.get(p)}
            changed |= {(name, row, path) for path in paths}
    assert changed == {(f.file, f.row, f.column) for f in planted.faults}


def test_no_file_is_left_without_its_report_by_an_empty_number(
    faulty: tuple[Path, Planted],
) -> None:
    out, planted = faulty
    known = {r["reportDoneResponse/reportId"] for r in records(out, FILES[0])}
    wrong = {f.row for f in planted.faults if f.rule == "source:reference"}
    for row, file in enumerate(records(out, FILES[1]), start=1):
        assert (file["fileDetails/reportId"] in known) == (row not in wrong)


def test_unknown_lists_exactly_the_codes_without_a_place(clean: Path, repository: Path) -> None:
    codes = repository / "mappings/lift/cybertipline/codes.csv"
    with codes.open(encoding="utf-8", newline="") as f:
        placed = {(r["list"], r["value"]) for r in csv.DictReader(f) if r["code"]}
    columns = {
        "report/incidentSummary/platform": "platform",
        "report/personOrUserReported/espService": "platform",
        "report/incidentSummary/incidentType": "incident-type",
        **{
            f"report/{block}/associatedAccount/@accountType": "account-kind"
            for block in ("personOrUserReported", "intendedRecipient", "victim")
        },
    }
    found = {
        (row, path)
        for row, record in enumerate(records(clean, FILES[0]), start=1)
        for path, text in record.items()
        if (listed := columns.get(re.sub(r"\[\d+\]", "", path))) and (listed, text) not in placed
    }
    unknown = json.loads((clean / "planted.json").read_text(encoding="utf-8"))["unknown"]
    assert found
    assert {(u["row"], u["column"]) for u in unknown} == found


def test_overlap_is_true(tmp_path: Path, faulty: tuple[Path, Planted]) -> None:
    other, theirs = faulty
    export(tmp_path, records=150, faults=20, seed=9, other=other)
    overlap = json.loads((tmp_path / "planted.json").read_text(encoding="utf-8"))["overlap"]
    refused = {f.row for f in theirs.faults if f.file == FILES[1]}
    numbers = [f["fileDetails/fileId"] for f in records(other, FILES[1])]
    refused |= {row for row, n in enumerate(numbers, start=1) if numbers.count(n) > 1}
    shared = {n: hashes(other, n, refused) & hashes(tmp_path, n, set()) for n in ("md5", "sha1")}
    assert {o["md5"] for o in overlap} == shared["md5"]
    assert {o["sha1"] for o in overlap if "sha1" in o} == shared["sha1"]
    assert any("sha1" not in o for o in overlap)
    files = records(tmp_path, FILES[1])
    common = sum(1 for f in files if shared["md5"] & {v.lower() for v in f.values()})
    assert 0.1 < common / len(files) < 0.3


def hashes(folder: Path, algorithm: str, without: set[int | None]) -> set[str]:
    tree = etree.parse(str(folder / FILES[1])).getroot()
    path = f"fileDetails/originalFileHash[@hashType='{algorithm.upper()}']"
    return {
        (value.text or "").lower()
        for row, record in enumerate(tree, start=1)
        if row not in without
        for value in record.iterfind(path)
    }


def test_overlap_does_not_change_anything_but_hashes(tmp_path: Path, clean: Path) -> None:
    export(tmp_path, records=80, seed=3, other=clean)
    assert records(tmp_path, FILES[0]) == records(clean, FILES[0])[:80]


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="no room for 500 faults"):
        export(tmp_path, records=20, faults=500)


def test_overlap_needs_an_export(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match=r"no files\.xml"):
        export(tmp_path / "a", records=5, other=tmp_path / "b")


def test_no_value_could_be_a_real_person(clean: Path) -> None:
    text = "".join((clean / name).read_text(encoding="utf-8") for name in FILES)
    for address in re.findall(r"<ipAddress>([^<]*)", text):
        assert address.startswith("192.0.2.")
    for domain in re.findall(r"[\w.]+@([\w.]+)", text):
        assert domain.endswith(".example")
    assert all(p.startswith("+1-555-01") for p in re.findall(r"<phone[^>]*>([^<]*)", text))
