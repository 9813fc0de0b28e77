"""Every part of every check passes on the model and finds what it is there to find.

The parts that need the check environment, shared material or time run with ``make check-model``,
which sets ``DPC_CHECK_MODEL``; the others always.
"""

import csv
import os
from collections.abc import Mapping
from functools import lru_cache

import pytest

from tests.quality.context import Absent, Context
from tests.quality.mutation import PREFIXES, Changes
from tests.quality.mutations import MUTATIONS
from tests.quality.parts import Outcome, Part, parts
from tests.quality.report import checks
from tests.quality.tree import Tree

ALL = bool(os.environ.get("DPC_CHECK_MODEL"))
PARTS = [part for part in parts() if ALL or part.fast]
BY_NAME = {part.name: part for part in PARTS}
BROKEN = [name for name in MUTATIONS if name.split(":")[0] in BY_NAME]


@lru_cache(maxsize=1)
def here() -> Context:
    return Context.here()


@pytest.fixture(scope="module")
def context() -> Context:
    return here()


@lru_cache(maxsize=512)
def sound(name: str) -> Outcome:
    """What a part says of the model as it is."""
    return BY_NAME[name].run(here())


@pytest.mark.parametrize("part", [p for p in PARTS if p.fast], ids=lambda p: p.name)
def test_the_model_passes(part: Part) -> None:
    outcome = sound(part.name)
    assert outcome.looked_at > 0, f"{part.title}: there are no {outcome.what}"
    assert outcome.problems == ()


def test_every_part_has_a_mutation() -> None:
    assert {part.name for part in parts()} == {name.split(":")[0] for name in MUTATIONS}


def test_every_check_that_does_not_come_later_has_a_part() -> None:
    held = {part.number for part in parts()}
    assert {check.number for check in checks() if not check.later} == held


def broken(name: str, tree: Tree) -> Changes:
    if name == "c49_copied":
        return copied(tree)
    return MUTATIONS[name].changes(tree)


def copied(tree: Tree) -> Mapping[str, str | None]:
    """Put a long text of a list that may not be copied into the model, read where it lies."""
    folder = here().data("primero")
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            texts = [cell for row in csv.reader(file) for cell in row]
        for text in texts:
            words = text.replace('"', " ").replace("\\", " ").split()
            if len(words) > 6:
                note = f'dpc:Case skos:note "copied: {" ".join(words)}"@en .'
                name = "ontology/case.ttl"
                return {name: f"{tree.text(name)}\n{PREFIXES}\n{note}\n"}
    raise AssertionError("the lists hold no text of more than six words")


@pytest.mark.parametrize("name", BROKEN)
def test_a_part_finds_what_is_broken(name: str, context: Context) -> None:
    part = BY_NAME[name.split(":")[0]]
    try:
        before = sound(part.name).problems
        changes = broken(name, context.tree)
        with context.changed(changes) as other:
            found = part.run(other).problems
    except Absent as e:
        pytest.skip(f"needs {e}")
    fresh = [text for text in found if text not in before]
    assert [text for text in fresh if MUTATIONS[name].says in text], fresh[:5]
