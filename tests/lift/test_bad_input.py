"""Bad exports, through the program: told with place and advice, nothing left, no value shown.

Every export here holds a canary in a personal column and in the cells that are wrong.
"""

import csv
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.cli import main

CANARY = "Zephyrine-4711"
ORG = "example-org"


@dataclass(frozen=True)
class Told:
    """What a verb gave, and what it left in its folder."""

    code: int
    text: str
    left: set[str]


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Told]:
    """Run a verb on the files of ``tmp_path/in``; no temporary folder may stay."""
    spare, out, key = tmp_path / "spare", tmp_path / "out", tmp_path / "partner.key"
    for folder in (spare, out, tmp_path / "in"):
        folder.mkdir()
    key.write_text("6b" * 32, encoding="ascii")
    monkeypatch.setattr(tempfile, "tempdir", str(spare))

    def run(verb: str, mapping: str, sources: dict[str, Path], *more: str) -> Told:
        given = [f"--source={name}={path}" for name, path in sources.items()]
        common = ["--mapping", mapping, "--org", ORG, "--key-file", str(key), *given, *more]
        if verb == "lift":
            common += ["--dataset", "test", "-o", str(out / "data.nq")]
        capsys.readouterr()
        code = main([verb, *common])
        shown = capsys.readouterr()
        assert list(spare.iterdir()) == []
        left = {p.name for p in out.iterdir()}
        text = shown.out + shown.err
        for path in out.iterdir():
            assert CANARY not in path.read_text(encoding="utf-8")
        assert CANARY not in text
        assert "Traceback" not in text
        return Told(code, text, left)

    return run


