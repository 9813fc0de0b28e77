"""The definitions of a GBVIMS+ deployment: headers, labels and months of its own locale files.

``--definitions`` names a folder with the deployment's locale files (``*.yml``): those of the
Incident Recorder (Primero, AGPL-3.0: read at run time, never kept here), those with the names of
months (``date.abbr_month_names``), in one or several languages; and, if it has, a ``codes.csv`` of
the same form as the mapping's with the labels of its own value lists.
"""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.definitions import CodeRow, Definitions
from dpc_kg.lift.definitions.gbvims_yaml import Leaf, Tree, read_locale
from dpc_kg.lift.privacy import read_codes, read_fields

_RECORDER = ("exports", "incident_recorder_xls")
_MONTHS = ("date", "abbr_month_names")
_MONTH = "month"
_NAMES_OF_EXPORT = frozenset({"all", "one", "selected"})
_KEY = re.compile(r"\{([^}]+)\}")
_YEAR = 13
"""The names of months in a locale file: none for nought, then twelve."""


@dataclass
class _Found:
    """What is gathered of all files; a contradiction between them is refused."""

    own: list[CodeRow]
    optional: set[str]
    titles: dict[str, str] = field(default_factory=dict)
    codes: dict[tuple[str, str], CodeRow] = field(default_factory=dict)
    unmatched: Counter[str] = field(default_factory=Counter)

    def title(self, text: str, key: str, file: str) -> None:
        """Take a header; two columns of which an export has either may share one."""
        known = self.titles.setdefault(text, key)
        if known != key and not {known, key} <= self.optional:
            raise MappingError(
                f"The columns {known} and {key} have the same header.",
                file=file,
                advice="Name a folder with the files of one language.",
            )

    def code(self, name: str, value: str, code: str | None, file: str) -> None:
        """Take a label of a list."""
        scheme = next((row.scheme for row in self.own if row.list == name), "")
        known = self.codes.setdefault((name, value), CodeRow(name, value, code, scheme))
        if known.code != code:
            raise MappingError(
                f"A label of the list {name} stands for two things.",
                file=file,
                term=name,
                advice="Name a folder with the files of one language.",
            )


def read(folder: Path, mapping_folder: Path) -> Definitions:
    """Give headers and labels of the deployment's locale files and of its own ``codes.csv``.

    Raises:
        MappingError: no locale file is there, or one cannot be used; names the file and line.
    """
    files = sorted(p for p in folder.glob("*") if p.suffix in {".yml", ".yaml"})
    decisions = read_fields(mapping_folder)
    optional = decisions.optional("incident-data") if decisions is not None else set()
    found = _Found(read_codes(mapping_folder), optional)
    labels = list(_labels(mapping_folder))
    for path in files:
        _take(found, labels, path)
    codes = found.codes | {(row.list, row.value): row for row in _own_codes(found, folder)}
    for row in codes.values():
        found.unmatched[row.list] += row.code is None
    if not files and not codes:
        raise MappingError(
            "There is no locale file in this folder.",
            file=folder.name,
            advice="Put the deployment's locale files (*.yml) of the Incident Recorder there.",
        )
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:16]
    return Definitions(
        digest,
        (*codes.values(), *_english_months(found, set(codes))),
        (),
        {"incident-data": found.titles, "menu-data": found.titles},
        {name: count for name, count in found.unmatched.items() if count},
    )


def _english_months(found: _Found, named: set[tuple[str, str]]) -> list[CodeRow]:
    """Give the mapping's own months where others are named: an export may be in English still."""
    if not any(name == _MONTH for name, _ in named):
        return []
    return [r for r in found.own if r.list == _MONTH and (_MONTH, r.value) not in named]


def _take(found: _Found, labels: list[tuple[str, str, str]], path: Path) -> None:
    """Take what one file says; it says something in each of its languages."""
    for tree in read_locale(path).values():
        recorder, months = _at(tree, _RECORDER), _at(tree, _MONTHS)
        if not isinstance(recorder, dict) and not isinstance(months, list):
            raise MappingError(
                "This file holds neither the Incident Recorder's words nor names of months.",
                file=path.name,
                advice=f"It should have {'.'.join(_RECORDER)} or {'.'.join(_MONTHS)}.",
            )
        if isinstance(recorder, dict):
            _take_recorder(found, labels, recorder, path.name)
        if isinstance(months, list):
            _take_months(found, months, path.name)


def _take_recorder(
    found: _Found, labels: list[tuple[str, str, str]], recorder: Tree, file: str
) -> None:
    texts = dict(_flat(recorder))
    for key, text in texts.items():
        if key.startswith("headers."):
            found.title(text, key.removeprefix("headers."), file)
    used: set[str] = set()
    for name, label, code in labels:
        keys = _KEY.findall(label)
        used |= set(keys)
        if all(key in texts for key in keys):
            value = _KEY.sub(lambda m: texts[m[1]], label)
            found.code(name, value, code or None, file)
    for key in texts:
        group = key.partition(".")[0]
        if group != "headers" and not key.endswith(".header") and key not in used:
            found.unmatched[group] += group not in _NAMES_OF_EXPORT


def _take_months(found: _Found, months: list[str], file: str) -> None:
    if len(months) != _YEAR or months[0] or not all(months[1:]):
        raise MappingError(
            "The names of months are not twelve.",
            file=file,
            advice="Give an empty entry and twelve names, as locale files do.",
        )
    for number, name in enumerate(months[1:], start=1):
        found.code(_MONTH, name.strip(), f"{number:02d}", file)


def _own_codes(found: _Found, folder: Path) -> list[CodeRow]:
    """Give the rows of the deployment's own lists; they go before those of the locale files."""
    path = folder / "codes.csv"
    if not path.is_file():
        return []
    try:
        header = next(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()), [])
    except UnicodeDecodeError as e:
        raise MappingError(
            "This file is not UTF-8.", file=path.name, advice="Save it as CSV UTF-8."
        ) from e
    if header != ["list", "value", "code", "scheme"]:
        raise MappingError(
            "The columns of this file are not list, value, code and scheme.", file=path.name
        )
    rows = read_codes(folder)
    unknown = sorted({row.list for row in rows} - {row.list for row in found.own})
    if unknown:
        raise MappingError(
            "The mapping has no list of this name.",
            file=path.name,
            term=unknown[0],
            advice=f"Its lists: {', '.join(sorted({row.list for row in found.own}))}.",
        )
    return rows


def _labels(mapping_folder: Path) -> Iterator[tuple[str, str, str]]:
    """Give (list, label, code) of ``labels.csv``; keys of locale files stand in braces there."""
    with (mapping_folder / "labels.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield row["list"], row["label"], row["code"]


def _at(tree: Tree | Leaf, keys: tuple[str, ...]) -> Tree | Leaf:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _flat(tree: Tree, above: str = "") -> Iterator[tuple[str, str]]:
    """Give every text of a tree by its keys, joined by full stops."""
    for key, held in tree.items():
        if isinstance(held, dict):
            yield from _flat(held, f"{above}{key}.")
        elif isinstance(held, str) and held.strip():
            yield f"{above}{key}", held.strip()
