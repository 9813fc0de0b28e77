"""The bench of the lift measures what it says: equal triples of every side that is on hand."""

import csv
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bench import equal
from bench import lift_sides as sides
from bench.environments import ROOT
from bench.lift_page import lift_section
from bench.lift_sides import EXPORTS, Export
from bench.page import placed, section_of

if sys.platform == "win32":
    pytest.skip("the bench measures by POSIX calls", allow_module_level=True)

from bench.measure import StageFailed, run

ROWS = 400


@pytest.fixture(params=EXPORTS, ids=lambda export: export.title)
def export(request: pytest.FixtureRequest) -> Export:
    chosen: Export = request.param
    return chosen


def lifted(export: Export, folder: Path) -> set[str]:
    sides.write_export(export, folder, ROWS)
    out = folder / "ours.nq"
    run(sides.ours(export, folder, out), folder / "log", cwd=ROOT)
    return equal.triples(out)


def test_the_same_seed_gives_the_same_bytes(export: Export, tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        sides.write_export(export, tmp_path / name, ROWS)
        texts.append([(tmp_path / name / file).read_bytes() for _, file in export.sources])
    assert texts[0] == texts[1]


def test_a_table_gives_the_lines_of_the_plan_by_hand(tmp_path: Path) -> None:
    made = lifted(EXPORTS[0], tmp_path)
    run(sides.floor(tmp_path, tmp_path / "floor.nt"), tmp_path / "log", cwd=ROOT)
    assert equal.triples(tmp_path / "floor.nt") == made
    with (tmp_path / "cases.csv").open(encoding="utf-8", newline="") as file:
        named = sum(1 for row in csv.DictReader(file) if row["worker"])
    assert sum("cases#worker> <" in line for line in made) == named == ROWS


def test_contacts_give_every_value_of_the_document(tmp_path: Path) -> None:
    made = lifted(EXPORTS[1], tmp_path)
    contacts = json.loads((tmp_path / "contacts.json").read_text(encoding="utf-8"))["contacts"]
    # type, identifier, moment, channel, seconds, age band, region, confidential, note
    wanted = 9 * len(contacts)
    wanted += sum(c["childInformation"]["gender"] is not None for c in contacts)
    wanted += sum(len(c["categories"]) + 4 * len(c["referrals"]) for c in contacts)
    assert len(contacts) == ROWS
    assert len(made) == wanted
    assert any(c["childInformation"]["gender"] is None for c in contacts)


def test_reports_give_every_value_of_the_document(tmp_path: Path) -> None:
    made = lifted(EXPORTS[2], tmp_path)
    root = etree.parse(tmp_path / "reports.xml").getroot()
    items, countries = len(root.findall(".//item")), len(root.findall(".//country"))
    assert len(made) == 6 * ROWS + countries + 4 * items
    assert 0 < countries < ROWS


def test_peers_read_the_same_terms(export: Export) -> None:
    new, old = (
        (sides.ASSETS / f"{export.name}{part}.rml.ttl").read_text(encoding="utf-8")
        for part in ("", ".peer")
    )
    assert _predicates(new) == _predicates(old)
    assert len(_predicates(new)) > 8


def _predicates(text: str) -> list[str]:
    lines = text.replace("rr:", "rml:").splitlines()
    return [line.split()[3] for line in lines if "predicateObjectMap" in line]


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    run(sides.raw_write(tmp_path / "a", tmp_path / "b"), tmp_path / "log", cwd=ROOT)
    assert (tmp_path / "b").read_bytes() == (tmp_path / "a").read_bytes()


def test_what_two_files_share_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("<s> <p> <a> .\n<s> <p> <b> .\n", encoding="utf-8")
    (tmp_path / "b").write_text("<s> <p> <b>.\n<s> <p> <c> .\n<s> <p> <d> .\n", encoding="utf-8")
    command = [sys.executable, "-m", "bench.equal", "--share", str(tmp_path / "a")]
    done = subprocess.run(
        [*command, str(tmp_path / "b")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == asdict(equal.Share(2, 3, 1))


def test_two_commands_run_with_a_pipe_between_them(tmp_path: Path) -> None:
    log = tmp_path / "log"
    run(sides.piped(["echo", "a b"], ["wc", "-c"]), log)
    assert log.read_text(encoding="utf-8").strip() == "4"
    with pytest.raises(StageFailed):
        run(sides.piped(["false"], ["cat"]), log)


def test_a_section_is_put_in_place_and_found_again() -> None:
    page = placed("# Page\n", "lift", "one\n")
    assert page == "# Page\n\n<!-- lift -->\none\n<!-- end of lift -->\n"
    again = placed(page + "after\n", "lift", "two\n")
    assert section_of(again, "lift") == "two\n"
    assert again.endswith("after\n")
    assert section_of("# Page\n", "lift") == ""


def test_the_section_says_ratios_and_what_a_peer_loses() -> None:
    text = lift_section(_figures())
    assert "| CSV | morph-kgc | 8.00 | 8.00 | 100 | 4.00 | >= 6 | equal |" in text
    assert "| JSON | morph-kgc | > 8.00 | > 8.00 | 100 | > 4.00 | >= 10 | 90.0 % of ours |" in text
    assert "99.0 % in number, 75.0 % of ours in the same form" in text
    assert "over the plan made by hand: 2.00" in text
    assert "load alone: 1.50" in text
    assert "1.00 of that of 10 rows: flat; CPU a row 1.00 of theirs: flat." in text


def _figures() -> dict[str, Any]:
    def side(cpu: float, share: tuple[int, int, int] | None = None) -> dict[str, Any]:
        use = {"wall": cpu, "cpu": cpu, "peak": 100.0, "stopped": share == (100, 90, 90)}
        told = asdict(equal.Share(*share)) if share else None
        return {"runs": [use], "share": told}

    base = {"records": 10, "bytes_in": 1e6, "bytes_out": 1e7, "triples": 100}
    cases = {
        "ours": side(2), "morph-kgc": side(8, (100, 100, 100)), "maplib": side(4, (100, 99, 75)),
        "built by hand": side(1, (100, 100, 100)), "bytes written": side(0.5),
        "load alone": side(2), "lift and load": side(3),
    }  # fmt: skip
    contacts = {"ours": side(2), "morph-kgc": side(8, (100, 90, 90))}
    return {
        "machine": {"cores": 2, "others": None},
        "versions": {"ours": {"a": "1"}, "maplib": {"b": "2"}},
        "exports": [
            {**base, "name": "cases", "title": "CSV", "goal": 6, "sides": cases},
            {**base, "name": "contacts", "title": "JSON", "goal": 10, "sides": contacts},
        ],
        "grown": {
            **base, "name": "cases", "title": "CSV", "goal": 6, "records": 100,
            "sides": {"ours": side(20)},
        },
    }  # fmt: skip
