"""What a SHACL run gives, in one form for every engine.

Terms are strings: an IRI without brackets, ``_:label`` for a blank node, N-Triples for a literal.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dpc_kg.base.vocab import SH, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VIOLATION = SH + "Violation"


@dataclass(frozen=True)
class Result:
    """One SHACL validation result (SHACL 1.0, section 3.6).

    ``path`` is an IRI, or a SPARQL property path where the shape has more than one predicate;
    ``component`` and ``severity`` are IRIs; ``inner`` names the shapes that failed inside an
    ``sh:node``, where the engine gives them (it takes no part in comparison).
    ``value`` may be sensitive: it belongs in no message.
    """

    focus: str
    path: str | None
    value: str | None
    component: str
    source_shape: str | None
    severity: str
    inner: tuple[str, ...] = field(default=(), compare=False)

    @property
    def rule(self) -> str:
        """The local name of the source shape, as in ``HelplineContactShape-receivedAt``."""
        return local_name(self.source_shape or "")

    @property
    def is_violation(self) -> bool:
        """Whether the record is refused for it; warnings and infos refuse nothing."""
        return self.severity == VIOLATION

    @property
    def order(self) -> tuple[str, ...]:
        """A sortable key."""
        parts = (self.focus, self.source_shape, self.component, self.path, self.value)
        return (*(part or "" for part in parts), self.severity)


@dataclass(frozen=True)
class ShaclRun:
    """The outcome of one run: distinct results in a fixed order, and how many nodes were met.

    ``shapes`` are the files the messages come from; ``chunks`` how many pieces the data was cut in.
    """

    results: tuple[Result, ...]
    focus_nodes: int
    engine: str
    shapes: tuple["Path", ...] = field(default=(), compare=False)
    chunks: int = field(default=1, compare=False)

    @property
    def conforms(self) -> bool:
        """Whether there is no result of any severity (SHACL 1.0, section 3.6.1.1)."""
        return not self.results

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that refuse a record."""
        return tuple(result for result in self.results if result.is_violation)


@dataclass(frozen=True)
class Met:
    """What a run met whose results were handed over: as in `ShaclRun`, without a verdict."""

    focus_nodes: int
    engine: str
    shapes: tuple["Path", ...]
    chunks: int = 1


def distinct(results: "Iterable[Result]") -> tuple[Result, ...]:
    """Give the results once each, sorted."""
    return tuple(sorted(dict.fromkeys(results), key=lambda result: result.order))


def bare(term: str) -> str:
    """Give an N-Triples term in the form used here.

    >>> bare("<https://example.org/a>"), bare("_:b"), bare('"a"@en')
    ('https://example.org/a', '_:b', '"a"@en')
    """
    return term[1:-1] if term.startswith("<") else term


def simple_path(path: str | None) -> str | None:
    """Give a SPARQL property path, without brackets where it is one predicate.

    >>> simple_path("<https://example.org/p>"), simple_path("^<https://example.org/p>")
    ('https://example.org/p', '^<https://example.org/p>')
    """
    if path and path.startswith("<") and path.endswith(">") and path.count("<") == 1:
        return path[1:-1]
    return path
