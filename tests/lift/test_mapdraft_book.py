"""``map init`` and ``map check`` on workbooks: the sheet and the header are found, or asked for."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import openpyxl
import pytest

from dpc_kg.base.errors import DpcError, SourceError
from dpc_kg.base.rdfio import is_canonical
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.mapdraft import draft, examine, redraft
from dpc_kg.lift.mapdraft.findings import CODES, FIELDS, MAPPING, NOTE
from dpc_kg.lift.mapdraft.observe import observe
from dpc_kg.lift.rml import compile_rml
from tests.lift.mapdraft_book import TITLE, Table, book, note
from tests.lift.mapdraft_export import CANARIES, HEADERS, PLACED, RARE, write
from tests.lift.test_workbooks import cell, line, ods

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from dpc_kg.lift.mapdraft import Finding
    from dpc_kg.lift.plan import Plan
    from tests.lift.mapdraft_book import Fill

NAMES = tuple(HEADERS["en"].values())
GROUPS = ((0, 1, 0, 4, "Contact"), (0, 5, 0, 9, "Child"))


def table(folder: Path, name: str = FIELDS) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def placed(folder: Path) -> dict[str, str]:
    return {r["path"]: r["term"] for r in table(folder) if r["status"] == "placed"}


def decided(folder: Path) -> Path:
    """Take the word away that marks a guess: somebody has looked at it."""
    for name in (FIELDS, CODES):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("draft: ", ""), encoding="utf-8")
    return folder


def open_points(folder: Path, file: Path) -> list[Finding]:
    return [f for f in examine(folder, {"contacts": file}).findings if f.severity != NOTE]


def lifted(folder: Path, file: Path) -> tuple[int, int, str]:
    """Lift a file; give the rows read, the rejects, and the text of what was made."""
    request = LiftRequest(
        str(folder / MAPPING), {"contacts": file}, "example-org", "test", b"k" * 32
    )
    out = folder.parent / "data.nq"
    with open_lift(request) as made:
        made.write(out)
        return made.read_rows, len(made.rejects), out.read_text(encoding="utf-8")


def options(plan: Plan) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    (source,) = plan.sources
    return source.table, source.options


# -- what is found


@pytest.mark.parametrize("lang", HEADERS)
def test_a_kept_workbook_is_drafted_checked_and_lifted(tmp_path: Path, lang: str) -> None:
    kept = Table(lang, above=2, joined=((0, 0, 0, 9, "Contacts"),))
    file = book(tmp_path / "contacts.xlsx", (TITLE, kept), ("Notes", note))
    out = tmp_path / "ours"
    (made,) = draft([file], out)
    assert placed(out) == {HEADERS[lang][k]: term for k, term in PLACED.items()}
    assert is_canonical(out / MAPPING)
    assert options(compile_rml(out / MAPPING)) == (TITLE, (("skipRows", "2"),))
    assert (made.observed.records, made.observed.ending) == (24, "xlsx")
    assert open_points(decided(out), file) == []
    read, rejects, text = lifted(out, file)
    assert (read, rejects) == (24, 0)
    assert text.count("/codes/channel/") >= 22
    assert text.count("cdm#receivedAt>") == text.count("cdm#ageBand>") == 24
    written = "".join(p.read_text(encoding="utf-8") for p in out.iterdir())
    assert [c for c in (*CANARIES, RARE, "C-10") if c in text or c in written] == []


def test_a_workbook_gives_what_its_table_gives_as_csv(tmp_path: Path) -> None:
    made = {}
    for name, file in (
        ("csv", write(tmp_path)),
        ("book", book(tmp_path / "contacts.xlsx", ("S", Table()))),
    ):
        draft([file], tmp_path / name / "ours")
        ours = tmp_path / name / "ours"
        mapping = (ours / MAPPING).read_text(encoding="utf-8").replace(".xlsx", ".csv")
        made[name] = table(ours), table(ours, CODES), mapping, lifted(ours, file)[2]
    # hours and seconds decide between versions, and a workbook names no time zone
    assert made["csv"] == made["book"]


def test_the_only_sheet_of_a_book_is_not_named(tmp_path: Path) -> None:
    """Its title often says the month; another book's only sheet is read as well."""
    file, out = book(tmp_path / "contacts.xlsx", ("March", Table())), tmp_path / "ours"
    draft([file], out)
    assert options(compile_rml(out / MAPPING)) == (None, ())
    other = book(tmp_path / "april.xlsx", ("April", Table()), ("Notes", note))
    assert open_points(decided(out), other) == []
    draft([file], tmp_path / "named", sheet="March")
    assert options(compile_rml(tmp_path / "named" / MAPPING)) == ("March", ())


