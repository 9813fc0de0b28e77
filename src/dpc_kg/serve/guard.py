r"""What a query may not do, found before the engine sees it.

A small tokenizer (SPARQL 1.1 section 19.8, and the marks of 1.2) finds the query's form, refuses
SERVICE and every update, and stops texts that are made to exhaust a parser. It is the first wall,
and its answer for SERVICE is not the last word: ``?a<?b#>'`` is an IRI to a tokenizer and a
comparison to the engine, and the engine reads ``SERVICEex:x{}`` as SERVICE. So wherever the word
stands anywhere in the text, the engine's own parser decides: see ``disguised``.
"""

import re
import secrets
import string
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dpc_kg.serve.problems import Problem

MAX_BYTES = 64 * 1024
MAX_DEPTH = 64
MAX_VALUES = 1_000
MAX_SIGNS = 64
MAX_REPETITION = 2

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
Kind = Literal["iri", "string", "variable", "name", "word", "other", "mark"]

FORMS: dict[str, Form] = {
    "SELECT": "SELECT",
    "ASK": "ASK",
    "CONSTRUCT": "CONSTRUCT",
    "DESCRIBE": "DESCRIBE",
}
UPDATES = frozenset(
    ("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH")
)
PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})

_TOKEN = re.compile(
    r"""
      (?P<skip>   [ \t\r\n]++ | \#[^\r\n]*+ )
    | (?P<iri>    <[^\x00-\x20<>"{}|^`\\]*+> )
    | (?P<string> "{3} (?: "{0,2} (?: [^"\\] | \\. ) )*+ "{3}
                | '{3} (?: '{0,2} (?: [^'\\] | \\. ) )*+ '{3}
                | " (?: [^"\\\r\n] | \\. )*+ " | ' (?: [^'\\\r\n] | \\. )*+ ' )
    | (?P<variable> [?$]\w++ )
    | (?P<name>   (?: [^\W\d_][\w.\-\u00b7]{0,200}+ | _ )? :
                  (?: [\w:.\-\u00b7] | %[0-9A-Fa-f]{2} | \\[^uU\s\w] )*+ )
    | (?P<word>   [^\W\d]\w*+ )
    | (?P<other>  @[A-Za-z0-9\-]++ | \d[\w.]*+ )
    | (?P<mark>   . )
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_SIGNS = frozenset("!+-^")
_REPEATS = frozenset("*+?")
_PATH_MARKS = frozenset("/|^!()*+?")
_SERVICE = re.compile("service", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Token:
    """A piece of a query that is neither space nor comment; ``end`` is the offset after it."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Query:
    """A query that may go to the engine, and what must be known of it to run it.

    ``dataset`` is true where the query names its own graphs (FROM); ``doubtful`` where the engine's
    parser must be asked whether a SERVICE hides in it.
    """

    text: str
    form: Form
    dataset: bool
    doubtful: bool


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of ``text``; anything unknown is a mark of one character."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind != "skip":
            yield Token(kind, match.group(), match.start(), match.end())  # type: ignore[arg-type]


def inspect(text: str) -> Query:
    """Give the query that may run.

    Raises:
        Problem: why it may not, with the HTTP status that says so.
    """
    _check_size(text)
    _check_escapes(text)
    found = _Reader()
    for token in tokens(text):
        found.read(token)
    if found.form is None:
        raise Problem(
            400,
            "query-syntax",
            "The text holds none of SELECT, ASK, CONSTRUCT and DESCRIBE.",
            "Send one SPARQL 1.1 query.",
        )
    return Query(text, found.form, found.dataset, _SERVICE.search(text) is not None)


def disguised(text: str) -> str:
    """Give ``text`` with every "service" replaced by a random word of the same letters' case.

    The engine's parser accepts the result only where no "service" in ``text`` is the keyword: a
    keyword replaced is no keyword, while comments, strings, IRIs and names stay what they were. Two
    names that differed still differ, and nobody can foresee the word.
    """
    letters = [secrets.choice(string.ascii_lowercase) for _ in "service"]

    def replace(match: re.Match[str]) -> str:
        pairs = zip(match.group(), letters, strict=True)
        return "".join(new.upper() if old.isupper() else new for old, new in pairs)

    return _SERVICE.sub(replace, text)


def _check_size(text: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise Problem(
            413,
            "query-size",
            f"The query has {size:,} bytes; {MAX_BYTES:,} are allowed.",
            "Ask in smaller steps; a long list of values is better joined from the data.",
        )
    if "\x00" in text:
        raise Problem(400, "query-syntax", "The query holds a NUL character.", "Remove it.")


class _Reader:
    """Reads tokens one after another and keeps what the decision needs."""

    def __init__(self) -> None:
        self.form: Form | None = None
        self.dataset = False
        self._groups: deque[_Group] = deque([_Group("")])
        self._signs = 0
        self._closed: _Group | None = None
        self._after_values = False
        self._values: int | None = None

    def read(self, token: Token) -> None:
        self._count_signs(token)
        self._count_values(token)
        if token.kind == "word":
            self._word(token.text.upper())
        elif token.kind == "mark":
            self._mark(token)
        self._follow_path(token)

    def _word(self, word: str) -> None:
        if word == "SERVICE":
            raise service()
        if self.form is None and word not in PROLOGUE:
            if word in UPDATES:
                raise update()
            self.form = FORMS.get(word)
            if self.form is None:
                raise Problem(
                    400,
                    "query-syntax",
                    "The query begins with a word that begins no query.",
                    "Begin with PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE.",
                )
        elif word == "FROM" and len(self._groups) == 1:
            self.dataset = True

    def _mark(self, token: Token) -> None:
        if token.text == "\\":
            raise escape(f"There is a backslash outside strings, at character {token.start + 1}.")
        if token.text in _OPEN:
            self._groups.append(_Group(token.text))
            if len(self._groups) - 1 > MAX_DEPTH:
                raise Problem(
                    400,
                    "query-nesting",
                    f"More than {MAX_DEPTH} brackets are open at once.",
                    "Write the query with fewer levels.",
                )

    def _count_signs(self, token: Token) -> None:
        self._signs = self._signs + 1 if token.text in _SIGNS else 0
        if self._signs > MAX_SIGNS:
            raise Problem(
                400,
                "query-nesting",
                f"More than {MAX_SIGNS} signs (! + - ^) stand in a row.",
                "Remove those that cancel each other.",
            )

    def _count_values(self, token: Token) -> None:
        if token.kind == "word" and token.text.upper() == "VALUES":
            self._after_values = True
        elif self._after_values and token.text == "{":
            self._after_values, self._values = False, 0
        elif self._values is not None and token.text == "}":
            self._values = None
        elif self._values is not None and token.kind != "mark":
            self._values += 1
            if self._values > MAX_VALUES:
                raise Problem(
                    413,
                    "query-values",
                    f"A VALUES block lists more than {MAX_VALUES:,} terms.",
                    "Ask in smaller steps.",
                )

    def _follow_path(self, token: Token) -> None:
        """Count how often a repeated path stands in a repeated path: ``((p*)*)*``."""
        group = self._groups[-1]
        closed, self._closed = self._closed, None
        if token.text in _REPEATS and token.kind == "mark":
            depth = 1 + (closed.repetition if closed is not None and closed.is_path else 0)
            group.repetition = max(group.repetition, depth)
            if depth > MAX_REPETITION:
                raise Problem(
                    400,
                    "path-repetition",
                    f"A property path is repeated within more than {MAX_REPETITION} repetitions.",
                    "(p*)* is the same as p*: write the shorter one.",
                )
        elif token.kind == "mark" and token.text in _CLOSE:
            if len(self._groups) > 1:
                self._closed = self._groups.pop()
                self._groups[-1].absorb(self._closed)
        elif token.text not in _OPEN:
            group.see(token)


class _Group:
    """What stands between two brackets: whether it can be a property path, how deep it repeats."""

    def __init__(self, bracket: str) -> None:
        self.is_path = bracket == "("
        self.repetition = 0

    def see(self, token: Token) -> None:
        if token.kind == "mark":
            self.is_path = self.is_path and token.text in _PATH_MARKS
        elif token.kind == "word":
            self.is_path = self.is_path and token.text == "a"
        elif token.kind not in ("iri", "name"):
            self.is_path = False

    def absorb(self, inner: "_Group") -> None:
        if inner.is_path:
            self.repetition = max(self.repetition, inner.repetition)
        else:
            self.is_path = False


def service() -> Problem:
    """Give the refusal of a query that would ask another server."""
    return Problem(
        400,
        "query-service",
        "The query uses SERVICE; this server asks no other server.",
        "Ask each server by itself and join the answers on your side.",
    )


def escape(detail: str) -> Problem:
    """Give the refusal of a backslash where none may be."""
    return Problem(
        400, "query-escape", detail, "Write the letter itself; escapes are for strings only."
    )


def update() -> Problem:
    """Give the refusal of an attempt to change the data by SPARQL."""
    return Problem(
        403,
        "query-update",
        "The request is a SPARQL update; the data cannot be changed here.",
        "Corrections come in as submission packages of the organisation that owns the data.",
    )


def _check_escapes(text: str) -> None:
    """Refuse a text that spells more "service" once its escapes are resolved."""
    if "\\" not in text:
        return
    plain = _ESCAPE.sub(lambda m: _character(m.group(1) or m.group(2)), text)
    if len(_SERVICE.findall(plain)) > len(_SERVICE.findall(text)):
        raise escape("An escape spells a letter of a word that is not allowed.")


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code < 0x110000 else "\ufffd"
