"""The definition files of a helpline that works with Aselo, read as they lie in its folder."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.paths import member

_TABS = {
    "ChildInformationTab": "childInformation",
    "CallerInformationTab": "callerInformation",
    "CaseInformationTab": "caseInformation",
}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VERSION = re.compile(r"v\d+")
_SECTION = re.compile(r"[A-Za-z]\w*")


@dataclass(frozen=True)
class FormField:
    """One field of a form: where its answers stand in the export, its kind and its options.

    ``options`` are values as they are stored, blank ones left out; ``is_personal`` unless the form
    says that it is not.
    """

    source: str
    path: str
    kind: str
    is_personal: bool
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallType:
    """A button that ends a contact: its name, its words, and whether counselling took place."""

    name: str
    label: str
    is_counselling: bool


@dataclass(frozen=True)
class Forms:
    """What a definition version says: categories, fields, call types, statuses, channels."""

    helpline: str
    version: str
    categories: tuple[tuple[str, str], ...] = ()
    fields: tuple[FormField, ...] = ()
    call_types: tuple[CallType, ...] = ()
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    lines: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def read_forms(folder: Path) -> Forms:
    """Read the folder of a definition version, such as ``form-definitions/xy/v1``.

    Raises:
        MappingError: the folder holds no categories, or a file is not what Aselo writes.
    """
    tab = folder / "tabbedForms" / "IssueCategorizationTab.json"
    if not tab.is_file():
        raise MappingError(
            "There are no categories in this folder.",
            file=folder.name,
            advice="Give the folder that holds tabbedForms/IssueCategorizationTab.json.",
        )
    lines = dict(_categories(_json(tab), tab.name))
    pairs = tuple(dict.fromkeys(pair for line in lines.values() for pair in line))
    helpline, version = _names(folder)
    return Forms(
        helpline,
        version,
        pairs,
        tuple(_fields(folder)),
        tuple(_call_types(folder)),
        tuple(_statuses(folder)),
        tuple(_channels(folder)),
        lines,
    )


def path_of(*steps: str) -> str:
    """Give the general path of a member, as ``fields.csv`` writes it.

    >>> path_of("info", "Is it so?")
    "info['Is it so?']"
    """
    path = ""
    for step in steps:
        if _WORD.fullmatch(step.removesuffix("[*]")):
            path += f".{step}" if path else step
        else:
            path = member(path, step)
    return path


def _names(folder: Path) -> tuple[str, str]:
    """Give the helpline and the version: from ``xy/v1``, else the folder's own name."""
    own = folder.resolve()
    name = own.parent.name if _VERSION.fullmatch(own.name) else own.name
    helpline = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "helpline"
    version = f"{helpline}-{own.name}" if _VERSION.fullmatch(own.name) else helpline
    return helpline, version


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as e:
        line = getattr(e, "lineno", None)
        raise MappingError(
            "This definition file is not well-formed JSON.", file=path.name, line=line
        ) from e


def _of_kind(node: Any, kind: type, file: str) -> Any:
    if not isinstance(node, kind):
        raise MappingError(
            "This definition file is not built as Aselo builds it.",
            file=file,
            advice=f"A JSON {'object' if kind is dict else 'array'} is expected here.",
        )
    return node


def _categories(node: Any, file: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Give the pairs by line: with ``categories`` below the line, or without that level."""
    for line, holds in _of_kind(node, dict, file).items():
        inner = _of_kind(holds, dict, file).get("categories", holds)
        pairs = []
        for name, category in _of_kind(inner, dict, file).items():
            if not isinstance(category, dict):
                continue  # such as maxSelections
            subs = _of_kind(category.get("subcategories", []), list, file)
            pairs += [(name, str(s["label"] if isinstance(s, dict) else s)) for s in subs]
        yield line, tuple(pairs)


def _fields(folder: Path) -> Iterator[FormField]:
    for name, tab in _TABS.items():
        path = folder / "tabbedForms" / f"{name}.json"
        yield from _form(path, "contacts", ("rawJson", tab))
    for section, form in _sections(folder):
        steps = ("sections", f"{section}[*]", "sectionTypeSpecificData")
        yield from _form(folder / form, "cases", steps)
    yield from _form(folder / "caseForms" / "CaseOverview.json", "cases", ("info",))


def _sections(folder: Path) -> Iterator[tuple[str, str]]:
    path = folder / "CaseSections.json"
    for section, holds in _of_kind(_json(path), dict, path.name).items() if path.is_file() else ():
        form = _of_kind(holds, dict, path.name).get("formPath", "")
        # a path leads to a form of this folder and nowhere else
        if _SECTION.fullmatch(section) and re.fullmatch(r"caseForms/\w+\.json", str(form)):
            yield section, str(form)


def _form(path: Path, source: str, steps: tuple[str, ...]) -> Iterator[FormField]:
    node = _json(path) if path.is_file() else []
    if isinstance(node, dict):  # newer overviews give each field under its name
        node = [{**holds, "name": name} for name, holds in node.items() if isinstance(holds, dict)]
    for item in _of_kind(node, list, path.name):
        name = _of_kind(item, dict, path.name).get("name")
        if isinstance(name, str) and name and "'" not in name:
            kind = str(item.get("type", ""))
            personal = item.get("isPII") is not False
            where = path_of(*steps, name)
            yield FormField(source, where, kind, personal, tuple(_options(item, path.name)))


def _options(item: Mapping[str, Any], file: str) -> Iterator[str]:
    """Give the values to choose from; those of a dependent select for every choice above it."""
    options = item.get("options") or []
    groups = list(options.values()) if isinstance(options, dict) else [options]
    found = [o.get("value") for g in groups for o in _of_kind(g, list, file) if isinstance(o, dict)]
    yield from dict.fromkeys(str(v).strip() for v in found if v is not None and str(v).strip())


def _call_types(folder: Path) -> Iterator[CallType]:
    path = folder / "CallTypeButtons.json"
    for item in _of_kind(_json(path), list, path.name) if path.is_file() else ():
        name, label = str(item.get("name", "")), str(item.get("label", ""))
        yield CallType(name.strip(), label.strip(), item.get("category") == "data")


def _statuses(folder: Path) -> Iterator[str]:
    path = folder / "CaseStatus.json"
    for name, holds in _of_kind(_json(path), dict, path.name).items() if path.is_file() else ():
        value = holds.get("value", name) if isinstance(holds, dict) else name
        yield str(value).strip()


def _channels(folder: Path) -> Iterator[str]:
    path = folder / "tabbedForms" / "ContactlessTaskTab.json"
    node = _json(path) if path.is_file() else {}
    if isinstance(node, dict):
        yield from (str(c).strip() for c in node.get("offlineChannels", []) if str(c).strip())
