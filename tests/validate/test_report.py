"""The report a data officer reads, and the one a program reads."""

import importlib.resources
import json
from pathlib import Path

import pytest

from dpc_kg.base.faults import Fault
from dpc_kg.base.settings import LANGS
from dpc_kg.validate import report as room
from dpc_kg.validate.messages import KINDS, Message, message
from dpc_kg.validate.report import CheckReport, FieldCount, place, to_json, to_text, verdict
from dpc_kg.validate.wording import _words, counted, word
from tests.schemas import breaches

GOLDEN = Path(__file__).parent / "golden"
HEADER = ("id", "name", "age", "sex", "status", "registration_date", "date_closure")


def _fault(row: int, column: str, kind: str, *rules: str, file: str = "cases.csv") -> Fault:
    return Fault(file, None, row, column, kind, rules)


FAULTS = (
    Fault("broken.csv", None, None, None, "file", ("source:encoding",)),
    _fault(14, "registration_date", "missing", "CaseShape-receivedAt"),
    _fault(15, "date_closure", "order", "CaseShape-openToCloseSeconds"),
    *(_fault(row, "age", "range", "source:age") for row in range(20, 28)),
    _fault(
        3,
        "referrals[0].referredAt",
        "format",
        "source:date",
        "ReferralShape-sentAt",
        file="c/3.json",
    ),
    Fault("cases.xlsx", "Cases", 2, "status", "code", ("CaseShape-hasStatus",)),
)
REPORT = CheckReport(
    records=120,
    refused=12,
    faults=FAULTS,
    warnings=(_fault(30, "sex", "rule", "CaseShape-sexRecorded"),),
    dropped=(
        FieldCount("name", 120, "cases"),
        FieldCount("favourite_colour", 7, "cases", "none"),
        FieldCount("(undeclared column)", 2, None, "undeclared"),
        FieldCount("md5", 9, "files", "key"),
    ),
    unknown=(FieldCount("protection_concerns", 3, "cases"),),
    headers={"cases.csv": HEADER, "cases.xlsx": HEADER, "broken.csv": ()},
)


def _stub(rule: str, lang: str) -> Message:
    return Message(f"<problem of {rule}>", "<remedy>", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_text_is_as_agreed(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "message", _stub)
    golden = (GOLDEN / f"report.{lang}.txt").read_text(encoding="utf-8")
    assert to_text(REPORT, lang) == golden


def test_places() -> None:
    found = [place(REPORT, fault, "en") for fault in FAULTS]
    assert found[0] == "broken.csv"
    assert found[1] == "cases.csv row 14, column registration_date (F14)"
    assert found[-2] == "c/3.json record 3, field referrals[0].referredAt"
    assert found[-1] == "cases.xlsx row 2, sheet Cases, column status (E2)"
    assert place(REPORT, FAULTS[1], "ar") == "cases.csv الصف 14، العمود registration_date (F14)"


def test_place_without_a_file_names_the_record() -> None:
    fault = Fault("", None, None, None, "rule", ("S",), record="https://w3id.org/dpc/id/o/case/1")
    assert place(REPORT, fault, "en") == "https://w3id.org/dpc/id/o/case/1"


@pytest.mark.parametrize("lang", LANGS)
def test_text_uses_the_words_of_the_rules(lang: str) -> None:
    text = to_text(REPORT, lang)
    for fault in FAULTS:
        assert message(fault.rule, lang).text in text


def test_most_frequent_rule_comes_first_and_is_cut() -> None:
    text = to_text(REPORT, "en", max_places=3)
    assert text.index("8 rows: ") < text.index("1 row: ")
    assert "  and 5 more\n" in text
    assert text.count("(C2") == 3


def test_verdicts() -> None:
    warned = CheckReport(5, 0, warnings=REPORT.warnings)
    said = [
        verdict(CheckReport(5, 0), "en"),
        verdict(warned, "en"),
        verdict(REPORT, "en"),
        verdict(CheckReport(1, 1, FAULTS), "en"),
    ]
    assert len(set(said)) == 4
    assert "12 of 120" in said[2]
    assert [CheckReport(5, 0).conforms, warned.conforms, REPORT.conforms] == [True, True, False]


def test_json_is_as_published() -> None:
    document = json.loads(to_json(REPORT, "fr"))
    schema = json.loads(
        importlib.resources.files("dpc_kg.validate")
        .joinpath("report.schema.json")
        .read_text(encoding="utf-8")
    )
    assert breaches(document, schema) == []
    assert document["verdict"] == "refused"
    assert document["faults"][1]["letter"] == "F"
    assert document["faults"][-2]["rules"] == ["source:date", "ReferralShape-sentAt"]
    assert document["faults"][1]["problem"] == message("CaseShape-receivedAt", "fr").problem
    assert {"kind": "rule", "severity": "Violation"}.items() <= document["warnings"][0].items()


def test_schema_refuses_more() -> None:
    schema = json.loads((Path(room.__file__).parent / "report.schema.json").read_text("utf-8"))
    document = json.loads(to_json(REPORT))
    document["faults"][0]["value"] = "secret"
    del document["refused"]
    document["records"] = -1
    assert len(breaches(document, schema)) == 3
    assert schema["$defs"]["fault"]["properties"]["kind"]["enum"] == list(KINDS)


def test_json_keeps_the_contract_of_planted_faults() -> None:
    for fault, told in zip(FAULTS, json.loads(to_json(REPORT))["faults"], strict=True):
        assert fault.as_dict().items() <= (told | {"rules": list(fault.rules)}).items()


def test_words_stand_in_every_language() -> None:
    for key, forms in _words().items():
        assert set(forms) == set(LANGS), key
    for kind in KINDS:
        assert len({word(f"kind-{kind}", lang) for lang in LANGS}) == len(LANGS)
    for reason in room.DROPPED:
        assert word(f"dropped-{reason}", "es")
    assert (counted("rows", "en", 1), counted("rows", "en", 3)) == ("1 row", "3 rows")
    assert word("row", "de", row=3) == "row 3"
