"""The CyberTipline mapping: every field decided, every code placed, the lift what it should be."""

import csv
import importlib.util
import re
import types
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from dpc_kg.base.rdfio import is_canonical
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.lift.privacy import read_fields
from dpc_kg.lift.rml import compile_rml

ORG = "example-org"
SAMPLE = {"records": 12, "seed": 568}


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "mappings/lift/cybertipline"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export")
    generate("cybertipline", GenerateRequest(200, 11, 0, out, ORG))
    return out


@pytest.fixture(scope="module")
def reading() -> types.ModuleType:
    """The second reading beside this file (tests are no package)."""
    path = Path(__file__).with_name("cybertipline_reading.py")
    spec = importlib.util.spec_from_file_location("cybertipline_reading", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def leaves(path: Path) -> set[str]:
    """Give the paths of all attributes and of all elements without children."""
    found: set[str] = set()

    def walk(element: etree._Element, at: str) -> None:
        prefix = f"{at}/" if at else ""
        found.update(f"{prefix}@{a!s}" for a in element.attrib if not str(a).startswith("{"))
        if at and len(element) == 0:
            found.add(at)
        for child in element:
            walk(child, prefix + str(child.tag))

    for record in etree.parse(str(path)).getroot():
        walk(record, "")
    return found


def request(sources: dict[str, Path], partner: bytes, coalition: bytes | None) -> LiftRequest:
    return LiftRequest("cybertipline", sources, ORG, "sample", partner, coalition)


def lifted(sources: dict[str, Path], out: Path, partner: bytes, coalition: bytes | None) -> str:
    with open_lift(request(sources, partner, coalition)) as lift:
        assert lift.rejects == []
        lift.write(out)
    return out.read_text(encoding="utf-8")


def triples(nquads: str, org: str = ORG) -> set[tuple[str, ...]]:
    """Give the triples of a pending graph but those about unmapped items."""
    ending = f" <https://w3id.org/dpc/graph/{org}/pending> ."
    lines = nquads.splitlines()
    assert all(line.endswith(ending) for line in lines)
    parts = [tuple(line.removesuffix(ending).split(" ", 2)) for line in lines]
    return {p for p in parts if f"/id/{org}/unmapped/" not in p[0]}


def of_export(out: Path) -> dict[str, Path]:
    return {"report": out / "reports.xml", "files": out / "files.xml"}


def of_sample(folder: Path) -> dict[str, Path]:
    return {"report": folder / "sample.report.xml", "files": folder / "sample.files.xml"}


def test_fields_cover_every_path_of_an_export(folder: Path, export: Path) -> None:
    decisions = read_fields(folder)
    assert decisions is not None
    for source, path in of_export(export).items():
        missing = {p for p in leaves(path) if decisions.decide(source, p) is None}
        assert missing == set()


def test_only_placed_fields_are_read(folder: Path) -> None:
    decisions = read_fields(folder)
    assert decisions is not None
    plan = compile_rml(folder / "mapping.rml.ttl")
    for view in plan.views:
        paths: dict[str, str] = {}
        for i in view.iterables:
            above = paths.get(i.name.rpartition(".")[0], "")
            own = re.sub(r"\[[^]]*\]", "", i.path)
            paths[i.name] = f"{above}/{own}".lstrip("/")
        for name, reference in view.fields:
            owner = paths.get(name.rpartition(".")[0], "")
            path = owner if reference in (".", "~") else f"{owner}/{reference}".lstrip("/")
            if reference.endswith("#"):
                continue
            decision = decisions.decide(view.source, path)
            assert decision is not None and decision.status == "placed", path


def test_every_path_of_the_interface_is_decided(folder: Path, shared: Path) -> None:
    """Each of the 105 lines of the inventory; a line of a type stands where the type is used."""
    decisions = read_fields(folder)
    assert decisions is not None
    rows = table(shared / "data/ncmec/cybertip-element-inventory.csv")
    assert len(rows) == 105
    status: Counter[str] = Counter()
    for row in rows:
        found = {decisions.decide(s, p) for s, p in written_out(row["path"])}
        assert found - {None}, row["path"]
        kinds = {d.status for d in found if d is not None}
        status["placed" if "placed" in kinds else kinds.pop()] += 1
    assert status == {"placed": 44, "personal": 53, "none": 8}


BLOCKS = ("personOrUserReported", "intendedRecipient", "victim")


def written_out(path: str) -> set[tuple[str, str]]:
    """Give the places where an inventory line may stand: (source, path)."""
    owner, _, rest = path.partition("/")
    rest = re.sub(r"\[@type=[^\]]*\]", "", rest).replace("name+value", "name")
    names = {
        f"{rest.rpartition('/')[0]}/{n}".lstrip("/")
        for n in re.split(r"[|]", rest.rpartition("/")[2])
    }
    if owner == "fileDetails":
        return {("files", f"fileDetails/{n}") for n in names}
    if owner in ("report", "reportResponse", "reportDoneResponse"):
        return {("report", f"{owner}/{n}") for n in names}
    blocks = [f"report/{b}" for b in BLOCKS]
    bases = {
        "account-block": blocks,
        "person": [f"{b}/{b.rpartition('/')[2]}Person" for b in blocks],
        "address": [f"{b}/{b.rpartition('/')[2]}Person/address" for b in blocks],
        "ipCaptureEvent": [f"{b}/ipCaptureEvent" for b in blocks],
        "deviceId": [f"{b}/deviceId" for b in blocks],
    }
    return {("report", f"{base}/{n}") for base in bases[owner] for n in names}


def lists(rows: list[dict[str, str]]) -> set[str]:
    return {r["list"] for r in rows}


def test_mapping_is_canonical_and_compiles(folder: Path) -> None:
    assert is_canonical(folder / "mapping.rml.ttl")
    plan = compile_rml(folder / "mapping.rml.ttl")
    assert {s.name for s in plan.sources} == {"report", "files"}
    listed = lists(table(folder / "codes.csv"))
    text = (folder / "mapping.rml.ttl").read_text(encoding="utf-8")
    for name in listed:
        assert f'"{name}"' in text


def test_sample_is_the_generator_s(folder: Path, tmp_path: Path) -> None:
    generate("cybertipline", GenerateRequest(SAMPLE["records"], SAMPLE["seed"], 0, tmp_path, ORG))
    for name, path in of_sample(folder).items():
        assert path.read_bytes() == of_export(tmp_path)[name].read_bytes()


def test_sample_lifts_to_expected(
    folder: Path, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    out = lifted(of_sample(folder), tmp_path / "out.nq", partner_key, coalition_key)
    assert out == (folder / "expected.nq").read_text(encoding="utf-8")


def test_expected_equals_a_second_reading(
    folder: Path, reading: types.ModuleType, partner_key: bytes, coalition_key: bytes
) -> None:
    second = reading.Reading(folder / "codes.csv", ORG, partner_key, coalition_key)
    expected = (folder / "expected.nq").read_text(encoding="utf-8")
    assert triples(expected) == second.read(*of_sample(folder).values())


@pytest.mark.parametrize("with_coalition", [True, False], ids=["coalition-key", "no-coalition-key"])
def test_a_larger_export_equals_a_second_reading(
    folder: Path,
    export: Path,
    reading: types.ModuleType,
    tmp_path: Path,
    partner_key: bytes,
    coalition_key: bytes,
    *,
    with_coalition: bool,
) -> None:
    coalition = coalition_key if with_coalition else None
    out = lifted(of_export(export), tmp_path / "out.nq", partner_key, coalition)
    second = reading.Reading(folder / "codes.csv", ORG, partner_key, coalition)
    assert triples(out) == second.read(*of_export(export).values())


def test_expected_says_what_had_no_place(folder: Path) -> None:
    text = (folder / "expected.nq").read_text(encoding="utf-8")
    fields = set(re.findall(r'sourceField> "([^"]*)"', text))
    assert "report/personOrUserReported/associatedAccount/@accountType" in fields
    assert fields <= {r["path"] for r in table(folder / "fields.csv")}


def test_sample_conforms(folder: Path) -> None:
    from dpc_kg.validate.engines import validate_quads

    run = validate_quads(folder / "expected.nq")
    assert run.focus_nodes > 100
    assert [(r.focus, r.source_shape) for r in run.results] == []


def test_nothing_personal_leaves(folder: Path) -> None:
    decisions = read_fields(folder)
    assert decisions is not None
    out = (folder / "expected.nq").read_text(encoding="utf-8")
    for source, path in of_sample(folder).items():
        for record in etree.parse(str(path)).getroot():
            for value in kept_back(record, "", source, decisions):
                assert value not in out


def kept_back(element: etree._Element, at: str, source: str, decisions: object) -> set[str]:
    """Give the telling texts of personal fields and of keys."""
    found: set[str] = set()
    text = (element.text or "").strip()
    decision = decisions.decide(source, at) if at else None  # type: ignore[attr-defined]
    is_key = at.endswith(("reportId", "fileId", "originalFileHash"))
    personal = decision is not None and decision.status == "personal"
    if len(element) == 0 and (personal or is_key) and len(text) > 4:
        found.add(text)
    for child in element:
        found |= kept_back(child, f"{at}/{child.tag}".lstrip("/"), source, decisions)
    return found


def test_check_finds_what_was_planted_and_nothing_else(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    from dpc_kg.validate.check import check

    planted = generate("cybertipline", GenerateRequest(260, 5, 60, tmp_path, ORG)).faults
    with check(request(of_export(tmp_path), partner_key, coalition_key)) as checked:
        found = [f.as_dict() for f in checked.faults]
    assert found == [f.as_dict() for f in sorted(planted, key=lambda f: f.place)]


def test_shared_hashes_meet_under_the_coalition_key(tmp_path: Path, coalition_key: bytes) -> None:
    from dpc_kg.validate.check import check

    first, second = tmp_path / "a", tmp_path / "b"
    generate("cybertipline", GenerateRequest(100, 1, 20, first, "provider-a"))
    planted = generate("cybertipline", GenerateRequest(80, 2, 20, second, "provider-b", first))
    seen = []
    for out, key in ((first, b"a" * 32), (second, b"b" * 32)):
        with check(request(of_export(out), key, coalition_key)) as checked:
            checked.write(out / "out.nq")
        text = (out / "out.nq").read_text(encoding="utf-8")
        seen.append(set(re.findall(r"isSightingOf> (\S+)", text)))
    assert len(seen[0] & seen[1]) == sum(len(hashes) for hashes in planted.overlap) > 0
