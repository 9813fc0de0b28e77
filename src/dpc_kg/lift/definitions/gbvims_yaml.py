"""The part of YAML in which locale files are written: nested names, single-line texts, plain lists.

Everything else (anchors, tags, flow forms, texts over several lines, tabs) is refused with its
line: a file that would have to be guessed at is none that decides what a column is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from dpc_kg.base.errors import MappingError

Tree = dict[str, "Tree | Leaf"]
"""Names with texts, lists or further names under them."""
Leaf = str | list[str] | None

_KEY = re.compile(r"""(?:"([^"\\]*)"|'([^']*)'|([^\s'"#&*!|>%@`\[\]{},:?-][^:#]*?))\s*:(?:\s+|$)""")
_PLAIN_NOT = tuple("'\"&*!|>%@`[]{},#?")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?')
_SINGLE = re.compile(r"'((?:[^']|'')*)'\s*(?:#.*)?")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
_ESCAPED = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t"}
_NULLS = {"", "~", "null"}
_LARGEST = 4_000_000


@dataclass(frozen=True)
class _Line:
    number: int
    indent: int
    text: str


@dataclass
class _Open:
    """A level that is being filled: what stands below ``key`` of ``node``, ``inner`` blanks in."""

    indent: int
    node: Tree
    key: str | None = None
    inner: int | None = None


def read_locale(path: Path) -> Tree:
    """Give the names and texts of a locale file.

    Raises:
        MappingError: it is too large, not UTF-8, or written in another way; names file and line.
    """
    if path.stat().st_size > _LARGEST:
        raise MappingError("This locale file is too large.", file=path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as e:
        raise MappingError("This locale file is not UTF-8.", file=path.name) from e
    return _Reader(path.name).read(text)


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, text: str) -> Tree:
        root: Tree = {}
        levels = [_Open(-1, root)]
        for line in self._lines(text):
            if line.text == "-" or line.text.startswith("- "):
                self._item(levels, line)
            else:
                self._name(levels, line)
        return root

    def _lines(self, text: str) -> Iterator[_Line]:
        for number, raw in enumerate(text.split("\n"), start=1):
            body = raw.strip()
            if not body or body.startswith("#") or (raw.rstrip() == "---" and number == 1):
                continue
            indent = len(raw) - len(raw.lstrip(" "))
            if raw[indent] in "\t\u00a0":
                self._fail(number, "Indent with blanks.")
            yield _Line(number, indent, body)

    def _name(self, levels: list[_Open], line: _Line) -> None:
        """Take a line ``name: text`` or ``name:`` into the level that it stands in."""
        found = _KEY.match(line.text)
        if found is None:
            self._fail(line.number, "Write each entry as a name, a colon and a text.")
        while levels[-1].indent >= line.indent:
            levels.pop()
        node = self._under(levels[-1], line)
        key = next(g for g in found.groups() if g is not None)
        if key in node:
            self._fail(line.number, "Give each name once.")
        value = self._text(line.text[found.end() :], line.number)
        node[key] = value
        if value is None:
            levels.append(_Open(line.indent, node, key))

    def _under(self, level: _Open, line: _Line) -> Tree:
        """Give the names below a level, of which this may be the first."""
        if level.key is None:
            siblings = level.node
        else:
            held = level.node[level.key]
            if held is None:
                held = level.node[level.key] = {}
            if not isinstance(held, dict):
                self._fail(line.number, "A list holds texts only.")
            siblings = held
        if level.inner is None:
            level.inner = line.indent
        if level.inner != line.indent:
            self._fail(line.number, "Indent names of one level alike.")
        return siblings

    def _item(self, levels: list[_Open], line: _Line) -> None:
        """Take a line ``- text`` into the list of the name above it."""
        while levels[-1].indent > line.indent:
            levels.pop()
        level = levels[-1]
        if level.key is None:
            self._fail(line.number, "A list stands below a name.")
        held = level.node[level.key]
        if held is None:
            held = level.node[level.key] = []
        if not isinstance(held, list):
            self._fail(line.number, "A name holds names or a list, not both.")
        held.append(self._text(line.text[1:].strip(), line.number) or "")

    def _text(self, given: str, number: int) -> str | None:
        """Give the text of an entry; None where it has none."""
        double, single = _DOUBLE.fullmatch(given), _SINGLE.fullmatch(given)
        if double:
            return _ESCAPE.sub(lambda m: self._escaped(m[1], number), double[1])
        if single:
            return single[1].replace("''", "'")
        if given.startswith("#"):
            return None
        plain = re.split(r"\s#", given, maxsplit=1)[0].strip()
        if plain.startswith(_PLAIN_NOT) or ": " in plain or plain.endswith(":"):
            self._fail(number, "Put this text into quotation marks, on one line.")
        return None if plain in _NULLS else plain

    def _escaped(self, mark: str, number: int) -> str:
        if mark.startswith("u"):
            return chr(int(mark[1:], 16))
        if mark not in _ESCAPED:
            self._fail(number, "Write the character itself.")
        return _ESCAPED[mark]

    def _fail(self, number: int, advice: str) -> NoReturn:
        raise MappingError(
            "This line is not written as locale files are.",
            file=self.name,
            line=number,
            advice=advice,
        )
