"""Contacts and cases filled in by the forms of one helpline, for any folder of definitions.

Every field that the forms call personal holds a canary, so that a test can look for it in what a
lift writes.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from dpc_kg.lift.definitions.aselo_forms import FormField, Forms
from dpc_kg.lift.paths import json_steps

CANARY = "Canary-Testname"
"""What stands in each personal field, with a number after it."""

_FIRST = datetime(2025, 1, 1, tzinfo=UTC)
_MIXED = (True, False, "mixed", None)


def write_export(forms: Forms, out: Path, *, contacts: int, cases: int, seed: int) -> list[Path]:
    """Write contacts and cases of a helpline with these forms below ``out``; give the files.

    The same arguments give the same bytes. Each category stands in at least one contact where
    there are as many contacts as categories.
    """
    written = []
    for index in range(contacts):
        document = _contact(forms, seed, index)
        written.append(_write(out / "contacts" / f"{document['id']}.json", document))
    for index in range(cases):
        document = _case(forms, seed, index)
        written.append(_write(out / "cases" / f"{document['id']}.json", document))
    return written


def _write(path: Path, document: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8", newline="")
    return path


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _contact(forms: Forms, seed: int, index: int) -> dict[str, Any]:
    rng = Random(f"forms:{seed}:{index}")  # noqa: S311
    at = _FIRST + timedelta(hours=rng.randrange(8000))
    raw: dict[str, Any] = {}
    _fill(raw, [f for f in forms.fields if f.source == "contacts"], rng, ("rawJson",))
    category, sub = forms.categories[index % len(forms.categories)]
    call = rng.choice(forms.call_types)
    return {
        "id": str(1000 + index),
        "definitionVersion": forms.version,
        "helpline": next(iter(forms.lines), forms.helpline),
        "channel": rng.choice(("voice", "web", "whatsapp")),
        "timeOfContact": _stamp(at),
        "createdAt": _stamp(at),
        "finalizedAt": _stamp(at + timedelta(hours=1)),
        "updatedAt": _stamp(at + timedelta(hours=1)),
        "conversationDuration": rng.randrange(60, 4000),
        "number": f"{CANARY}-number",
        "rawJson": {
            **raw,
            "callType": call.label or call.name,
            "categories": {category: [sub]},
            "contactlessTask": {"channel": ""},
        },
        "csamReports": [],
        "referrals": [],
    }


def _case(forms: Forms, seed: int, index: int) -> dict[str, Any]:
    rng = Random(f"forms:{seed}:case:{index}")  # noqa: S311
    at = _FIRST + timedelta(hours=rng.randrange(8000))
    case: dict[str, Any] = {
        "id": str(1 + index),
        "definitionVersion": forms.version,
        "label": f"{CANARY}-label",
        "status": rng.choice(forms.statuses or ("open",)),
        "statusUpdatedAt": _stamp(at + timedelta(days=2)),
        "createdAt": _stamp(at),
        "updatedAt": _stamp(at + timedelta(days=2)),
        "connectedContacts": [],
    }
    fields = [f for f in forms.fields if f.source == "cases"]
    sections = list(dict.fromkeys(s for f in fields if (s := _section(f)) is not None))
    _fill(case, [f for f in fields if _section(f) is None], rng, ())
    case["sections"] = {}
    for section in sections:
        item: dict[str, Any] = {
            "sectionId": f"s-{index}-{section}",
            "sectionType": section,
            "eventTimestamp": _stamp(at),
            "createdAt": _stamp(at),
            "updatedAt": _stamp(at),
            "createdBy": f"{CANARY}-worker",
        }
        own = [f for f in fields if _section(f) == section]
        _fill(item, own, rng, ("sections", section))
        case["sections"][section] = [item]
    return case


def _section(field: FormField) -> str | None:
    steps = _steps(field)
    return steps[1] if steps[0] == "sections" else None


def _steps(field: FormField) -> list[str]:
    return [name for kind, name in json_steps(field.path) if kind == "name"]


def _fill(
    node: dict[str, Any], fields: Sequence[FormField], rng: Random, above: tuple[str, ...]
) -> None:
    for number, field in enumerate(fields):
        *holders, name = _steps(field)[len(above) :]
        inner = node
        for holder in holders:
            inner = inner.setdefault(holder, {})
        for value in _answer(field, rng, number):
            inner[name] = value


def _answer(field: FormField, rng: Random, number: int) -> Iterator[Any]:
    """Give one answer; none for what is no question."""
    personal = f"{CANARY}-{number}"
    if field.kind == "listbox-multiselect":
        chosen = rng.sample(field.options, min(2, len(field.options)))
        yield [*chosen, personal] if field.is_personal else chosen
    elif field.is_personal:
        yield personal
    elif field.options:
        yield rng.choice(field.options)
    elif field.kind in {"checkbox", "copy-to"}:
        yield rng.random() < 0.5
    elif field.kind == "mixed-checkbox":
        yield rng.choice(_MIXED)
    elif field.kind == "date-input":
        yield f"{_FIRST + timedelta(days=rng.randrange(300)):%Y-%m-%d}"
    elif field.kind in {"input", "textarea"}:
        yield str(rng.randrange(1, 5))
