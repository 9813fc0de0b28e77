"""``map init``, ``map check`` and ``map plan`` as a person types them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dpc_kg.base.assets import mapping_dir
from dpc_kg.lift.planjson import from_json
from dpc_kg.lift.rml import compile_rml
from tests.cli.conftest import Done
from tests.lift.mapdraft_book import TITLE, Table, book, note
from tests.lift.mapdraft_export import CANARIES, RARE, write
from tests.schemas import breaches

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def confirmed(folder: Path) -> None:
    for name in ("fields.csv", "codes.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("draft: ", ""), encoding="utf-8")


def test_from_a_file_to_a_checked_mapping(run: Run, tmp_path: Path) -> None:
    file, ours = write(tmp_path), tmp_path / "ours"
    made = run("map", "init", file, "-o", ours)
    assert (made.code, made.out) == (0, "")
    assert "contacts: 24 records, each a dpc:HelplineContact; 7 of 12 fields placed" in made.err
    assert "Every line is a guess" in made.err
    first = run("map", "check", ours, "--source", f"contacts={file}")
    assert first.code == 1
    assert "fields.csv, lines 2-8, column reason, " in first.out
    assert "24 records read" in first.out
    assert "contacts: Channel: 2 cells without a code" in first.out
    assert first.out.endswith("The mapping is not complete yet.\n")
    confirmed(ours)
    again = run("map", "init", "--again", file, "-o", ours)
    assert (again.code, again.out) == (0, "")
    last = run("map", "check", ours, "--source", f"contacts={file}")
    assert last.code == 0
    assert "0 records refused" in last.out
    assert last.out.endswith("The mapping is complete.\n")
    said = made.err + first.out + last.out
    assert [c for c in (*CANARIES, RARE, "C-10") if c in said] == []
    alone = run("map", "check", ours)
    assert alone.code == 0
    assert "give --source contacts=FILE." in alone.out


def test_a_workbook_is_drafted_checked_and_lifted(run: Run, tmp_path: Path) -> None:
    """As somebody keeps it, with headers in Arabic, and a second table beside it."""
    file, ours = tmp_path / "contacts.xlsx", tmp_path / "ours"
    book(file, (TITLE, Table("ar", above=2)), ("Old", Table()), ("Notes", note))
    asked = run("map", "init", file, "-o", ours)
    assert (asked.code, asked.out) == (2, "")
    assert f"Name one with --sheet TITLE. There are: {TITLE}, Old." in asked.err
    made = run("map", "init", file, "-o", ours, "--sheet", TITLE)
    assert (made.code, made.out) == (0, "")
    assert f"Read from the sheet {TITLE}, below the header in row 3." in made.err
    first = run("map", "check", ours, "--source", f"contacts={file}")
    assert "24 records read" in first.out
    assert "0 records refused" in first.out
    confirmed(ours)
    assert run("map", "init", "--again", file, "-o", ours).code == 0
    last = run("map", "check", ours, "--source", f"contacts={file}")
    assert (last.code, last.err) == (0, "")
    run("key", "new", "-o", tmp_path / "a.key")
    mapping = ["--mapping", ours / "mapping.rml.ttl"]
    more = ["--org", "example-org", "--dataset", "d", "--key-file", tmp_path / "a.key"]
    assert run("validate", file, *mapping).code == 0
    out = tmp_path / "data.nq"
    lifted = run("lift", *mapping, "--source", f"contacts={file}", *more, "-o", out)
    assert lifted.code == 0
    assert "24 rows read" in lifted.err
    said = asked.err + made.err + first.out + last.out + out.read_text(encoding="utf-8")
    assert [c for c in (*CANARIES, RARE, "C-10") if c in said] == []
    wrong = run("map", "init", file, "-o", tmp_path / "new", "--sheet", "None")
    assert (wrong.code, "There is no sheet named None." in wrong.err) == (1, True)
    book(file, ("Sheet1", Table("ar", above=2)))
    lacking = run("map", "check", ours, "--source", f"contacts={file}")
    assert (lacking.code, lacking.out) == (1, "")
    assert f"There is no sheet named {TITLE}." in lacking.err


def test_what_of_a_sheet_is_not_read_is_counted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "contacts.xlsx"
    book(file, ("S", Table(more="canary", joined=((3, 2, 5, 2, "Phone"),))))
    made = run("map", "init", file, "-o", tmp_path / "ours")
    assert "Not read: 24 cells in columns without a header." in made.err
    assert "Without a value: 2 cells (errors," in made.err
    check = run("map", "check", tmp_path / "ours", "--source", f"contacts={file}")
    assert "contacts.xlsx, rows 5-6, column Channel [source:cell-error]: " in check.out


def test_a_program_reads_the_same(run: Run, tmp_path: Path) -> None:
    file, ours = write(tmp_path), tmp_path / "ours"
    run("map", "init", file, "-o", ours)
    done = run("map", "check", ours, "--source", f"contacts={file}", "--format", "json")
    assert (done.code, done.err) == (1, "")
    body = json.loads(done.out)
    assert (body["version"], body["verdict"]) == (1, "incomplete")
    assert {f["rule"] for f in body["findings"] if f["severity"] == "open"} == {"guess"}
    assert body["lift"]["records"] == 24
    assert body["lift"]["faults"] == []
    assert body["lift"]["unknown"] == {"contacts: Channel": 2}
    confirmed(ours)
    done = run("map", "check", ours, "--source", f"contacts={file}", "--format", "json")
    assert (done.code, json.loads(done.out)["verdict"]) == (0, "complete")


def test_the_faults_of_a_trial_make_it_incomplete(run: Run, tmp_path: Path) -> None:
    file, ours = write(tmp_path), tmp_path / "ours"
    run("map", "init", file, "-o", ours)
    confirmed(ours)
    text = file.read_text(encoding="utf-8").replace("2025-01-10", "2025-13-10")
    file.write_text(text.replace("C-1003", ""), encoding="utf-8")
    done = run("map", "check", ours, "--source", f"contacts={file}")
    assert done.code == 1
    assert "contacts.csv, rows 2, 20, column Received at [source:date]: " in done.out
    assert "contacts.csv, row 5, column contact_id [source:missing-key]: " in done.out
    file.write_text("", encoding="utf-8")
    empty = run("map", "check", ours, "--source", f"contacts={file}")
    assert (empty.code, empty.out) == (1, "")
    assert "The file is empty." in empty.err


def test_a_shipped_mapping_is_tried_on_a_folder(run: Run, repository: Path, tmp_path: Path) -> None:
    run("generate", "aselo", "--records", "9", "-o", tmp_path)
    folder = repository / "mappings/lift/aselo"
    done = run("map", "check", folder, "--source", f"contacts={tmp_path}", "--format", "json")
    assert json.loads(done.out)["lift"]["refused"] == 0


def test_without_all_its_files_nothing_is_lifted(run: Run, repository: Path) -> None:
    folder = repository / "mappings/lift/cybertipline"
    report = folder / "sample.report.xml"
    done = run("map", "check", folder, "--source", f"report={report}")
    assert "No file was lifted. To try the mapping, give --source files=FILE" in done.out


def test_what_cannot_be_run_is_refused(run: Run, tmp_path: Path) -> None:
    file, ours = write(tmp_path), tmp_path / "ours"
    refused = {
        "There is no such folder": run("map", "check", ours),
        "There is no such file": run("map", "init", tmp_path / "no.csv", "-o", ours),
        "There is no draft here": run("map", "init", "--again", file, "-o", ours),
        "The class stands in fields.csv": run(
            "map", "init", "--again", file, "-o", ours, "--class", "Case"
        ),
        "Unknown format": run("map", "check", tmp_path, "--format", "xml"),
    }
    for words, done in refused.items():
        assert (done.code, done.out) == (2, ""), words
        assert words in done.err
    assert not ours.exists()


def test_the_plan_of_a_mapping_is_written_in_the_published_form(
    run: Run, repository: Path, tmp_path: Path
) -> None:
    out = tmp_path / "plan.json"
    assert run("map", "plan", "aselo", "-o", out) == Done(0, "", "")
    document = json.loads(out.read_text(encoding="utf-8"))
    published = (repository / "docs" / "reference" / "plan.schema.json").read_text("utf-8")
    assert breaches(document, json.loads(published)) == []
    own = mapping_dir("aselo") / "mapping.rml.ttl"
    assert from_json(document) == compile_rml(own)
    assert json.loads(run("map", "plan", own).out) == document
    assert run("map", "plan", tmp_path / "none.ttl").code == 2
    assert run("map", "plan", "no-such-mapping").code == 2
