"""Validate the examples: a ``pass-`` file trips nothing, a ``fail-`` file exactly its rule."""

from dpc_kg.base.vocab import SH, SHAPES, local_name
from dpc_kg.validate.shapesgraph import ShapesGraph
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.shapecases import FAST, batches, expected_rule, judge, shapes_of
from tests.quality.tree import SHAPE_CASES

TITLE = "examples"
TOOL = "shacl"


def run(context: Context) -> Outcome:
    """Look at every example, and at every rule for its examples."""
    tree = context.tree
    shapes = shapes_of(tree, context.shape_files)
    found = judge(FAST, shapes, batches(tree))
    files = tree.names(*SHAPE_CASES)
    problems, failing, passing = [], set(), set()
    for file in files:
        rule = expected_rule(file, shapes)
        tripped = {result.rule for result in found.get(file, ())}
        if rule == "":
            problems.append(f"{file} is named after no rule")
        elif tripped != ({rule} if rule else set()):
            problems.append(f"{file} trips {', '.join(sorted(tripped)) or 'nothing'}")
        elif rule:
            failing.add(rule)
        else:
            passing.add(file.split("/")[-2])
    rules = _rules(shapes)
    problems += [f"{rule}: no file fails" for rule in sorted(rules - failing)]
    folders = {rule.split("-")[0] for rule in rules}
    problems += [f"{name}: no file passes" for name in sorted(folders - passing)]
    figure = f"{len(rules)} rules, {len(files)} files, each as its name says"
    return Outcome(min(len(rules), len(files)), "rules", tuple(problems), figure)


def _rules(shapes: ShapesGraph) -> set[str]:
    """Give the names of all rules: shapes with a target, and the property shapes they hold."""
    found = {str(getattr(shape, "value", "")) for shape in shapes.target_shapes()}
    # what stands below a shape without a target is a part of a rule, and has no results of its own
    for shape in shapes.target_shapes():
        found |= shapes.iris(shape, SH + "property")
    held = {iri for iri in found if iri.startswith(SHAPES)}
    return {local_name(iri) for iri in held if not _only_holds(shapes, iri)}


def _only_holds(shapes: ShapesGraph, iri: str) -> bool:
    """Tell whether a node shape says nothing of its own."""
    import pyoxigraph as ox

    said = {local_name(name) for name in shapes.predicates(ox.NamedNode(iri))}
    targets = {name for name in said if name.startswith("target")}
    return said - targets <= {"type", "property", "severity", "message", "label", "tier"}
