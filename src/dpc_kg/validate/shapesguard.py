"""What shapes may not hold, looked at before an engine meets them.

Engines differ in what they do with shapes that are wrong: one passes over a misspelt constraint,
another never ends. Here each is refused, with the shape and, where it can be found, the line.
"""

import difflib
from collections import deque
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.errors import DpcError, NotSupported
from dpc_kg.base.vocab import RDF, SH
from dpc_kg.validate.patterns import problem
from dpc_kg.validate.queryguard import check_queries
from dpc_kg.validate.shapesgraph import (
    BLANK,
    LIST_VALUED,
    SHAPE_VALUED,
    ShapesGraph,
    Term,
    shape_name,
)

MAX_SHAPES = 40
"""How many shapes may stand one inside the other; an engine ends at 48."""

MAX_STEPS = 100
"""How many steps a path may have, those inside others counted too."""

_KINDS = ("inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne")
_PATHS = tuple(f"{SH}{kind}Path" for kind in _KINDS)
_LISTS = ("in", "languageIn", "ignoredProperties")
_MORE = frozenset({"and", "class", "else", "if", "in", "not", "or", "then", "values"})
"""Terms that a namespace in Python has no name for, and some that it lacks."""


@lru_cache(maxsize=8)
def check_shapes(graph: ShapesGraph) -> None:
    """Refuse shapes that no engine could use as SHACL means them.

    Raises:
        DpcError: there is no shape, a term is not SHACL's, a pattern, path or query is wrong.
        NotSupported: shapes refer to themselves, or are nested too deeply.
    """
    if not is_shapes(graph):
        raise DpcError(
            "There is no shape in this file.",
            file=graph.file,
            advice="Were shapes and data given the wrong way round? A shape is a sh:NodeShape or "
            "sh:PropertyShape, or has a target.",
        )
    _check_terms(graph)
    _check_lists(graph)
    _check_references(graph)
    _check_paths(graph)
    _check_patterns(graph)
    check_queries(graph)


def is_shapes(graph: ShapesGraph) -> bool:
    """Tell whether there is a shape in a file."""
    return any(True for _ in _shapes(graph))


def _shapes(graph: ShapesGraph) -> Iterator[Term]:
    yield from graph.target_shapes()
    yield from graph.subjects(SH + "path")
    for kind in ("NodeShape", "PropertyShape", "ConstraintComponent"):
        yield from graph.of_class(SH + kind)


def _check_terms(graph: ShapesGraph) -> None:
    """Refuse a misspelt term on a node that SHACL describes otherwise: it would check nothing.

    On other nodes it is none of SHACL's business (SHACL 1.0, section 3.1).
    """
    lost: dict[object, str] = {}
    described: set[object] = set()
    for triple in graph.triples:
        for term in (triple.predicate, triple.object):
            if not isinstance(term, ox.NamedNode) or not term.value.startswith(SH):
                continue
            name = term.value.removeprefix(SH)
            if name in _terms():
                described.add(triple.subject)
            elif name:
                lost.setdefault(triple.subject, name)
    for subject, name in lost.items():
        if subject in described:
            raise _unknown(graph, name)


def _unknown(graph: ShapesGraph, name: str) -> DpcError:
    terms = {term.lower(): term for term in sorted(_terms())}
    near = difflib.get_close_matches(name.lower(), terms, 1)
    advice = f"Did you mean sh:{terms[near[0]]}?" if near else "See https://www.w3.org/TR/shacl/."
    file, line = place(graph, f"sh:{name}", f"shacl#{name}")
    return DpcError(
        "SHACL has no such term.", file=file, line=line, term=f"sh:{name}", advice=advice
    )


@cache
def _terms() -> frozenset[str]:
    from rdflib import SH as NAMES

    named: frozenset[str] = frozenset(str(term).removeprefix(SH) for term in dir(NAMES))
    return named | _MORE


