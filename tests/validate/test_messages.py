"""Every rule is explained in every language, and sorted into a kind of fault."""

import re
from pathlib import Path

import pytest

from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import SH
from dpc_kg.validate.messages import KINDS, catalogue, kind_of, message, message_of
from dpc_kg.validate.rules import Rule, rules

RULES = sorted(
    name
    for name, rule in rules().items()
    if rule.problems or rule.path or name.startswith("source:")
)
_ARABIC = re.compile(r"[\u0600-\u06ff]")


def test_there_are_rules() -> None:
    assert {"source:date", "HelplineContactShape-receivedAt", "ReferralShape-consent"} <= set(RULES)


def test_every_rule_is_explained_in_every_language() -> None:
    for rule in RULES:
        explained(rule)


def explained(rule: str) -> None:
    said = {lang: message(rule, lang) for lang in LANGS}
    assert [m.lang for m in said.values()] == list(LANGS), rule
    assert not any(m.fallback for m in said.values())
    assert len({m.problem for m in said.values()}) == len(LANGS)
    assert _ARABIC.search(said["ar"].problem)
    assert "{" not in "".join(m.text for m in said.values())
    if rule.startswith("source:"):
        assert all(m.remedy for m in said.values())


def test_every_rule_has_a_kind() -> None:
    assert not [rule for rule in RULES if kind_of(rule) not in KINDS]


def test_catalogue_is_complete() -> None:
    for component, texts in catalogue().items():
        assert set(texts) == set(LANGS), component
        assert all(len(text) == 2 and all(text) for text in texts.values()), component
        assert len({text[0] for text in texts.values()}) == len(LANGS), component
        assert _ARABIC.search(texts["ar"][0]), component


def test_own_words_come_first() -> None:
    rule = Rule("S-p", {"en": "Say when.", "fr": "Dites quand."}, {})
    assert message_of(rule, "fr").problem == "Dites quand."
    assert not message_of(rule, "fr").fallback


def test_component_explains_where_the_language_is_missing() -> None:
    rule = Rule("S-p", {"en": "Say when."}, {})
    found = message_of(rule, "es", SH + "MinCountConstraintComponent")
    assert found.problem == "Falta un valor obligatorio."
    assert not found.fallback


def test_english_is_the_marked_fallback() -> None:
    rule = Rule("S-p", {"en": "Say when."}, {})
    found = message_of(rule, "es")
    assert (found.problem, found.lang, found.fallback) == ("Say when.", "en", True)


def test_unknown_rules_are_explained_by_component() -> None:
    found = message("no-such-rule", "en", "MaxCountConstraintComponent")
    assert found.text == "There are more values than allowed. Keep only the right one."
    general = message("no-such-rule", "fr")
    assert general.problem == "Plusieurs valeurs ensemble ne respectent pas une règle."


@pytest.mark.parametrize(
    ("component", "rule", "kind"),
    [
        ("MinCount", "HelplineContactShape-receivedAt", "missing"),
        ("MinCount", "CaseShape-hasStatus", "missing"),
        ("MinInclusive", "HelplineContactShape-contactSeconds", "range"),
        ("MinInclusive", "ReferralShape-reportToReferralSeconds", "order"),
        ("MinInclusive", "CaseShape-openToCloseSeconds", "order"),
        ("MinInclusive", "PlatformReportShape-incidentToReportSeconds", "order"),
        ("Datatype", "CaseShape-openToCloseSeconds", "format"),
        ("LessThan", "CaseShape-receivedAt", "order"),
        ("In", "CaseShape-hasStatus", "code"),
        ("In", "ReferralShape-consent", "rule"),
        ("Or", "CaseShape-closedAt-whenClosed", "rule"),
        ("Pattern", "CaseShape-refArea", "code"),
        ("Pattern", "ReferralShape-isReferralOf", "reference"),
        ("Pattern", "CaseShape-receivedAt", "format"),
        ("Class", "no-such-rule", "reference"),
        ("Closed", "no-such-rule", "rule"),
        ("SPARQL", "no-such-rule", "rule"),
    ],
)
def test_kinds(component: str, rule: str, kind: str) -> None:
    assert kind_of(f"{SH}{component}ConstraintComponent", rule) == kind


def test_kinds_of_source_faults() -> None:
    assert kind_of("source:date-order") == "format"
    assert kind_of("source:age") == "range"
    assert kind_of("source:duplicate") == "duplicate"
    assert kind_of("source:encoding") == "file"


def test_special_rules_name_what_to_correct() -> None:
    blamed = {name: rule.blames for name, rule in rules().items() if rule.blames}
    assert blamed["CaseShape-closedAt-whenClosed"] == "https://w3id.org/dpc/cdm#closedAt"


def test_files_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = rules()

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(Path, "read_text", forbidden)
    assert rules() is first
