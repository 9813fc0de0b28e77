"""A rule explained to the person who mends the row: what is wrong, what is right, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from dpc_kg.base.settings import RIGHT_TO_LEFT
from dpc_kg.validate.messages import Message, message, message_of
from dpc_kg.validate.purposes import purposes
from dpc_kg.validate.rules import Rule, rules
from dpc_kg.validate.wording import with_numbers_apart, word


@dataclass(frozen=True)
class Explanation:
    """The words on one rule in one language.

    ``remedy`` stands apart only where the rule has a sentence of its own for it. ``lang`` is the
    language of problem and remedy, ``fallback`` that it is not the one asked for.
    """

    problem: str
    remedy: str | None
    why: str
    lang: str
    fallback: bool = False

    @property
    def text(self) -> str:
        """Problem and remedy as one text."""
        return f"{self.problem} {self.remedy}" if self.remedy else self.problem

    def hinted(self, hint: str | None) -> str:
        """Give the text, and after it what is known of the one cell."""
        return f"{self.text} {hint}" if hint else self.text


def explained(rule: str, kind: str, lang: str) -> Explanation:
    """Explain a rule such as ``CaseShape-closedAt`` or ``source:date`` for a kind of fault."""
    known = rules().get(rule)
    needed = purposes((known.blames or known.path) if known else None, lang)
    return _explanation(message(rule, lang), kind, needed, lang)


def explained_shape(rule: Rule, component: str, kind: str, lang: str) -> Explanation:
    """Explain a shape that is not one of ours, and the component of it that was broken."""
    return _explanation(message_of(rule, lang, component), kind, [], lang)


def _explanation(said: Message, kind: str, needed: Sequence[str], lang: str) -> Explanation:
    why = word(f"why-{kind}", lang)
    if needed:
        why = f"{why} {word('used-for', lang, purposes=word('comma', lang).join(needed))}"
    problem, remedy = said.problem, said.remedy
    if said.lang in RIGHT_TO_LEFT:
        problem, remedy = with_numbers_apart(problem), remedy and with_numbers_apart(remedy)
    return Explanation(problem, remedy, why, said.lang, said.fallback)
