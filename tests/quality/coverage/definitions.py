"""Read the definition files of partner systems: forms, tables, header keys, element lists.

Only names and types of fields are read; no label or text of a definition leaves this module.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.quality.coverage.fields import PLAIN, SEPARATOR, TEXT, Field, one

# --- Primero --------------------------------------------------------------------------------------

_PRIMERO_SOURCES = {
    "case": "cases",
    "incident": "incidents",
    "family": "families",
    "tracing_request": "tracing_requests",
    "registry_record": "registry_records",
}
_PRIMERO_KINDS = {"text_field": TEXT, "textarea": TEXT, "separator": SEPARATOR}


def primero(path: Path) -> tuple[Field, ...]:
    """Give the named fields of all forms; those of a subform under the cell that holds its rows."""
    forms: list[dict[str, Any]] = _json(path)
    return tuple(
        one(
            _PRIMERO_SOURCES[form["parent_form"]],
            _box(forms, form) + field["name"],
            _PRIMERO_KINDS.get(field["type"], PLAIN),
        )
        for form in forms
        for field in form["fields"]
        if field.get("name")
    )


def _box(forms: Sequence[dict[str, Any]], form: Mapping[str, Any]) -> str:
    """Give the path of the cell that holds a subform: found by its variable, or by its id's end."""
    if not form["is_nested"]:
        return ""
    uid = str(form["unique_id"])
    cells = [
        field
        for other in forms
        if other["parent_form"] == form["parent_form"]
        for field in other["fields"]
        if field["type"] == "subform"
    ]
    named = [c["name"] for c in cells if c.get("subform_var") == uid]
    alike = [c["name"] for c in cells if uid.endswith(c["name"])]
    return f"{[*named, *alike, uid][0]}[*]."


# --- Aselo ----------------------------------------------------------------------------------------

_ASELO_TEXT = frozenset({"input", "textarea", "file-upload", "time-input"})
_ASELO_TABS = {
    "ChildInformationTab": "rawJson.childInformation",
    "CallerInformationTab": "rawJson.callerInformation",
    "CaseInformationTab": "rawJson.caseInformation",
}


def aselo(folder: Path) -> tuple[Field, ...]:
    """Give the fields of the contact and case forms of every helpline, each helpline's own."""
    return tuple(
        field for version in sorted(folder.glob("*/*")) for field in _helpline(version, folder)
    )


def _helpline(version: Path, folder: Path) -> Iterator[Field]:
    sections: dict[str, dict[str, str]] = _json(version / "CaseSections.json")
    for file in sorted(version.glob("*Forms/*.json")):
        form = _json(file)
        # the other tabs are lists of values: categories, channels
        if not isinstance(form, list):
            continue
        where = file.relative_to(version).as_posix()
        holds = [key for key, section in sections.items() if section["formPath"] == where]
        for field in form:
            kind = TEXT if field["type"] in _ASELO_TEXT else PLAIN
            label = f"{file.relative_to(folder).as_posix()}: {field['name']}"
            yield Field(label, tuple(_aselo_names(file.stem, holds, field["name"])), kind)


def _aselo_names(form: str, holds: Sequence[str], name: str) -> Iterator[tuple[str, str]]:
    """Give where an export may write a field: alone, as a list, and the status by its bare name."""
    if form in _ASELO_TABS:
        bases = [("contacts", _ASELO_TABS[form])]
    elif form == "CaseOverview":
        bases = [("cases", "info")]
    else:
        bases = [("cases", f"sections.{key}[*].sectionTypeSpecificData") for key in holds]
    for source, base in bases:
        path = base + member(name)
        yield from ((source, path), (source, f"{path}[*]"))
    if form == "CaseOverview":
        yield ("cases", name)


def member(name: str) -> str:
    """Write a member of an object as ``fields.csv`` does: ``.name``, or quoted in brackets."""
    return f".{name}" if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else f"['{name}']"


# --- YAML, as far as these files use it -----------------------------------------------------------