def cases() -> tuple[list[str], list[list[str]]]:
    """Give header and rows of the cases' sample, with the canary as every name."""
    text = (mapping_dir("primero") / "sample.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    for row in rows:
        row[header.index("name")] = CANARY
    return header, rows


def table(header: list[str], rows: list[list[str]], **style: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, **style).writerows([header, *rows])
    return buffer.getvalue()


def cell(rows: list[list[str]], header: list[str], row: int, column: str, value: str) -> None:
    rows[row - 2][header.index(column)] = value


def no_rows() -> bytes:
    return table(cases()[0], []).encode()


def utf_16() -> bytes:
    return table(*cases()).encode("utf-16")


def cp1252() -> bytes:
    header, rows = cases()
    cell(rows, header, 5, "name", f"{CANARY} é")
    return table(header, rows).encode("cp1252", "replace")


def open_quote() -> bytes:
    return table(*cases()).replace(CANARY, f'"{CANARY}', 1).encode()


def closed_later() -> bytes:
    header, rows = cases()
    text = table(header, rows)
    first = text.index(CANARY)
    fourth = [i for i in range(len(text)) if text.startswith(CANARY, i)][3] + len(CANARY)
    return (text[:first] + '"' + text[first:fourth] + '"' + text[fourth:]).encode()


def missing_column() -> bytes:
    header, rows = cases()
    place = header.index("registration_date")
    cut = [row[:place] + row[place + 1 :] for row in rows]
    return table(header[:place] + header[place + 1 :], cut).encode()


def unusable_csv() -> list[Any]:
    return [
        pytest.param(lambda: b"", "empty-file", "cases.csv", id="empty"),
        pytest.param(no_rows, "empty-file", "cases.csv", id="header only"),
        pytest.param(utf_16, "encoding", "cases.csv, line 1", id="UTF-16"),
        pytest.param(cp1252, "encoding", "cases.csv, line ", id="CP1252"),
        pytest.param(open_quote, "quote", "cases.csv, line ", id="a quote never closed"),
        pytest.param(closed_later, "quote", "cases.csv, line ", id="a quote closed later"),
        pytest.param(missing_column, "missing-column", "registration_date", id="missing column"),
    ]


@pytest.mark.parametrize(("make", "rule", "place"), unusable_csv())
def test_a_table_that_cannot_be_used(
    told: Callable[..., Told], tmp_path: Path, make: Callable[[], bytes], rule: str, place: str
) -> None:
    path = tmp_path / "in" / "cases.csv"
    path.write_bytes(make())
    refused(told, "primero", {"cases": path}, rule, place)


def refused(
    told: Callable[..., Told], mapping: str, sources: dict[str, Path], rule: str, place: str
) -> None:
    lifted = told("lift", mapping, sources)
    assert (lifted.code, lifted.left) == (1, set())
    assert place in lifted.text
    assert lifted.text.startswith("error: ")
    assert lifted.text.count(". ") >= 1, "what is wrong, then what would be right"
    checked = told("validate", mapping, sources, "--format", "json")
    assert checked.code == 1
    report = json.loads(checked.text)
    assert report["verdict"] == "refused"
    assert [fault["rule"] for fault in report["faults"]] == [f"source:{rule}"]
    assert report["faults"][0]["file"]


SUBMISSION = (
    '<submission submittedAt="2024-05-02T10:00:00Z"><reportDoneResponse><reportId>1</reportId>'
    f"</reportDoneResponse><report><reporter><firstName>{CANARY}</firstName></reporter></report>"
    "</submission>"
)
REPORTS = f"<submissions>\n{SUBMISSION}\n{SUBMISSION.replace('>1<', '>2<')}\n</submissions>\n"
LONG = f"<!--{'-  ' * 40_000}-->"
LAUGHS = (
    f'<!DOCTYPE s [<!ENTITY a "{CANARY}">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("data", "rule", "place"),
    [
        pytest.param(b"", "empty-file", "reports.xml", id="empty"),
        pytest.param(b"<submissions/>", "empty-file", "reports.xml", id="no record"),
        pytest.param(REPORTS.encode()[:-60], "truncated", "reports.xml, line ", id="cut"),
        pytest.param(
            REPORTS.replace("</report>", "</repor>", 1).encode(), "syntax", "line 2", id="tag"
        ),
        pytest.param(
            REPORTS.replace(CANARY, f"{CANARY} é").encode("cp1252"),
            "encoding",
            "line 2",
            id="CP1252",
        ),
        pytest.param(f"<!DOCTYPE s>{REPORTS}".encode(), "doctype", "reports.xml", id="DOCTYPE"),
        pytest.param(f"{LONG}<!DOCTYPE s>{REPORTS}".encode(), "doctype", "reports.xml", id="late"),
        pytest.param(
            (LAUGHS + REPORTS.replace(CANARY, "&c;")).encode(),
            "doctype",
            "reports.xml",
            id="laughs",
        ),
    ],
)
def test_xml_that_cannot_be_used(
    told: Callable[..., Told], tmp_path: Path, data: bytes, rule: str, place: str
) -> None:
    path = tmp_path / "in" / "reports.xml"
    path.write_bytes(data)
    files = mapping_dir("cybertipline") / "sample.files.xml"
    refused(told, "cybertipline", {"report": path, "files": files}, rule, place)


CONTACT = {
    "id": 1,
    "updatedAt": "2024-05-01T10:00:00Z",
    "rawJson": {"callerInformation": {"a": CANARY}},
}


@pytest.mark.parametrize(
    ("data", "rule", "place"),
    [
        pytest.param(b"", "empty-file", "contacts.json", id="empty"),
        pytest.param(b"[]", "empty-file", "contacts.json", id="no record"),
        pytest.param(
            json.dumps([CONTACT] * 3, indent=1).encode()[:-40], "truncated", "line", id="cut"
        ),
        pytest.param(
            json.dumps(CONTACT).replace(", ", " ", 1).encode(), "syntax", "line 1", id="comma"
        ),
        pytest.param(
            json.dumps({"a": f"{CANARY} é"}, ensure_ascii=False).encode("cp1252"),
            "encoding",
            "line 1",
            id="CP1252",
        ),
        pytest.param(json.dumps(CONTACT).encode("utf-16"), "encoding", "line 1", id="UTF-16"),
        pytest.param(f'{{"a": "{CANARY}", "b": '.encode() + b"[" * 9999, "syntax", "", id="deep"),
    ],
)
def test_json_that_cannot_be_used(
    told: Callable[..., Told], tmp_path: Path, data: bytes, rule: str, place: str
) -> None:
    path = tmp_path / "in" / "contacts.json"
    path.write_bytes(data)
    refused(told, "aselo", {"contacts": path}, rule, place)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("registration_date", "17/05/2024", "source:date-order"),
        ("registration_date", f"{CANARY}", "source:date"),
        ("age", f"{CANARY}", "source:age"),
        ("services_section", f'[{{"service_type" => "{CANARY}"', "source:ruby-literal"),
        ("id", " ", "source:missing-key"),
    ],
)
def test_a_bad_cell_is_told_at_its_place(
    told: Callable[..., Told], tmp_path: Path, column: str, value: str, rule: str
) -> None:
    header, rows = cases()
    # a row that stands alone: no other version of its record
    keys = [row[header.index("id")] for row in rows]
    row = next(i for i, key in enumerate(keys, start=2) if keys.count(key) == 1)
    cell(rows, header, row, column, value)
    path = tmp_path / "in" / "cases.csv"
    path.write_text(table(header, rows), encoding="utf-8", newline="")
    checked = told("validate", "primero", {"cases": path}, "--format", "json")
    found = [(f["row"], f["column"], f["rule"]) for f in json.loads(checked.text)["faults"]]
    assert (checked.code, found) == (1, [(row, column, rule)])
    text = told("validate", "primero", {"cases": path}).text
    assert f"row {row}" in text
    assert column in text


