"""The synthetic hash-lists export: stable, clean without faults, and honest about the planted."""

import json
from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, Planted, generate, generators
from dpc_kg.lift.generate.hashlists_faults import MISTAKES
from dpc_kg.validate.check import check

ORG = "example-org"
SOURCES = ("vics-case", "vics-hashset", "ncmec-hash-sharing", "stopncii")


def export(
    out: Path, records: int = 90, faults: int = 0, seed: int = 3, other: Path | None = None
) -> Planted:
    return generate("hash-lists", GenerateRequest(records, seed, faults, out, ORG, other))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "planted.json"
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    export(out)
    return out


def test_it_is_known_by_its_name() -> None:
    assert "hash-lists" in generators()
    assert "hashlists" not in generators()


def test_same_request_same_bytes(tmp_path: Path, clean: Path) -> None:
    export(tmp_path)
    assert contents(tmp_path) == contents(clean)
    assert (tmp_path / "planted.json").read_bytes() == (clean / "planted.json").read_bytes()


def test_another_seed_gives_another_export(tmp_path: Path, clean: Path) -> None:
    export(tmp_path, seed=4)
    assert all(contents(tmp_path)[name] != body for name, body in contents(clean).items())


def test_the_sample_is_the_generator_s(tmp_path: Path, repository: Path) -> None:
    export(tmp_path, records=24, seed=7)
    folder = repository / "mappings/lift/hash-lists"
    for name, made in (
        ("sample.case.json", "vics-case/case-00001.json"),
        ("sample.hashset.json", "vics-hashset/set.json"),
        ("sample.sharing.xml", "ncmec-hash-sharing/answer-00001.xml"),
        ("sample.stopncii.json", "stopncii/page-00001.json"),
    ):
        assert (folder / name).read_bytes() == (tmp_path / made).read_bytes()


@pytest.mark.parametrize(("seed", "faults"), [(5, 0), (6, 29)])
def test_check_finds_what_was_planted_and_nothing_else(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes, seed: int, faults: int
) -> None:
    planted = export(tmp_path, records=100, faults=faults, seed=seed)
    sources = dict.fromkeys(SOURCES, tmp_path)
    request = LiftRequest("hash-lists", sources, ORG, "lists", partner_key, coalition_key)
    with check(request) as checked:
        found = [f.as_dict() for f in checked.faults]
        unknown = sum(code.cells for code in checked.lifted.unknown())
        checked.write(tmp_path / "out.nq")
        report = json.dumps(checked.lifted.report(0, checked.withheld))
        assert checked.conforms == (faults == 0)
    assert found == [f.as_dict() for f in sorted(planted.faults, key=lambda f: f.place)]
    assert unknown == len(planted.unknown)
    assert "Canary" not in (tmp_path / "out.nq").read_text(encoding="utf-8") + report


def test_planted_list(tmp_path: Path) -> None:
    planted = export(tmp_path, records=200, faults=58)
    listed = json.loads((tmp_path / "planted.json").read_text(encoding="utf-8"))["faults"]
    assert len(listed) == 58 == len({(f["file"], f["row"], f["column"]) for f in listed})
    assert {f.rules for f in planted.faults} == {m.rules for m in MISTAKES}
    assert {f["file"].partition("/")[0] for f in listed} == set(SOURCES)
    assert all((tmp_path / f["file"]).is_file() for f in listed)


def test_overlap_is_true(tmp_path: Path) -> None:
    export(tmp_path / "a", records=120, faults=20, seed=1)
    planted = export(tmp_path / "b", records=120, seed=2, other=tmp_path / "a")
    theirs = (tmp_path / "a/vics-hashset/set.json").read_text(encoding="utf-8-sig").lower()
    ours = "".join(
        p.read_text(encoding="utf-8-sig").lower() for p in (tmp_path / "b/vics-case").iterdir()
    )
    assert len(planted.overlap) > 5
    for digests in planted.overlap:
        assert all(value in theirs and value in ours for value in digests.values())


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="no room for 900 faults"):
        export(tmp_path, records=20, faults=900)


def test_overlap_needs_an_export(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="no set of media"):
        export(tmp_path / "a", records=5, other=tmp_path / "b")
