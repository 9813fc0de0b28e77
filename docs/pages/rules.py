"""The page of all rules."""

from collections.abc import Sequence

from docs.pages.markdown import page, table
from dpc_kg.validate.messages import kind_of
from dpc_kg.validate.rules import Rule, rules

_SOURCE = "source:"


def rules_page() -> str:
    """Give the page of all rules with their English words."""
    known = {name: rule for name, rule in rules().items() if "en" in rule.problems}
    lead = (
        "Every rule a record or a file can break, under the name that reports give it. A record "
        "that breaks one with the severity Violation stays at the partner.\nThe same words in "
        "French, Spanish and Arabic: `dpc-kg validate --lang fr`, `es`, `ar`. "
        "[How to read a fault](../howto/read-a-fault.md)"
    )
    return page(
        "Rules",
        lead,
        _source_rules([r for r in known.values() if r.name.startswith(_SOURCE)]),
        *(
            _shape_rules(shape, [r for r in known.values() if _shape(r) == shape])
            for shape in sorted({_shape(r) for r in known.values()} - {""})
        ),
    )


def _shape(rule: Rule) -> str:
    return "" if rule.name.startswith(_SOURCE) else rule.name.split("-", 1)[0]


def _source_rules(found: Sequence[Rule]) -> str:
    rows = [
        (f"`{r.name}`", kind_of(r.name), r.problems["en"], r.remedies.get("en", "")) for r in found
    ]
    heads = ("rule", "kind", "what is wrong", "what would be right")
    intro = "About the file or the cell itself, found before any rule of the model."
    return f"## The source\n\n{intro} All are Violations.\n\n{table(heads, sorted(rows))}"


def _shape_rules(shape: str, found: Sequence[Rule]) -> str:
    rows = [(f"`{r.name}`", r.severity, _words(r)) for r in found]
    return f"## {shape}\n\n" + table(("rule", "severity", "what is wrong, and the remedy"), rows)


def _words(rule: Rule) -> str:
    remedy = rule.remedies.get("en")
    return f"{rule.problems['en']} {remedy}" if remedy else rule.problems["en"]