def ssd(folder: Path) -> tuple[Field, ...]:
    """Give the columns of every table; a file is one table."""
    return tuple(field for file in sorted(folder.glob("*.yml")) for field in _table(file))


def _table(file: Path) -> Iterator[Field]:
    table = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("- name: "):
            table = line.removeprefix("- name: ").strip()
        elif line.startswith("  - name: "):
            yield one(table, line.removeprefix("  - name: ").strip())


def gbvims(path: Path) -> tuple[Field, ...]:
    """Give the keys of the headers in a locale file, those of a group with its name before."""
    found = list(_keys(path.read_text(encoding="utf-8").splitlines(), "headers"))
    return tuple(one("incident-data", key) for key in found)


def _keys(lines: Sequence[str], block: str) -> Iterator[str]:
    """Give the keys with a value below ``block``, joined by dots."""
    above: list[tuple[int, str]] = []
    for line in lines:
        match = re.match(r"( *)\"?(\w+)\"?:(.*)", line)
        if match is None:
            continue
        depth, key, value = len(match[1]), match[2], match[3].strip()
        above = [(d, k) for d, k in above if d < depth]
        names = [k for _, k in above]
        if value and block in names:
            yield ".".join([*names[names.index(block) + 1 :], key])
        above.append((depth, key))


# --- CyberTipline ---------------------------------------------------------------------------------

_BLOCKS = ("personOrUserReported", "intendedRecipient", "victim")
_EXPANDED = frozenset({"person", "address", "ipCaptureEvent", "deviceId"})
_ACCOUNT = "account-block"
_PERSONS = "|".join(f"{block}Person" for block in _BLOCKS)


def cybertipline(path: Path) -> tuple[Field, ...]:
    """Give the paths of an inventory of elements, with its types written out where they are used.

    An element of a type that the inventory spells out is no field itself: its members are.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["path"], row["type"]) for row in csv.DictReader(file)]
    types: dict[str, list[tuple[str, str]]] = {name: [] for name in (*_EXPANDED, _ACCOUNT)}
    plain: list[tuple[str, str]] = []
    for name, kind in rows:
        owner, _, inner = name.partition("/")
        if owner in types:
            types[owner].append((inner, kind))
        else:
            plain.append((name, kind))
    found = dict.fromkeys(path for name, kind in plain for path in _written_out(name, kind, types))
    return tuple(one(_cybertipline_source(path), path) for path in found)


def _written_out(name: str, kind: str, types: Mapping[str, list[tuple[str, str]]]) -> Iterator[str]:
    """Give a path and what is below it."""
    block = name.rpartition("/")[2]
    for each in _alternatives(name):
        used = kind.split(" type")[0]
        if used in _EXPANDED:
            for inner, inner_kind in types[used]:
                yield from _written_out(f"{each}/{inner}", inner_kind, types)
            continue
        yield each
        if kind == "account/person block":
            for inner, inner_kind in types[_ACCOUNT]:
                if _belongs(inner, inner_kind, block):
                    own = inner.replace(_PERSONS, f"{block}Person")
                    yield from _written_out(f"{each}/{own}", inner_kind, types)


def _belongs(inner: str, kind: str, block: str) -> bool:
    """Tell whether a member of the account block is one of this block: some name where they are."""
    only = re.search(r"\((\w+) only\)", kind)
    barred = re.search(r"\(not (\w+)\)", kind)
    return (only is None or only[1] == block) and (barred is None or barred[1] != block)


def _alternatives(name: str) -> list[str]:
    """Write ``a|b``, ``a+b`` and a condition in brackets out as paths."""
    head, _, last = re.sub(r"\[@type=[^\]]*\]", "", name).rpartition("/")
    parts = re.split(r"[|+]", last)
    return [f"{head}/{part}" if head else part for part in parts]


def _cybertipline_source(name: str) -> str:
    return "files" if name.startswith("fileDetails/") else "report"


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
