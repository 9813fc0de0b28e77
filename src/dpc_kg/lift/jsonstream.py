"""JSON documents read record by record: an array is never held as a whole.

Numbers keep their own text. What is not well-formed, or ends too early, is refused with its line.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from dpc_kg.lift.paths import json_steps
from dpc_kg.lift.unusable import (
    cut_off,
    empty_file,
    malformed,
    no_record,
    too_deep,
    wrong_encoding,
)
from dpc_kg.lift.walkers import Decimal, Integer, JsonWalker

Step = tuple[str, str]

_ALL: Step = ("all", "")
_WHOLE: tuple[tuple[Step, ...], ...] = ((), (_ALL,))
_TWICE = "A member stands twice in one object, so it is not clear which one is meant."
_CHUNK = 1 << 20
_LONGEST = 1 << 26
_PART = 1 << 17
"""Of how many letters elements are read in one call."""
_TAIL = 16
_SPACE = re.compile(r"[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?=[^ \t\r\n])")
_BEGINNING = re.compile(r'\{[ \t\r\n]*"[^"\\]*"[ \t\r\n]*:')
_BLANK = frozenset(" \t\r\n")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class _Twice(Exception):
    """A member stands twice in one object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Twice
    return made


_DECODER = json.JSONDecoder(
    parse_float=Decimal, parse_int=Integer, parse_constant=Decimal, object_pairs_hook=_unique
)


class _Window:
    """The part of a text that is being read: ``text[at:]`` is what is left of it."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.file = file
        self.name = name
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.text = ""
        self.at = 0
        self.lines = 0
        self.ended = False
        self.after_line_break = False
        self.reached = False
        self.may_be_half = False
        self.between: str | None = ""
        """The text between two elements; "": not yet seen; None: elements are read one by one."""

    def fill(self) -> bool:
        """Read more, forgetting what has been read; False at the end of the file."""
        if self.ended:
            return False
        data = self.file.read(max(_CHUNK, len(self.text) - self.at))
        self.lines += self.text.count("\n", 0, self.at)
        rest = self.text[self.at :]
        self.at = 0
        try:
            more = self.decoder.decode(data, final=not data)
        except UnicodeDecodeError as e:
            line = self.lines + rest.count("\n") + data[: e.start].count(b"\n") + 1
            raise wrong_encoding(self.name, line) from e
        self.ended = not data
        if "\0" in more:
            before = rest.count("\n") + more.count("\n", 0, more.index("\0"))
            raise wrong_encoding(self.name, self.lines + before + 1)
        self.text = rest + more
        # looked for once a window: a pattern over every record costs a tenth of the reading
        self.may_be_half = bool(_SURROGATE.search(self.text))
        return True

    def peek(self) -> str:
        """Give the next character that is not white space; nothing at the end."""
        self.after_line_break = False
        while True:
            match = _SPACE.match(self.text, self.at)
            if match and match.end() > self.at:
                self.after_line_break = self.after_line_break or "\n" in match[0]
                self.at = match.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.fill():
                return ""

    def skip(self, mark: str) -> bool:
        """Read over ``mark`` if it is next."""
        if self.peek() != mark:
            return False
        self.at += 1
        return True

    def skip_comma(self) -> bool:
        """Read over a comma if all of it, and what follows it, is in the window."""
        match = _COMMA.match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        return True

    def value(self) -> Any:
        """Read one value.

        Raises:
            SourceError: it is not well-formed, cut off, too deep, or has a member twice.
        """
        if self.at == len(self.text) or self.text[self.at] in _BLANK:
            self.peek()
        while True:
            try:
                node, end = _DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as e:
                if self._may_go_on(e) and self.fill():
                    continue
                raise self.syntax(e.pos) from e
            except RecursionError as e:
                raise too_deep(self.name, line=self.line()) from e
            except _Twice as e:
                raise malformed(self.name, self.line(), _TWICE) from e
            # a number that ends with the window may go on behind it
            if end == len(self.text) and not self.ended and self.fill():
                continue
            if self.may_be_half and not self._is_whole(node, end):
                raise wrong_encoding(self.name, self.line())
            self.at = end
            return node

    def several(self) -> list[Any]:
        """Read elements of an array in one call: none where that is not to be had.

        What is between two elements, and how the second begins, says where one may end; that the
        text up to there is well-formed proves that it does.
        """
        if not self.between or self.may_be_half:
            return []
        cut = self.text.rfind(self.between, self.at, self.at + _PART)
        if cut <= self.at:
            return []
        try:
            nodes: list[Any] = _DECODER.decode(f"[{self.text[self.at : cut + 1]}]")
        except (ValueError, RecursionError, _Twice):
            # one by one the fault is found, and its line
            self.between = None
            return []
        self.at = cut + 1
        return nodes

    def note_between(self, ended: int) -> None:
        """Take down what is between two elements, of which one ended there and one is next."""
        if self.between == "" and 0 < ended < self.at:
            self.between = None
            match = _BEGINNING.match(self.text, self.at)
            if match and self.text[ended - 1] == "}":
                self.between = self.text[ended - 1 : match.end()]

    def _is_whole(self, node: Any, end: int) -> bool:
        """Tell whether no text of a value has half a letter (a lone surrogate)."""
        return _SURROGATE.search(self.text, self.at, end) is None or _encodes(node)

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Tell whether what is wrong may only be that the window ends here."""
        if len(self.text) - self.at > _LONGEST:
            raise malformed(self.name, self.line(), f"A record is longer than {_LONGEST} letters.")
        return error.msg.startswith("Unterminated") or error.pos >= len(self.text) - _TAIL

    def line(self, at: int | None = None) -> int:
        """Give the line of a place in the window."""
        return self.lines + self.text.count("\n", 0, self.at if at is None else at) + 1

    def syntax(self, at: int) -> Exception:
        """Give the error of what is not well-formed at ``at``: cut off, or something else."""
        rest = self.text[at:].strip()
        # An unclosed string starts long before the end: what is left must hold no closing quote.
        open_string = rest.startswith('"') and '"' not in rest[1:]
        if not rest or open_string or _unclosed(self.text[self.at :]):
            return cut_off(self.name, self.line(at))
        return malformed(self.name, self.line(at), "This is not well-formed JSON.")

    def refuse(self) -> Exception:
        """Give the error of an unexpected character, or of the end, where the window stands."""
        return self.syntax(self.at)


