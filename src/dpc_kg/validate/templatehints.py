"""What the template says of a column: what it means, how to write it, a right example."""

from collections.abc import Iterator
from pathlib import Path

from dpc_kg.base.settings import PROFILES
from dpc_kg.base.vocab import CODES, local_name
from dpc_kg.lift.template import Column, Sheet, choices, header
from dpc_kg.model import ontology
from dpc_kg.model.texts import sentences
from dpc_kg.validate.rules import rules

NUMBER, DATE, COUNT, COUNTRY = "2025-014", "2025-03-14", "2", "SN"
"""Examples that are the same in every language."""

_CATALOGUE = Path(__file__).with_name("template.toml")
_LONGEST_TITLE = 31
_SAMPLES = {"number": NUMBER, "link": NUMBER, "date": DATE, "integer": COUNT, "country": COUNTRY}


def say(key: str, lang: str, **places: object) -> str:
    """Give a sentence of the template's own."""
    return sentences(_CATALOGUE)[key][lang].format(**places)


def tab(cls: str, lang: str) -> str:
    """Give the title of the sheet of a class; a workbook allows 31 characters."""
    label = ontology.label(cls, lang)
    return label if len(label) <= _LONGEST_TITLE else f"{label[: _LONGEST_TITLE - 1]}…"


def tier_word(profile: str, lang: str) -> str:
    """Give the name of a tier."""
    return ontology.label(f"{CODES}tier/{profile}", lang)


def note(sheet: Sheet, column: Column, lang: str) -> str:
    """Give what stands in the note of a column's header."""
    lines = [*meaning(sheet, column, lang), say("as_in", lang, example=example(column, lang))]
    return "\n".join(lines)


def meaning(sheet: Sheet, column: Column, lang: str) -> Iterator[str]:
    """Give the sentences about a column: definition, how to write it, when it must be filled."""
    if column.place > 1 and not column.target:
        yield say("further", lang, header=header(sheet.of(column.prop or ""), lang))
    else:
        yield ontology.definition(column.prop or column.target, lang) or ""
    yield how(column, lang)
    if column.required or column.either:
        yield say("must" if column.required else "either", lang)
    if column.place == 1:
        yield from _conditions(sheet, column, lang)


def how(column: Column, lang: str) -> str:
    """Give how to write the cells of a column."""
    sheet = tab(column.target, lang) if column.target else ""
    return say(f"how.{column.kind}", lang, sheet=sheet, lowest=column.lowest)


def example(column: Column, lang: str) -> str:
    """Give a right value."""
    if column.kind in _SAMPLES:
        return _SAMPLES[column.kind]
    if column.scheme:
        return choices(column.scheme, lang)[0].text
    return say(f"sample.{column.kind}", lang)


def _conditions(sheet: Sheet, column: Column, lang: str) -> Iterator[str]:
    """Give the messages of the rules that blame the column for what another one holds."""
    own = f"{local_name(sheet.cls)}Shape-"
    blaming = (r for r in rules().values() if r.blames is not None and r.blames == column.prop)
    for rule in blaming:
        if rule.name.startswith(own):
            yield say("refused", lang, message=rule.problems[lang])


def command(profile: str, lang: str, file: str = "FILE.xlsx") -> str:
    """Give the command that checks a filled template of a tier."""
    chosen = "" if profile == PROFILES[-1] else f" --profile {profile}"
    return f"dpc-kg validate {file}{chosen} --lang {lang}"