def _check_references(graph: ShapesGraph) -> None:
    """Refuse shapes that refer to themselves (SHACL 1.0, section 3.4.3) or are nested deeply."""
    done: set[Term] = set()
    for first in sorted(set(_shapes(graph)), key=str):
        if first in done:
            continue
        above: dict[Term, Iterator[Term]] = {first: iter(references(graph, first))}
        while above:
            last = next(reversed(above))
            nested = next(above[last], None)
            if nested is None:
                del above[last]
                done.add(last)
            elif nested in above:
                chain = list(above)
                raise _recursive(graph, chain[chain.index(nested) :])
            elif nested not in done:
                above[nested] = iter(references(graph, nested))
                if len(above) > MAX_SHAPES:
                    raise _too_deep(graph, nested)


def references(graph: ShapesGraph, shape: Term) -> list[Term]:
    """Give the shapes that a shape refers to."""
    found = [nested for name in SHAPE_VALUED for nested in graph.objects(shape, name)]
    heads = (head for name in LIST_VALUED for head in graph.objects(shape, name))
    found += [nested for head in heads for nested in graph.members(head)]
    return sorted(set(found), key=str)


def _recursive(graph: ShapesGraph, chain: list[Term]) -> NotSupported:
    named = [name for shape in chain if (name := shape_name(shape))]
    circle = " - ".join([*named, *named[:1]]) or "shapes without a name"
    file, line = place(graph, *named[:1])
    return NotSupported(
        f"Shapes refer to themselves: {circle}. What that means SHACL leaves open.",
        file=file,
        line=line,
        advice="Cut the circle: test the class of the value (sh:class) in place of its shape.",
    )


def _too_deep(graph: ShapesGraph, shape: Term) -> NotSupported:
    return NotSupported(
        f"Shapes are nested more than {MAX_SHAPES} deep.",
        file=graph.file,
        term=shape_name(shape),
        advice="Give the inner shapes targets of their own.",
    )


def _check_lists(graph: ShapesGraph) -> None:
    for name in _LISTS:
        for shape in graph.subjects(SH + name):
            for head in graph.objects(shape, SH + name):
                deque(graph.members(head), maxlen=0)


def _check_paths(graph: ShapesGraph) -> None:
    for shape in graph.subjects(SH + "path"):
        paths = graph.objects(shape, SH + "path")
        if len(paths) > 1:
            raise DpcError(
                "A property shape has more than one path.",
                file=graph.file,
                term=shape_name(shape),
                advice="Write a shape for each, or sh:alternativePath.",
            )
        _check_path(graph, shape, paths[0])


def _check_path(graph: ShapesGraph, shape: Term, path: Term) -> None:
    """Refuse a path that is too long, or leads back to itself (SHACL 1.0, section 2.3.1)."""
    steps, pending = 0, [path]
    while pending:
        part = pending.pop()
        steps += 1
        if steps > MAX_STEPS:
            raise NotSupported(
                f"A path has more than {MAX_STEPS} steps, or leads back to itself.",
                file=graph.file,
                term=shape_name(shape),
                advice="Make shapes of its parts; a path ends with predicates.",
            )
        if isinstance(part, ox.NamedNode) and not part.value.startswith(BLANK):
            continue
        pending += [head for name in _PATHS for head in graph.objects(part, name)]
        if graph.objects(part, RDF + "first"):
            pending += islice(graph.members(part), MAX_STEPS)


def _check_patterns(graph: ShapesGraph) -> None:
    for shape in graph.subjects(SH + "pattern"):
        flags = "".join(value.value for value in graph.objects(shape, SH + "flags"))
        for pattern in graph.objects(shape, SH + "pattern"):
            said = problem(pattern.value, flags)
            if said:
                file, line = place(graph, pattern.value, pattern.value.replace("\\", "\\\\"))
                raise DpcError(
                    f"A pattern {said}.",
                    file=file,
                    line=line,
                    term=shape_name(shape),
                    advice="Write it with what XPath, Rust and Python have in common.",
                )


def place(graph: ShapesGraph, *needles: str) -> tuple[str | None, int | None]:
    """Give file and line where one of some texts first stands; as far as it can be found."""
    for path in graph.paths:
        for needle in needles:
            line = _line(path, needle)
            if line is not None:
                return path.name, line
    return graph.file, None


def _line(path: Path, needle: str) -> int | None:
    try:
        data = path.read_bytes()
    except OSError:  # shapes that were written for one run alone
        return None
    at = data.find(needle.encode())
    return None if at < 0 else data.count(b"\n", 0, at) + 1
