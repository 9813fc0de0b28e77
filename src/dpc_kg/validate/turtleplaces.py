"""The triples of Turtle, TriG, N-Triples and N-Quads in the order of the text, with their places.

The parser says what the triples are; the tokens say where they are; the two are gone through side
by side, and each triple must agree with its tokens. Where they differ, or the text has something
not known here (RDF 1.2, say), there are no places rather than wrong ones.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF, RDF_TYPE
from dpc_kg.validate.turtletokens import Token, Unfamiliar, content, tokens, unescaped

_RDF_TERMS = {name: RDF + name for name in ("nil", "first", "rest")}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_BASES = ("@base", "base")
_PREFIXES = ("@prefix", "prefix")


class Placed(NamedTuple):
    """A triple, and the offsets in characters at which its subject and its object begin."""

    triple: ox.Triple
    subject: int
    object: int


def placed(text: str, triples: Iterator[ox.Triple]) -> Iterator[Placed]:
    """Give the triples of a well-formed text with their places.

    Raises:
        Unfamiliar: text and triples cannot be brought together from here on.
    """
    reader, names = _Reader(text), _Names()
    while (groups := reader.statement()) is not None:
        for group in groups:
            found = list(islice(triples, len(group)))
            for triple, (subject, _, value) in zip(
                found, names.agreeing(group, found, reader.prefixes), strict=True
            ):
                yield Placed(triple, subject.start, value.start)
    if next(triples, None) is not None:
        raise Unfamiliar


_Statement = tuple[Token, Token, Token]


class _Reader:
    """Reads tokens into statements.

    They are given in groups, one for each token that completes any: the parser gives the triples
    of one token in the reverse order. A text is complete only at the token after it, since a
    language or datatype may follow.
    """

    def __init__(self, text: str) -> None:
        self.prefixes: dict[str, str] = {}
        self._tokens = tokens(text)
        self._next = next(self._tokens)
        self._in_graph = False
        self._nodes = 0
        self._groups: list[list[_Statement]] = []
        self._now: list[_Statement] = []
        self._pending: list[_Statement] = []

    def statement(self) -> list[list[_Statement]] | None:
        """Give the groups of the next statement or directive, none of one without; at the end None.

        Raises:
            Unfamiliar: something is not known here.
        """
        if self._next.kind == "end":
            return None
        self._groups, self._now = [], []
        if self._is_directive():
            self._directive()
        elif self._next.text == "}" and self._in_graph:
            self._take()
            self._in_graph = False
        elif not self._graph():
            self._triples()
        self._flush()
        return self._groups

    def _take(self) -> Token:
        """Take the next token: what follows belongs to its group."""
        token = self._next
        if token.kind == "end":
            raise Unfamiliar
        self._flush()
        self._now, self._pending = self._pending, []
        self._next = next(self._tokens)
        return token

    def _flush(self) -> None:
        if self._now:
            self._groups.append(self._now)
            self._now = []

    def _expect(self, sign: str) -> None:
        if self._take().text != sign:
            raise Unfamiliar

    def _state(self, subject: Token, predicate: Token, value: Token) -> None:
        late = value.kind == "text" and not value.suffix
        (self._pending if late else self._now).append((subject, predicate, value))

    def _is_directive(self) -> bool:
        kind, text = self._next.kind, self._next.text.lower()
        return kind in ("at", "word") and text in (*_BASES, *_PREFIXES)

    def _directive(self) -> None:
        word = self._take().text
        name = self._take().text[:-1] if word.lower() in _PREFIXES else None
        iri = self._take()
        if iri.kind != "iri":
            raise Unfamiliar
        if name is not None:
            self.prefixes[name] = unescaped(iri.text[1:-1])
        if word.startswith("@"):
            self._expect(".")

    def _graph(self) -> bool:
        """Take the head of a graph, as far as it cannot be the subject of a triple."""
        if self._next.kind == "word" and self._next.text.lower() == "graph":
            self._take()
            self._term()
        if self._next.text == "{":
            self._open()
            return True
        return False

    def _open(self) -> None:
        if self._in_graph:
            raise Unfamiliar
        self._expect("{")
        self._in_graph = True

    def _triples(self) -> None:
        """Take the triples of one subject, or the name of a graph with its brace."""
        bare_list = self._next.text == "["
        subject = self._term()
        if self._next.text == "{":
            self._open()
            return
        if not (bare_list and self._next.text in (".", "}")):
            self._predicates(subject)
        if self._next.text == ".":
            self._take()
        elif not (self._in_graph and self._next.text == "}"):
            raise Unfamiliar

    def _predicates(self, subject: Token) -> None:
        while True:
            predicate = self._take()
            if predicate.kind not in ("iri", "name") and predicate.text != "a":
                raise Unfamiliar
            self._object(subject, predicate)
            while self._next.text == ",":
                self._take()
                self._object(subject, predicate)
            if self._next.text != ";":
                break
            while self._next.text == ";":
                self._take()
            if self._next.text in (".", "]", "}"):
                break
        self._graph_of_quad()

    def _graph_of_quad(self) -> None:
        """Pass over the graph of a line of N-Quads."""
        if self._next.kind in ("iri", "blank"):
            self._take()
            if self._next.text != ".":
                raise Unfamiliar

    def _object(self, subject: Token, predicate: Token) -> None:
        if self._next.text == "(" and self._next.kind == "sign":
            self._collection((subject, predicate))
        else:
            self._state(subject, predicate, self._term())

    def _term(self) -> Token:
        """Take a term; what is stated inside its brackets is stated first."""
        token = self._next
        if token.text == "(" and token.kind == "sign":
            return self._collection(None)
        self._take()
        if token.text == "[" and token.kind == "sign":
            node = self._node(token.start)
            if self._next.text != "]":
                self._predicates(node)
            self._expect("]")
            return node
        if token.kind == "text":
            return self._with_suffix(token)
        known = token.kind in ("iri", "name", "blank", "number")
        if known or token.text in ("true", "false"):
            return token
        raise Unfamiliar

    def _with_suffix(self, token: Token) -> Token:
        if self._next.kind == "at":
            return token._replace(suffix=self._take().text)
        if self._next.kind == "typed":
            self._take()
            datatype = self._take()
            if datatype.kind not in ("iri", "name"):
                raise Unfamiliar
            return token._replace(suffix=datatype.text)
        return token

    def _collection(self, link: tuple[Token, Token] | None) -> Token:
        """Take a list; ``link`` is what it is the value of, stated as soon as it has a member."""
        opened = self._take().start
        node: Token | None = None
        head = Token("nil", "", opened)
        while self._next.text != ")" or self._next.kind != "sign":
            member = self._node(opened if node is None else self._next.start)
            # stated with the first token of the member, with which more may be stated
            before = (*link, member) if link else None
            if node is None:
                head = member
            else:
                before = (node, Token("rest", "", 0), member)
            self._member(member, before)
            node = member
        closed = self._take().start
        if node is not None:
            self._state(node, Token("rest", "", 0), Token("nil", "", closed))
        elif link:
            self._state(*link, head)
        return head

    def _member(self, node: Token, before: _Statement | None) -> None:
        """Take a member of a list, after what is stated with its first token."""
        if before:
            self._pending.append(before)
        self._object(node, Token("first", "", 0))

    def _node(self, start: int) -> Token:
        self._nodes += 1
        return Token("node", str(self._nodes), start)


class _Names:
    """Which node of the parser each node of the text is."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], ox.BlankNode] = {}
        self._used: set[ox.BlankNode] = set()

    def agreeing(
        self, group: list[_Statement], triples: list[ox.Triple], prefixes: dict[str, str]
    ) -> list[_Statement]:
        """Give the statements of a group in the order of the triples.

        Raises:
            Unfamiliar: they are not the same.
        """
        for order in (group[::-1], group) if len(group) > 1 else (group,):
            new: dict[tuple[str, str], ox.BlankNode] = {}
            if len(order) == len(triples) and all(
                self._same(token, term, prefixes, new)
                for statement, triple in zip(order, triples, strict=True)
                for token, term in zip(statement, triple, strict=True)
            ):
                self._known |= new
                self._used |= set(new.values())
                return order
        raise Unfamiliar

    def _same(
        self,
        token: Token,
        term: object,
        prefixes: dict[str, str],
        new: dict[tuple[str, str], ox.BlankNode],
    ) -> bool:
        if isinstance(term, ox.BlankNode):
            key = (token.kind, token.text)
            known = self._known.get(key) or new.get(key)
            if known is not None or token.kind not in ("blank", "node"):
                return known == term
            new[key] = term
            return term not in self._used
        if isinstance(term, ox.NamedNode):
            return same_iri(token, term.value, prefixes)
        return isinstance(term, ox.Literal) and same_literal(token, term, prefixes)