def test_names_of_groups_stand_above_the_header(tmp_path: Path) -> None:
    grouped = ("S", Table(above=1, joined=GROUPS))
    observed = observe(book(tmp_path / "contacts.xlsx", grouped))
    assert observed.header == 2
    assert [f.path for f in observed.fields] == list(NAMES)


def test_an_open_document_and_a_wrong_ending(tmp_path: Path) -> None:
    body = [[f"C-{i}", "Phone", f"2025-01-0{i}"] for i in range(1, 9)]
    lines = [line(*map(cell, row)) for row in (["id", "Channel", "Received at"], *body)]
    file = ods(tmp_path / "contacts.ods", "".join(lines))
    draft([file], tmp_path / "ours", "HelplineContact")
    assert placed(tmp_path / "ours")["Received at"] == "dpc:receivedAt"
    assert 'rml:path "contacts.ods"' in (tmp_path / "ours" / MAPPING).read_text(encoding="utf-8")
    named = book(tmp_path / "contacts.csv", ("S", Table()))
    assert observe(named).records == 24
    text = write(tmp_path)
    assert observe(text.rename(tmp_path / "text.xlsx")).sheet is None


def test_columns_without_a_name_and_of_one_name(tmp_path: Path) -> None:
    file = book(tmp_path / "contacts.xlsx", ("S", Table(more="canary")))
    (made,) = draft([file], tmp_path / "ours")
    assert made.observed.sheet is not None
    assert made.observed.sheet.nameless == 24
    readme = (tmp_path / "ours" / "README.md").read_text(encoding="utf-8")
    assert "cells in columns without a header: 24" in readme
    book(file, ("S", Table(header=(*NAMES[:-1], "Channel"))))
    draft([file], tmp_path / "twice")
    (row,) = [r for r in table(tmp_path / "twice") if r["path"] == "Channel"]
    assert (row["status"], "several fields" in row["reason"]) == ("personal", True)


def test_formulas_that_were_never_calculated_are_told(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["id", "Channel", "Sex"])
    for i in range(9):
        sheet.append([f"C-{i}", '="Phone"', "Girl"])
    made.save(tmp_path / "contacts.xlsx")
    draft([tmp_path / "contacts.xlsx"], tmp_path / "ours", "HelplineContact")
    (row,) = [r for r in table(tmp_path / "ours") if r["path"] == "Channel"]
    assert (row["status"], "never calculated" in row["reason"]) == ("personal", True)


# -- what is asked for


def test_of_several_tables_one_has_to_be_named(tmp_path: Path) -> None:
    old = Table(header=("contact_id", *NAMES[1:3], "Old", *NAMES[4:]))
    file = book(tmp_path / "contacts.xlsx", ("New", Table()), ("Old", old), ("Notes", note))
    with pytest.raises(DpcError) as told:
        draft([file], tmp_path / "ours")
    assert told.value.file == "contacts.xlsx"
    assert told.value.advice == "Name one with --sheet TITLE. There are: New, Old."
    with pytest.raises(SourceError, match="no sheet named Newer") as lacking:
        draft([file], tmp_path / "ours", sheet="Newer")
    assert "There are: New, Old, Notes." in str(lacking.value)
    assert not (tmp_path / "ours").exists()
    (made,) = draft([file], tmp_path / "ours", sheet="Old")
    assert "Old" in {f.path for f in made.observed.fields}
    again = redraft([file], tmp_path / "ours")
    assert options(compile_rml(tmp_path / "ours" / MAPPING)) == ("Old", ())
    assert [c.status for c in again[0].choices] == [c.status for c in made.choices]


def test_a_sheet_is_of_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="Only a workbook has sheets"):
        draft([write(tmp_path)], tmp_path / "ours", sheet="S")


def without_header(sheet: Worksheet) -> None:
    for at, row in enumerate(csv.reader(["C-1,2025-01-01,Canary-Name", "C-2,2025-01-02,Other"])):
        sheet.write_row(at, 0, row)


