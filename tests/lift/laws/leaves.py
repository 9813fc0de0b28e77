"""What a walk over an export visits, and what it is told of the source it walks over."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dpc_kg.lift.paths import member
from dpc_kg.lift.plan import Plan, Source
from dpc_kg.lift.privacy import Decisions


@dataclass
class Leaf:
    """A filled cell; ``set`` changes it.

    Of a cell with a literal the whole and its members are visited: ``part`` says which it is.
    """

    source: str
    file: Path
    row: int
    path: str
    text: str
    set: Callable[[str], None] = field(repr=False)
    part: str = "cell"

    @property
    def column(self) -> str:
        """Give the column of a member of a cell."""
        return re.split(r"[.\[]", self.path)[0]


@dataclass(frozen=True)
class Walk:
    """A walk over one file of a source; with ``undeclared`` each record gets one more member."""

    plan: Plan
    source: Source
    decisions: Decisions
    path: Path
    visit: Callable[[Leaf], None]
    undeclared: Callable[[], str] | None = None

    def leaf(
        self, row: int, path: str, text: str, put: Callable[[str], None], part: str = "cell"
    ) -> None:
        """Visit one leaf."""
        self.visit(Leaf(self.source.given, self.path, row, path, text, put, part))

    def members(self, row: int, at: str, node: Any, part: str = "cell") -> None:
        """Visit the members of an object or a list, at any depth."""
        for name, holder, key in self._inner(at, node):
            value = holder[key]
            if isinstance(value, dict | list):
                self.members(row, name, value, part)
            elif value is not None and str(value).strip():
                self.leaf(row, name, str(value), setter(holder, key), part)

    @cached_property
    def _particular(self) -> set[str]:
        """The paths with a row of their own that choose an entry of a list by a member of it."""
        return {d.path for d in self.decisions.decisions if "=" in d.path}

    def _inner(self, at: str, node: Any) -> Iterator[tuple[str, Any, Any]]:
        if isinstance(node, list):
            for place, entry in enumerate(node):
                if isinstance(entry, dict):
                    yield from ((self._entry(at, entry, str(k)), entry, k) for k in list(entry))
                else:
                    yield f"{at}[*]", node, place
        else:
            yield from ((member(at, str(key)), node, key) for key in list(node))

    def _entry(self, at: str, entry: dict[str, Any], key: str) -> str:
        """Give the path of an entry's member: that of a row for such entries, else of any entry."""
        for name, value in entry.items():
            path = member(f"{at}[{name}={value}]", key)
            if path in self._particular:
                return path
        return member(f"{at}[*]", key)


def setter(node: Any, key: Any) -> Callable[[str], None]:
    """Give what sets a member of an object, an entry of a list or an attribute of an element."""

    def put(text: str) -> None:
        node[key] = text

    return put