def json_records(file: IO[bytes], iterator: str, name: str) -> Iterator[Any]:
    """Give the records an iterator reaches, or those of a file with one record a line.

    A list without an element gives none; that there is no such list is an error.

    Raises:
        SourceError: empty, not UTF-8, not well-formed, cut off, too deep, nothing where the
            iterator points.
    """
    window = _Window(file, name)
    if not window.peek():
        raise empty_file(name)
    steps = json_steps(iterator)
    for node in _reach(window, steps, top=True):
        window.reached = True
        yield node
    if not window.reached:
        raise no_record(name, iterator)
    # one record a line
    while steps in _WHOLE and window.peek() == "{" and window.after_line_break:
        yield window.value()
    if window.peek():
        raise window.refuse()


def _reach(window: _Window, steps: tuple[Step, ...], *, top: bool = False) -> Iterator[Any]:
    """Give the nodes steps reach from the value that is next, and read to its end.

    At the top an array is its elements and an object is a record, with or without ``[*]``: an
    export of one record and one of many are read alike.
    """
    first = window.peek()
    if top and steps in _WHOLE and first in ("[", "{"):
        if first == "{":
            yield window.value()
        else:
            yield from _elements(window, ())
    elif steps and steps[0][0] == "name" and first == "{":
        yield from _member(window, steps[0][1], steps[1:])
    elif steps and steps[0] == _ALL and first == "[":
        yield from _elements(window, steps[1:])
    else:
        yield from JsonWalker().walk(window.value(), steps)


def _member(window: _Window, wanted: str, steps: tuple[Step, ...]) -> Iterator[Any]:
    """Give what is reached through one member of the object that is next; the others are read."""
    window.skip("{")
    seen: set[str] = set()
    while not window.skip("}"):
        if seen and not window.skip(","):
            raise window.refuse()
        if window.peek() != '"':
            raise window.refuse()
        key = window.value()
        if key in seen:
            raise malformed(window.name, window.line(), _TWICE)
        seen.add(key)
        if not window.skip(":"):
            raise window.refuse()
        if key == wanted:
            yield from _reach(window, steps)
        else:
            window.value()


def _elements(window: _Window, steps: tuple[Step, ...]) -> Iterator[Any]:
    """Give what is reached through each element of the array that is next."""
    window.skip("[")
    window.reached = window.reached or window.peek() == "]"
    if window.skip("]"):
        return
    while True:
        if steps:
            yield from _reach(window, steps)
        else:
            yield from window.several() or (window.value(),)
        ended = window.at
        if window.skip_comma():
            window.note_between(ended)
            continue
        if window.skip("]"):
            return
        if not window.skip(","):
            raise window.refuse()


def _encodes(node: Any) -> bool:
    try:
        json.dumps(node, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _unclosed(text: str) -> bool:
    """Tell whether more brackets open than close outside of strings."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*("|$)', "", text, flags=re.DOTALL)
    return bare.count("{") + bare.count("[") > bare.count("}") + bare.count("]")