REFUSED: dict[str, tuple[Table | Fill, int | None, str]] = {
    "no header": (without_header, 1, "numbers, dates or contact data"),
    "joined in it": (Table(joined=((0, 2, 0, 3, "Channel"),)), 1, "Joined cells are a part"),
    "two rows": (Table(above=1, joined=((0, 0, 1, 0, "Id"), *GROUPS)), 2, "Joined cells are"),
    "header alone": (lambda sheet: sheet.write_row(0, 0, NAMES), None, "no record"),
    "nothing": (lambda sheet: None, None, "no record"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_sheet_that_cannot_be_drafted_is_refused_whole(name: str, tmp_path: Path) -> None:
    filled, row, words = REFUSED[name]
    file = book(tmp_path / "contacts.xlsx", ("S", filled))
    with pytest.raises(DpcError, match=words) as told:
        draft([file], tmp_path / "ours", "HelplineContact")
    assert (told.value.file, told.value.sheet, told.value.row) == ("contacts.xlsx", "S", row)
    assert told.value.advice
    assert "Canary" not in str(told.value)
    assert not (tmp_path / "ours").exists()


# -- what a check says


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    draft([book(folder / "contacts.xlsx")], folder / "ours")
    return decided(folder / "ours")


def usual(header: tuple[str, ...] = (), more: str | None = None) -> Table:
    return Table(header=header, above=2, more=more)


def test_a_missing_and_a_new_column_are_told_as_of_a_csv(drafted: Path, tmp_path: Path) -> None:
    renamed = (*NAMES[:2], "Chanel", *NAMES[3:])
    file = book(tmp_path / "t.xlsx", (TITLE, usual(renamed)))
    found = {f.rule: (f.file, f.line, f.column) for f in open_points(drafted, file)}
    assert found == {
        "undeclared": ("t.xlsx", None, "Chanel"),
        "no-column": ("t.xlsx", 3, "Channel"),
    }
    book(file, (TITLE, usual((*NAMES, "New"), "x")))
    (one,) = open_points(drafted, file)
    assert (one.rule, one.column) == ("undeclared", "New")


def test_a_missing_sheet_and_a_header_that_moved_are_told(drafted: Path, tmp_path: Path) -> None:
    file = book(tmp_path / "t.xlsx", ("Sheet1", usual()), ("Notes", note))
    with pytest.raises(SourceError, match="no sheet named Contacts 2025") as told:
        open_points(drafted, file)
    assert "There are: Sheet1, Notes." in str(told.value)
    book(file, (TITLE, Table()))
    with pytest.raises(SourceError, match="in row 1, and the mapping looks for it in row 3") as no:
        open_points(drafted, file)
    assert (no.value.sheet, no.value.row) == (TITLE, 1)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_record_in_the_place_of_the_header_is_not_shown(
    drafted: Path, tmp_path: Path, ending: str
) -> None:
    """The check says that no value of a cell is shown, nor are those of such a row."""
    names = tuple(f"{CANARIES[0]} {n}" for n in range(len(NAMES)))
    file, ours = book(tmp_path / "t.xlsx", (TITLE, usual(names))), drafted
    if ending == "csv":
        file, ours = write(tmp_path), tmp_path / "ours"
        draft([file], ours)
        text = file.read_text(encoding="utf-8").partition("\n")[2]
        file.write_text(text, encoding="utf-8")
    found = examine(ours, {"contacts": file}).findings
    assert {f.rule for f in found} >= {"no-column"}
    said = "".join(f"{f.place}{f.message}{f.advice}" for f in found)
    assert [c for c in (*CANARIES, RARE, "C-10") if c in said] == []


def test_of_several_sheets_the_one_with_the_columns_is_checked(tmp_path: Path) -> None:
    file, out = book(tmp_path / "contacts.xlsx", ("S", Table())), tmp_path / "ours"
    draft([file], out)
    decided(out)
    other = Table(header=("id", *(f"n{i}" for i in range(len(NAMES) - 1))))
    book(file, ("Other", other), ("Contacts", Table()))
    assert open_points(out, file) == []
    book(file, ("One", Table()), ("Two", Table()))
    with pytest.raises(SourceError, match="2 sheets have the mapped columns"):
        open_points(out, file)
