"""The report a data officer reads in a terminal."""

from pathlib import Path

import pytest

from dpc_kg.base.settings import LANGS
from dpc_kg.validate import explanation
from dpc_kg.validate.forms.text import to_text
from dpc_kg.validate.messages import Message
from dpc_kg.validate.report import CheckReport
from tests.validate.reports import FAULTS, REPORT

GOLDEN = Path(__file__).parent.parent / "golden"


def _stub(rule: str, lang: str) -> Message:
    return Message(f"<problem of {rule}>", "<remedy>", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_text_is_as_agreed(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation, "message", _stub)
    golden = (GOLDEN / f"report.{lang}.txt").read_text(encoding="utf-8")
    assert to_text(REPORT, lang) == golden


@pytest.mark.parametrize("lang", LANGS)
def test_text_uses_the_words_of_the_rules(lang: str) -> None:
    text = to_text(REPORT, lang)
    for fault in FAULTS:
        assert explanation.explained(fault.rule, fault.kind, lang).text in text


def test_most_frequent_rule_comes_first_and_is_cut() -> None:
    text = to_text(REPORT, "en", max_places=3)
    assert text.index("8 rows: ") < text.index("1 row: ")
    assert "    and 5 more\n" in text
    assert text.count("(C2") == 3


def test_what_is_not_translated_is_marked_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    fallen = Message("Only in English.", None, "en", fallback=True)
    monkeypatch.setattr(explanation, "message", lambda rule, lang: fallen)
    text = to_text(CheckReport(5, 1, FAULTS[1:3]), "es")
    assert text.count("Only in English. (en inglés)") == 2
    assert text.endswith("aún no están traducidos: 2.\n")