@pytest.mark.parametrize("change", [-1, 1], ids=["too few", "too many"])
def test_a_row_with_the_wrong_number_of_cells(
    told: Callable[..., Told], tmp_path: Path, change: int
) -> None:
    header, rows = cases()
    rows[3] = rows[3][:-1] if change < 0 else [*rows[3], CANARY]
    path = tmp_path / "in" / "cases.csv"
    path.write_text(table(header, rows), encoding="utf-8", newline="")
    checked = told("validate", "primero", {"cases": path}, "--format", "json")
    found = [(f["row"], f["rule"]) for f in json.loads(checked.text)["faults"]]
    assert (checked.code, found) == (1, [(5, "source:column-count")])


def test_an_unknown_column_is_counted_and_not_lifted(
    told: Callable[..., Told], tmp_path: Path
) -> None:
    header, rows = cases()
    path = tmp_path / "in" / "cases.csv"
    path.write_text(table(header, rows), encoding="utf-8", newline="")
    assert told("lift", "primero", {"cases": path}).code == 0
    before = (tmp_path / "out" / "data.nq").read_text(encoding="utf-8")
    more = table([*header, "favourite"], [[*row, CANARY] for row in rows])
    path.write_text(more, encoding="utf-8", newline="")
    assert told("lift", "primero", {"cases": path}).code == 0
    after = (tmp_path / "out" / "data.nq").read_text(encoding="utf-8")
    added = set(after.splitlines()) - set(before.splitlines())
    assert set(before.splitlines()) <= set(after.splitlines())
    assert all("/unmapped/" in line for line in added)
    assert any("(undeclared column)" in line for line in added)
    assert "favourite" not in after
    checked = told("validate", "primero", {"cases": path}, "--format", "json")
    dropped = {d["field"]: d["count"] for d in json.loads(checked.text)["dropped"]}
    assert dropped["favourite"] == len(rows)


def test_a_mapping_that_names_a_missing_file(told: Callable[..., Told], tmp_path: Path) -> None:
    document = tmp_path / "in" / "m.rml.ttl"
    document.write_text(
        "PREFIX rml: <http://w3id.org/rml/>\nPREFIX ex: <http://example.org/>\n"
        "ex:People a rml:TriplesMap ; rml:logicalSource [ rml:source [ a rml:RelativePathSource ;"
        ' rml:root rml:MappingDirectory ; rml:path "gone.csv" ] ; rml:referenceFormulation'
        ' rml:CSV ] ; rml:subjectMap [ rml:template "http://example.org/{id}" ] .\n',
        encoding="utf-8",
    )
    made = told("lift", str(document), {})
    assert (made.code, made.left) == (2, set())
    assert "gone.csv" in made.text
    assert "People" in made.text


def test_an_earlier_result_survives_a_later_refusal(
    told: Callable[..., Told], tmp_path: Path
) -> None:
    path = tmp_path / "in" / "cases.csv"
    path.write_text(table(*cases()), encoding="utf-8", newline="")
    assert told("lift", "primero", {"cases": path}).left == {"data.nq", "lift-report.json"}
    before = (tmp_path / "out" / "data.nq").read_bytes()
    path.write_bytes(open_quote())
    assert told("lift", "primero", {"cases": path}).code == 1
    assert (tmp_path / "out" / "data.nq").read_bytes() == before
