import io
import json
from pathlib import Path

import openpyxl
import pytest

from dpc_kg.base.errors import QueryError
from dpc_kg.store.tables import Table, short_name, write_table

TABLE = Table(
    ("what", "count", "share", "equal"),
    (
        ("https://w3id.org/dpc/codes/platform/email", 12, 0.5, True),
        ("=HYPERLINK(1)", -3, None, False),
        ("Curaçao, واحد", 2**60, -1.25, None),
    ),
)


def written(form: str, **options: object) -> bytes:
    out = io.BytesIO()
    write_table(TABLE, form, out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def test_csv() -> None:
    assert written("csv").decode().split("\r\n") == [
        "what,count,share,equal",
        "https://w3id.org/dpc/codes/platform/email,12,0.5,true",
        "'=HYPERLINK(1),-3,,false",
        '"Curaçao, واحد",1152921504606846976,-1.25,',
        "",
    ]


def test_csv_with_byte_order_mark_and_labels() -> None:
    data = written("csv", bom=True, labels=short_name)
    assert data.startswith(b"\xef\xbb\xbfwhat,")
    assert b"\nemail,12" in data


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_becomes_a_formula(start: str) -> None:
    out = io.BytesIO()
    write_table(Table(("a",), ((start + "1",),)), "csv", out)
    assert out.getvalue().decode().split("\n", 1)[1].lstrip('"').startswith("'" + start)


def test_json() -> None:
    whole = json.loads(written("json"))
    assert whole["columns"] == list(TABLE.columns)
    assert [tuple(row.values()) for row in whole["rows"]] == list(TABLE.rows)


def test_text() -> None:
    lines = written("text", labels=short_name).decode().splitlines()
    assert lines[0].split() == ["what", "count", "share", "equal"]
    assert set(lines[1]) == {"-", " "}
    assert lines[2].split() == ["email", "12", "0.5", "true"]


def test_xlsx(tmp_path: Path) -> None:
    write_table(TABLE, "xlsx", tmp_path / "t.xlsx")
    rows = [
        tuple(cell.value for cell in row)
        for row in openpyxl.load_workbook(tmp_path / "t.xlsx")["answer"].rows
    ]
    assert rows[0] == TABLE.columns
    assert rows[1] == TABLE.rows[0]
    assert rows[2] == ("'=HYPERLINK(1)", -3, None, False)
    assert rows[3][1] == str(2**60)


def test_the_same_table_gives_the_same_bytes() -> None:
    assert written("xlsx") == written("xlsx")


def test_an_empty_table_has_its_header() -> None:
    for form in ("csv", "json", "xlsx", "text"):
        out = io.BytesIO()
        write_table(Table(("a", "b"), ()), form, out)
        assert out.getvalue()


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(QueryError, match="csv json xlsx text"):
        written("ods")


def test_no_rows_is_said_in_text_only() -> None:
    empty = Table(("organization", "n"), ())
    forms: dict[str, bytes] = {}
    for form in ("text", "csv", "json"):
        body = io.BytesIO()
        write_table(empty, form, body)
        forms[form] = body.getvalue()
    assert forms["text"].decode().splitlines()[-1] == "no rows"
    assert forms["csv"] == b"organization,n\r\n"
    assert json.loads(forms["json"]) == {"columns": ["organization", "n"], "rows": []}
