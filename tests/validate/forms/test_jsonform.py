"""The report a program reads."""

import importlib.resources
import json
from typing import Any

import pytest

from dpc_kg.base.settings import LANGS
from dpc_kg.validate.forms.jsonform import to_json
from dpc_kg.validate.messages import KINDS, message
from tests.schemas import breaches
from tests.validate.reports import FAULTS, REPORT


def _schema() -> Any:
    folder = importlib.resources.files("dpc_kg.validate")
    return json.loads(folder.joinpath("report.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lang", LANGS)
def test_json_is_as_published(lang: str) -> None:
    document = json.loads(to_json(REPORT, lang))
    assert breaches(document, _schema()) == []
    assert document["verdict"] == "refused"
    assert document["faults"][1]["letter"] == "F"
    assert document["faults"][1]["number"] == "4711"
    assert document["faults"][-2]["rules"] == ["source:date", "ReferralShape-sentAt"]
    assert document["faults"][-1]["hint"]
    assert {"kind": "rule", "severity": "Warning"}.items() <= document["warnings"][0].items()
    assert [group["count"] for group in document["groups"]] == [8, 1, 1, 1, 1, 1, 1]
    assert document["groups"][0]["example"] == "12"


def test_json_says_what_the_rules_say() -> None:
    document = json.loads(to_json(REPORT, "fr"))
    assert document["faults"][1]["problem"] == message("CaseShape-receivedAt", "fr").problem


def test_schema_refuses_more() -> None:
    document = json.loads(to_json(REPORT))
    document["faults"][0]["value"] = "secret"
    del document["refused"]
    document["records"] = -1
    assert len(breaches(document, _schema())) == 3
    assert _schema()["$defs"]["kind"]["enum"] == list(KINDS)


def test_json_keeps_the_contract_of_planted_faults() -> None:
    for fault, told in zip(FAULTS, json.loads(to_json(REPORT))["faults"], strict=True):
        assert fault.as_dict().items() <= (told | {"rules": list(fault.rules)}).items()