def same_iri(token: Token, iri: str, prefixes: dict[str, str]) -> bool:
    """Tell whether a token names an IRI; of a relative one, whether its last part does."""
    if token.kind == "iri":
        written = unescaped(token.text[1:-1])
    elif token.kind == "name":
        prefix, _, local = token.text.partition(":")
        written = prefixes.get(prefix, "") + unescaped(local)
    else:
        return iri == (RDF_TYPE if token.text == "a" else _RDF_TERMS.get(token.kind))
    return written == iri or (not _SCHEME.match(written) and _ends(iri, written))


def same_literal(token: Token, literal: ox.Literal, prefixes: dict[str, str]) -> bool:
    """Tell whether a token writes a literal."""
    if token.kind != "text":
        return token.kind in ("number", "word") and token.text == literal.value
    if content(token.text) != literal.value:
        return False
    if token.suffix.startswith("@"):
        return token.suffix[1:].lower() == (literal.language or "").lower()
    if not token.suffix:
        return literal.language is None
    kind = "iri" if token.suffix.startswith("<") else "name"
    return same_iri(Token(kind, token.suffix, 0), literal.datatype.value, prefixes)


def _ends(iri: str, relative: str) -> bool:
    """Tell whether an IRI may come of a relative one: all after its last slash stays as it is."""
    last = relative.rpartition("/")[2]
    return last in (".", "..") or iri.endswith(last)
