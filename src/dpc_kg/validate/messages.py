"""What a broken rule means, in the language of the person who keeps the file."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import local_name
from dpc_kg.validate.rules import Rule, rules

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = (
    "missing",
    "format",
    "range",
    "order",
    "code",
    "reference",
    "duplicate",
    "rule",
    "file",
)
"""Kinds of fault, from the contract of ``planted.json`` and ``validate --format json``."""

_KIND_OF = {
    "MinCount": "missing",
    "MaxCount": "duplicate",
    "Datatype": "format",
    "NodeKind": "format",
    "Pattern": "format",
    "MinLength": "format",
    "MaxLength": "format",
    "LanguageIn": "format",
    "UniqueLang": "duplicate",
    "MinInclusive": "range",
    "MinExclusive": "range",
    "MaxInclusive": "range",
    "MaxExclusive": "range",
    "LessThan": "order",
    "LessThanOrEquals": "order",
    "In": "code",
    "HasValue": "code",
    "Class": "reference",
    "QualifiedMinCount": "missing",
}
_ANY_RULE = "Rule"


@dataclass(frozen=True)
class Message:
    """What is wrong and, where a text of its own says it, what would be right.

    ``lang`` is the language of the text; ``fallback`` that it is not the one asked for.
    """

    problem: str
    remedy: str | None
    lang: str
    fallback: bool = False

    @property
    def text(self) -> str:
        """Problem and remedy as one text."""
        return f"{self.problem} {self.remedy}" if self.remedy else self.problem


def message(rule: str, lang: str, component: str | None = None) -> Message:
    """Give the message of a rule such as ``CaseShape-closedAt`` or ``source:date``.

    The rule's own words in ``lang``; else those of the ``component`` (IRI or local name) in
    ``lang``; else the rule's own in English, marked; else a general sentence.
    """
    known = rules().get(rule)
    return message_of(known, lang, component) if known else _general(lang, component)


def message_of(rule: Rule, lang: str, component: str | None = None) -> Message:
    """Give the message of a rule that is not one of ours, in the same order of choice."""
    for candidate in (lang, *(() if component else LANGS), ""):
        if candidate in rule.problems:
            return _own(rule, candidate, lang)
    if component and short_component(component) in catalogue():
        return _general(lang, component)
    for candidate in (LANGS[0], *sorted(rule.problems)):
        if candidate in rule.problems:
            return _own(rule, candidate, lang)
    return _general(lang, component)


def kind_of(rule_or_component: str, rule: str | None = None) -> str:
    """Give the kind of fault: of a ``source:`` code, a rule name, or a component (IRI or name).

    With a component, name the ``rule`` too: a time between two events below nought is an ``order``
    fault, a measured duration below nought a ``range`` fault, a wrong code a ``code`` fault.
    """
    if rule is None and rule_or_component in rules():
        return _kind(rules()[rule_or_component], None)
    known = rules().get(rule) if rule else None
    return _kind(known, short_component(rule_or_component))


@lru_cache(maxsize=1)
def catalogue() -> "Mapping[str, Mapping[str, list[str]]]":
    """Give the general messages: by component and language, problem and remedy."""
    text = files("dpc_kg.validate").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _kind(rule: Rule | None, component: str | None) -> str:
    if rule and rule.kind:
        return rule.kind
    if rule and rule.blames:
        return "rule"  # a condition on several values, whatever SHACL says it with
    if rule and rule.is_interval and component in (None, "MinInclusive", "MinExclusive"):
        return "order"
    if rule and rule.values and component in (None, "Pattern", "NodeKind", "In"):
        return rule.values
    return _KIND_OF.get(component or "", "rule")


def _own(rule: Rule, found: str, lang: str) -> Message:
    remedy = rule.remedies.get(found)
    return Message(rule.problems[found], remedy, found or LANGS[0], fallback=found != lang)


def _general(lang: str, component: str | None) -> Message:
    texts = catalogue().get(short_component(component or ""), catalogue()[_ANY_RULE])
    found = lang if lang in texts else LANGS[0]
    problem, remedy = texts[found]
    return Message(problem, remedy, found, fallback=found != lang)


def short_component(component: str) -> str:
    """Give a constraint component (IRI or name) as it is called here: ``MinCount``."""
    return local_name(component).removesuffix("ConstraintComponent")
