"""The fields of a deployment's forms: where each stands in an export, and what it offers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SOURCES = {
    "case": "cases",
    "family": "families",
    "incident": "incidents",
    "registry_record": "registry_records",
    "tracing_request": "tracing_requests",
}
"""The source of an export by the kind of record a form belongs to."""

Options = tuple[tuple[str, tuple[str, ...]], ...]
"""The values a field offers itself, each with its labels."""


@dataclass(frozen=True)
class Field:
    """A field of a form: its source and path as in ``fields.csv``, type, lookup, own options."""

    source: str
    path: str
    kind: str
    lookup: str | None = None
    options: Options = ()


def fields_of(forms: list[dict[str, Any]]) -> Iterator[Field]:
    """Give every field of the forms, those of a subform under each field that holds it."""
    nested = {str(f.get("unique_id")): f for f in forms if f.get("is_nested")}
    for form in forms:
        source = SOURCES.get(str(form.get("parent_form")))
        if source is None or form.get("is_nested"):
            continue
        for item in _named(form):
            name = str(item["name"])
            yield _field(source, name, item)
            for inner in _named(_subform(item, nested)):
                yield _field(source, f"{name}[*].{inner['name']}", inner)


def _named(form: dict[str, Any]) -> list[dict[str, Any]]:
    listed = form.get("fields") or []
    return [f for f in listed if isinstance(f, dict) and f.get("name")]


def _subform(item: dict[str, Any], nested: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Give the form a subform field holds: written inside it, or named, or of the same name."""
    inside = item.get("subform_section") or item.get("subform")
    if isinstance(inside, dict):
        return inside
    if item.get("type") != "subform":
        return {}
    names = (item.get("subform_section_unique_id"), item.get("subform_var"), item["name"])
    wanted = [str(name) for name in names if name]
    wanted.append(f"{item['name']}_subform_section")
    return next((nested[name] for name in wanted if name in nested), {})


def _field(source: str, path: str, item: dict[str, Any]) -> Field:
    told = str(item.get("option_strings_source") or item.get("options_source") or "")
    lookup = told.removeprefix("lookup").strip() if told.startswith("lookup") else None
    given = item.get("option_strings_text") or item.get("options") or ()
    options = tuple(_option(option) for option in given) if isinstance(given, list) else ()
    return Field(source, path, str(item.get("type")), lookup, options)


def _option(option: Any) -> tuple[str, tuple[str, ...]]:
    if not isinstance(option, dict):
        return str(option), ()
    return str(option.get("id", "")), labels(option.get("display_text"))


def labels(text: Any) -> tuple[str, ...]:
    """Give the labels of a value: one text, or a text for each language."""
    if isinstance(text, dict):
        return tuple(str(t) for t in text.values() if t)
    return (str(text),) if text else ()
