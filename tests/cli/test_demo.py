"""The demonstration: exit code, summary, answers that are known beforehand, twice in a row."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from dpc_kg.cli.demo import demo
from dpc_kg.exchange.package import read
from dpc_kg.exchange.receive import Hub
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.store.catalogue import catalogue, find, run
from dpc_kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNTS = {"read", "quads", "dropped", "unknown", "refused", "planted", "found", "extra"}
ORGS = ("example-helpline", "example-platform", "example-video", "example-ngo")
PAIR = ("example-platform", "example-video")
COALITION_KEY = hashlib.sha256(b"dpc-kg demonstration key coalition").digest()
HASH = "https://w3id.org/dpc/id/coalition/hash/"
TOTALS = {"2019": 16987361, "2020": 21751085, "2021": 29397681, "2022": 32059029, "2023": 36210368}


@dataclass(frozen=True)
class Shown:
    """What the demonstration left and said, the first and the second time."""

    out: Path
    first: tuple[int, str, str]
    second: tuple[int, str, str]

    @property
    def text(self) -> str:
        return self.second[1]

    def planted(self, org: str) -> dict[str, Any]:
        path = self.out / "exports" / org / "planted.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        assert isinstance(document, dict)
        return document


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    out = tmp_path_factory.mktemp("demo") / "out"
    runs = []
    for _ in range(2):
        said: list[str] = []
        code = demo(out, said.append)
        runs.append((code, "".join(said), (out / "summary.json").read_text(encoding="utf-8")))
    return Shown(out, runs[0], runs[1])


@pytest.fixture(scope="module")
def store(shown: Shown) -> Iterator[EmbeddedStore]:
    with Hub.open(shown.out / "hub") as hub:
        yield hub.store


def test_it_works_twice_in_a_row_with_the_same_outcome(shown: Shown) -> None:
    assert shown.first[0] == shown.second[0] == 0
    assert shown.first[2] == shown.second[2]
    receipts = re.compile(r"receipt [a-z2-7]{26}")
    assert receipts.sub("", shown.first[1]) == receipts.sub("", shown.second[1])


def test_every_planted_mistake_is_found_and_no_other(shown: Shown) -> None:
    summary = json.loads(shown.second[2])
    rows = {row["organization"]: row for row in summary["sources"]}
    assert rows.keys() == {*ORGS, "public-statistics"}
    assert all(row.keys() >= {"source", *COUNTS} for row in rows.values())
    for row in rows.values():
        assert row["found"] == row["planted"]
        assert row["extra"] == 0
        assert row["read"] > 0
        assert row["quads"] > 0
    for org in ORGS:
        assert rows[org]["planted"] == len(shown.planted(org)["faults"]) > 0
        assert rows[org]["dropped"] > 0
        assert rows[org]["refused"] > 0


def test_the_quads_counted_are_those_packaged_and_stored(
    shown: Shown, store: EmbeddedStore
) -> None:
    rows = {r["organization"]: r["quads"] for r in json.loads(shown.second[2])["sources"]}
    packaged = 0
    for org, quads in rows.items():
        lines = read(shown.out / "packages" / f"{org}.dpcsub").data.splitlines()
        # a package says beside the export's quads who submits it, when and how
        assert quads <= len(lines) <= quads + 12
        packaged += len(lines)
    assert store.count() == packaged


def test_refused_rows_are_told_with_place_problem_and_remedy(shown: Shown) -> None:
    assert re.search(r"\n {5}cases\.csv row (\d+), column \w+ \([A-Z]+\1\).*\n {9}\S", shown.text)
    for org in ORGS:
        report = json.loads((shown.out / "reports" / f"{org}.json").read_text(encoding="utf-8"))
        places = Counter((f["file"], f["row"], f["column"], f["rule"]) for f in report["faults"])
        assert places == Counter(
            (f["file"], f["row"], f["column"], f["rule"]) for f in shown.planted(org)["faults"]
        )
        text = (shown.out / "reports" / f"{org}.txt").read_text(encoding="utf-8")
        assert all(f["problem"] in text for f in report["faults"])
        assert f"reports/{org}.txt" in shown.text


def test_the_answers_and_the_way_on_are_told(shown: Shown) -> None:
    for name, saved in catalogue("report").items():
        assert f"\n{saved.question}\n  [{name}] " in shown.text
    for way in ("dpc-kg serve --demo", "dpc-kg query", "dpc-kg validate", "docs/tutorial.md"):
        assert way in shown.text
    assert "Checks of the store: 16 run, 0 failed" in shown.text
    assert "summary.json" in shown.text
    assert "aylo 2020, 4,171 sent, 13,229 received" in shown.text
    assert "exactly in 5 of 5 years, 2019 to 2023 (2023: 36,210,368 reports)" in shown.text
    assert max(len(line) for line in shown.text.splitlines()) < 160


def test_countries_add_up_to_the_year(store: EmbeddedStore) -> None:
    sums: Counter[str] = Counter()
    table = run(store, find("reports-by-country-year"))
    for row in table.rows:
        cells: dict[str, Any] = dict(zip(table.columns, row, strict=True))
        sums[str(cells["period"])[-4:]] += cells["reports"]
    assert sums == TOTALS
    years = run(store, find("reports-by-year"))
    compared = {
        str(row[0])[-4:]: (row[2], row[3], row[4]) for row in years.rows if row[3] is not None
    }
    assert compared == {year: (total, total, True) for year, total in TOTALS.items()}


def test_providers_and_clearing_house_agree_as_known(store: EmbeddedStore) -> None:
    table = run(store, find("provider-vs-clearinghouse"))
    rows: list[dict[str, Any]] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert len(rows) == 30
    assert sum(row["provider"] == row["clearingHouse"] for row in rows) == 6
    near = [r for r in rows if 100 * abs(r["clearingHouse"] - r["provider"]) <= r["provider"]]
    assert len(near) == 17
    assert sum(bool(row["equal"]) for row in rows) == 6
    assert sum(bool(row["withinOnePercent"]) for row in rows) == 17
    worst = max(rows, key=lambda r: abs(r["clearingHouse"] - r["provider"]) / r["provider"])
    assert str(worst["organization"]).endswith("/aylo")
    assert str(worst["period"]).endswith("/2020")
    assert (worst["provider"], worst["clearingHouse"]) == (4171, 13229)


def kept_digests(shown: Shown, org: str) -> set[str]:
    """Read the digests of the files that were not withheld, by another way than the mapping."""
    faults = shown.planted(org)["faults"]
    bad_rows = {f["row"] for f in faults if f["file"] == "files.xml"}
    tree = etree.parse(shown.out / "exports" / org / "files.xml")
    files = tree.getroot().findall(".//{*}fileDetails")
    ids = [str(f.findtext("{*}fileId")).strip() for f in files]
    bad_ids = {ids[row - 1] for row in bad_rows}
    return {
        str(digest.text).strip().lower()
        for file, name in zip(files, ids, strict=True)
        if name not in bad_ids
        for digest in file.findall("{*}originalFileHash")
    }


def test_shared_hashes_are_exactly_the_planted_overlap(shown: Shown, store: EmbeddedStore) -> None:
    kept = kept_digests(shown, PAIR[0]) & kept_digests(shown, PAIR[1])
    expected = set()
    for file in shown.planted(PAIR[1])["overlap"]:
        algorithm = "sha1" if "sha1" in file else "md5"
        if file[algorithm] in kept:
            text = f"{algorithm}:{file[algorithm]}".encode()
            digest = hmac.new(COALITION_KEY, text, hashlib.sha256).hexdigest()
            expected.add((HASH + digest, algorithm))
    assert len(expected) > 10
    table = run(store, find("shared-hashes"))
    found = [(str(row[0]), str(row[1]).rsplit("/", 1)[-1], row[2]) for row in table.rows]
    assert {(iri, algorithm) for iri, algorithm, _ in found} == expected
    assert len(found) == len(expected)
    assert {count for _, _, count in found} == {2}


def test_without_the_coalition_key_nothing_is_shared(shown: Shown, tmp_path: Path) -> None:
    with EmbeddedStore.in_memory() as store:
        for org in PAIR:
            folder = shown.out / "exports" / org
            sources = {"report": folder / "reports.xml", "files": folder / "files.xml"}
            key = hashlib.sha256(org.encode()).digest()
            request = LiftRequest("cybertipline", sources, org, "reports", key)
            with open_lift(request) as lifted:
                assert lifted.write(tmp_path / f"{org}.nq") > 0
            raw = (tmp_path / f"{org}.nq").read_bytes()
            assert HASH.encode() not in raw
            store.load_graph(f"https://w3id.org/dpc/graph/{org}/pending", raw)
        assert store.count() > 0
        assert run(store, find("shared-hashes")).rows == ()
        assert run(store, find("shared-hashes-by-pair")).rows == ()


def test_a_folder_of_something_else_is_left_alone(shown: Shown, tmp_path: Path) -> None:
    from dpc_kg.base.errors import DpcError

    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "hub.key").write_text("ours", encoding="utf-8")
    with pytest.raises(DpcError, match="something else"):
        demo(tmp_path, lambda text: None)
    assert (tmp_path / "hub" / "hub.key").read_text(encoding="utf-8") == "ours"


def test_a_missed_mistake_fails_the_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one export whose mistakes nobody looks for, the exit code is 1."""
    from dpc_kg.base.faults import Fault
    from dpc_kg.cli import demo as module
    from dpc_kg.lift.generate import GenerateRequest, Planted
    from dpc_kg.lift.generate import generate as plain

    def generate(system: str, request: GenerateRequest) -> Planted:
        planted = plain(system, request)
        more = Fault("cases.csv", None, 2, "age", "range", ("source:age",))
        return Planted(system, request, [*planted.faults, more])

    small = replace(module.PARTNERS[-1], records=30, faults=2)
    monkeypatch.setattr(module, "PARTNERS", (small,))
    monkeypatch.setattr("dpc_kg.lift.generate.generate", generate)
    said: list[str] = []
    assert module.demo(tmp_path / "out", said.append) == 1
    assert "missed" in said[-1]
