"""The partner's own table given back: marks at the right cells, everything else as it was."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from dpc_kg.base.errors import DpcError, NotSupported
from dpc_kg.base.faults import Fault
from dpc_kg.base.settings import LANGS, RIGHT_TO_LEFT
from dpc_kg.validate.explanation import explained
from dpc_kg.validate.forms.marked import to_marked
from dpc_kg.validate.report import CheckReport, Hint
from dpc_kg.validate.wording import word

HEADER = ("id", "age", "received", "status")
AGE = Fault("t.xlsx", "Cases", 3, "age", "range", ("source:age",), letter="B")
DATE = Fault("t.xlsx", "Cases", 4, "received", "format", ("source:date",), letter="C")
WARNED = Fault(
    "t.xlsx", "Cases", 3, "age", "rule", ("CaseShape-sexRecorded",), None, "Warning", letter="B"
)
WHOLE = Fault("t.xlsx", "Cases", None, "status", "file", ("source:duplicate-column",), letter="D")
REPORT = CheckReport(
    3,
    2,
    (AGE, DATE, WHOLE, Fault("other.csv", None, 2, "age", "range", ("source:age",))),
    (WARNED,),
    headers={"t.xlsx": HEADER},
    hints={DATE.place: Hint("day-first")},
)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    other = book.active
    other.title = "Notes"
    other["A1"] = "=1+1"
    sheet = book.create_sheet("Cases")
    sheet.append(HEADER)
    sheet.append(["007", 12, datetime(2024, 5, 1, 10, 20), "open"])
    sheet.append(["008", 400, datetime(2024, 5, 2), "=CONCAT(1,2)"])
    sheet.append(["009", 1.5, "31/12/2024", None])
    sheet["B3"].font = Font(bold=True)
    sheet["B3"].number_format = "0.00"
    sheet["B3"].comment = Comment("look at this", "somebody")
    sheet.merge_cells("E1:F2")
    sheet.column_dimensions["A"].width = 33
    path = tmp_path / "t.xlsx"
    book.save(path)
    return path


def looked_at(cell: Any) -> tuple[Any, ...]:
    return cell.value, cell.data_type, cell.number_format, cell.font.b, cell.fill.fgColor.rgb


@pytest.mark.parametrize("lang", LANGS)
def test_marks_stand_at_the_faults_and_nowhere_else(workbook: Path, lang: str) -> None:
    before = workbook.read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(to_marked(REPORT, workbook, lang)))
    assert workbook.read_bytes() == before
    was = openpyxl.load_workbook(workbook)
    assert book.sheetnames == [*was.sheetnames, word("faults", lang)]
    marked = {"B3", "C4", "D1"}
    for title in was.sheetnames:
        for row in was[title].iter_rows():
            for cell in row:
                now = book[title][cell.coordinate]
                if title == "Cases" and cell.coordinate in marked:
                    assert looked_at(now)[:-1] == looked_at(cell)[:-1]
                    assert now.fill.fill_type == "solid"
                else:
                    assert looked_at(now) == looked_at(cell)
                    assert (now.comment and now.comment.text) == (
                        cell.comment and cell.comment.text
                    )
    cases = book["Cases"]
    assert cases.column_dimensions["A"].width == 33
    assert [str(each) for each in cases.merged_cells.ranges] == ["E1:F2"]
    assert cases["B3"].comment.text.startswith("look at this")
    assert explained("source:age", "range", lang).text in cases["B3"].comment.text
    assert explained("CaseShape-sexRecorded", "rule", lang).text in cases["B3"].comment.text
    assert Hint("day-first").said(lang) in cases["C4"].comment.text
    assert cases["B3"].fill.fgColor.rgb == cases["C4"].fill.fgColor.rgb, "the heaviest counts"


@pytest.mark.parametrize("lang", LANGS)
def test_the_sheet_of_faults_leads_to_the_cells(workbook: Path, lang: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_marked(REPORT, workbook, lang)))
    sheet = book[word("faults", lang)]
    assert sheet.max_row == 1 + 4
    assert bool(sheet.sheet_view.rightToLeft) == (lang in RIGHT_TO_LEFT)
    links = {cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink}
    assert links == {"'Cases'!B3", "'Cases'!C4", "'Cases'!D1"}


def test_a_text_table_becomes_a_workbook_of_texts(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        'id;age;received;status\n007;=1+1;1.50;"two\nlines"\n\n008;400;31/12/2024;\n',
        encoding="utf-8-sig",
    )
    fault = Fault("t.csv", None, 4, "age", "range", ("source:age",), letter="B")
    made = to_marked(CheckReport(2, 1, (fault,), headers={"t.csv": HEADER}), table)
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert rows[:2] == [HEADER, ("007", "=1+1", "1.50", "two\nlines")]
    assert rows[3] == ("008", "400", "31/12/2024", None)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert sheet["B4"].comment and not sheet["B2"].comment


def test_a_sheet_of_the_same_name_is_kept(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book.create_sheet("Faults")["A1"] = "mine"
    book.save(workbook)
    made = openpyxl.load_workbook(io.BytesIO(to_marked(REPORT, workbook)))
    assert made.sheetnames[-2:] == ["Faults", "Faults 2"]
    assert made["Faults"]["A1"].value == "mine"


def test_a_joined_cell_is_marked_at_its_first(workbook: Path) -> None:
    fault = Fault("t.xlsx", "Cases", 2, "x", "range", ("source:age",), letter="F")
    made = to_marked(CheckReport(2, 1, (fault,), headers={"t.xlsx": HEADER}), workbook)
    assert openpyxl.load_workbook(io.BytesIO(made))["Cases"]["E1"].comment


def test_what_cannot_be_marked_is_said(tmp_path: Path) -> None:
    document = tmp_path / "t.json"
    document.write_text("{}", encoding="utf-8")
    with pytest.raises(NotSupported, match="XLSX"):
        to_marked(REPORT, document)
    damaged = tmp_path / "t.xlsx"
    damaged.write_bytes(b"PK no workbook")
    with pytest.raises(DpcError, match="No copy"):
        to_marked(REPORT, damaged)
