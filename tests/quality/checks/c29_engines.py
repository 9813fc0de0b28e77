"""Validate every example in both engines and compare result by result."""

from dpc_kg.base.errors import DpcError
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.shapecases import FAST, REFERENCE, batches, judge, shapes_of
from tests.quality.tree import SHAPE_CASES

TITLE = "two engines"
TOOL = "shacl, pySHACL"
NEEDS = ("time",)


def run(context: Context) -> Outcome:
    """Look at focus node, path, value, rule, component and severity of every result."""
    shapes = shapes_of(context.tree, context.shape_files)
    made = batches(context.tree)
    try:
        one, two = judge(FAST, shapes, made), judge(REFERENCE, shapes, made)
    except DpcError as e:
        return Outcome(len(made), "batches", (f"one engine cannot use the shapes: {e.message}",))
    files = context.tree.names(*SHAPE_CASES)
    problems = []
    for file in sorted({*files, *one, *two}):
        only = {"shacl": one.get(file, frozenset()), "pySHACL": two.get(file, frozenset())}
        for name, other in (("shacl", "pySHACL"), ("pySHACL", "shacl")):
            for result in sorted(only[name] - only[other], key=lambda each: each.order):
                problems.append(f"{file}: {result.rule} in {name} only")
    results = sum(map(len, one.values()))
    figure = f"0 differences in {results} results of {len(files)} files"
    return Outcome(min(results, len(files)), "files", tuple(problems), figure)
