"""The parts of the checks, found by glob: a Python file or a query each, numbered by its name.

``checks/c07_labels.py`` has ``TITLE``, ``TOOL`` and ``run(context) -> Outcome``, and where it must
``NEEDS`` (``shared``, ``environment``, ``time``). ``queries/quality/c12-cycles.rq`` must return no
row; its line ``# looks at: classes: PATTERN`` says which ``?it`` it looks at.
"""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dpc_kg.base.vocab import local_name
from dpc_kg.store.catalogue import find
from tests.quality.context import Context
from tests.quality.tree import REPOSITORY

HERE = Path(__file__).resolve().parent
QUERIES = REPOSITORY / "queries" / "quality"
CUBE = 42
"""The check whose queries ask the data cube, not the model."""

_NUMBER = re.compile(r"c(\d\d)[_-]")
_LOOKS_AT = re.compile(r"^# looks at: ([^:]+): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What a part saw: how many of what, and what is wrong with them."""

    looked_at: int
    what: str
    problems: tuple[str, ...] = ()
    figure: str = ""
    """Said in place of "problems of looked_at what"."""

    @property
    def ok(self) -> bool:
        """Nothing wrong; to have looked at nothing is no pass."""
        return self.looked_at > 0 and not self.problems

    def said(self) -> str:
        """Give the figure as one phrase."""
        if self.figure and not self.problems:
            return self.figure
        return f"{len(self.problems)} of {self.looked_at} {self.what}"


@dataclass(frozen=True)
class Part:
    """One way in which a numbered check looks."""

    number: int
    name: str
    title: str
    tool: str
    needs: frozenset[str]
    run: Callable[[Context], Outcome]

    @property
    def fast(self) -> bool:
        """Needs nothing but the checkout, and little time."""
        return not self.needs


def parts() -> list[Part]:
    """Give all parts, by number and name."""
    found = [_from_module(path) for path in sorted((HERE / "checks").glob("c*.py"))]
    found += [_from_query(path) for path in sorted(QUERIES.glob("c*.rq"))]
    return sorted(found, key=lambda part: (part.number, part.name))


def part(name: str) -> Part:
    """Give the part of a file's name without its ending."""
    return next(each for each in parts() if each.name == name)


def _number(path: Path) -> int:
    match = _NUMBER.match(path.name)
    assert match, f"{path.name} has no number"
    return int(match[1])


def _from_module(path: Path) -> Part:
    module = importlib.import_module(f"tests.quality.checks.{path.stem}")
    needs = frozenset(getattr(module, "NEEDS", ()))
    return Part(_number(path), path.stem, module.TITLE, module.TOOL, needs, module.run)


def _from_query(path: Path) -> Part:
    query = find(path.stem)
    assert query.contract == "none", f"{path.name} must return no row"
    looks = _LOOKS_AT.search(query.text)
    assert looks, f"{path.name} does not say what it looks at"
    what, pattern = looks[1], looks[2]

    def run(context: Context) -> Outcome:
        store = context.cube if _number(path) == CUBE else context.store
        prefixes = "\n".join(re.findall(r"^PREFIX .*$", query.text, re.MULTILINE))
        count = f"{prefixes}\nSELECT (COUNT(DISTINCT ?it) AS ?n) WHERE {{ {pattern} }}"
        looked_at = int(next(iter(context.rows(count, store)))["n"])
        problems = tuple(_problem(row) for row in context.rows(query.text, store))
        return Outcome(looked_at, what, problems)

    return Part(_number(path), path.stem, query.title, "SPARQL", frozenset(), run)


def _problem(row: dict[str, str]) -> str:
    return ", ".join(f"{name}: {_short(value)}" for name, value in row.items())


def _short(value: str) -> str:
    if value.startswith("https://w3id.org/dpc/"):
        return value.removeprefix("https://w3id.org/dpc/").removeprefix("file/")
    return local_name(value) if value.startswith("http") else value
