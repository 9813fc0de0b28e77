"""What every form of the report says: verdict, places, groups."""

import pytest

from dpc_kg.base.faults import Fault
from dpc_kg.base.settings import LANGS, RIGHT_TO_LEFT
from dpc_kg.validate import report as room
from dpc_kg.validate.messages import KINDS
from dpc_kg.validate.report import CheckReport, Hint, groups, place, untranslated, verdict
from dpc_kg.validate.wording import _words, counted, isolated, word
from tests.validate.reports import FAULTS, REPORT


def test_places() -> None:
    found = [place(REPORT, fault, "en") for fault in FAULTS]
    assert found[0] == "broken.csv"
    assert found[1] == "cases.csv row 14, column registration_date (F14), your record 4711"
    assert found[-2] == "c/3.json record 3, field referrals[0].referredAt"
    assert found[-1] == "cases.xlsx row 2, sheet Cases, column status (E2)"
    arabic = "\u2068cases.csv\u2069 الصف 15، العمود \u2068date_closure\u2069 (G15)"
    assert place(REPORT, FAULTS[2], "ar") == arabic


def test_place_without_a_file_names_the_record() -> None:
    fault = Fault("", None, None, None, "rule", ("S",), record="https://w3id.org/dpc/id/o/case/1")
    assert place(REPORT, fault, "en") == "https://w3id.org/dpc/id/o/case/1"


def test_the_letter_told_by_the_reader_counts() -> None:
    fault = Fault("cases.csv", None, 2, "age", "range", ("source:age",), letter="ZZ")
    assert REPORT.letter(fault) == "ZZ"


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


@pytest.mark.parametrize("lang", LANGS)
def test_groups_count_and_explain(lang: str) -> None:
    found = groups(REPORT, FAULTS, lang)
    assert [len(group.faults) for group in found] == [8, 1, 1, 1, 1, 1]
    ages = found[0]
    assert (ages.rule, ages.unit, ages.count, ages.columns) == ("source:age", "rows", 8, ("age",))
    assert ages.example == "12"
    assert {group.unit for group in found} == {"rows", "records", "files"}
    assert untranslated(found) == 0
    for group in found:
        assert group.said.why.startswith(word(f"why-{group.kind}", lang))
        assert all(name in group.heading(lang) for name in group.columns)


def test_the_purposes_come_from_the_ontology() -> None:
    received = next(g for g in groups(REPORT, FAULTS, "fr") if g.rule == "CaseShape-receivedAt")
    assert "Coordination de l'aide" in received.said.why
    cell = next(g for g in groups(REPORT, FAULTS, "fr") if g.rule == "source:age")
    assert cell.said.why == word("why-range", "fr")


def test_a_hint_never_needs_the_value() -> None:
    assert Hint("code", "open").said("en") == "Did you mean open?"
    assert "2024-12-31" in Hint("day-first").said("es")


def test_dates_keep_their_order_in_arabic() -> None:
    """Without isolates, a screen shows 31-12-2024 there."""
    assert "\u20662024-12-31\u2069" in Hint("serial").said("ar") + Hint("short-year").said("ar")
    dated = next(g for g in groups(REPORT, FAULTS, "ar") if g.rule == "source:date")
    assert "\u20662024-05-31\u2069" in dated.said.text
    assert isolated("طفل") == "طفل" and isolated(3) == 3
    assert isolated(isolated("a")) == "\u2068a\u2069"


def test_words_stand_in_every_language() -> None:
    for key, forms in _words().items():
        assert set(forms) == set(LANGS), key
    for kind in KINDS:
        assert len({word(f"kind-{kind}", lang) for lang in LANGS}) == len(LANGS)
        assert len({word(f"why-{kind}", lang) for lang in LANGS}) == len(LANGS)
    for reason in room.DROPPED:
        assert word(f"dropped-{reason}", "es")
    assert (counted("rows", "en", 1), counted("rows", "en", 3)) == ("1 row", "3 rows")
    assert word("row", "de", row=3) == "row 3"
    assert set(RIGHT_TO_LEFT) <= set(LANGS)
