"""The fast engine: the ``shacl`` package, which has wheels for most systems, not for all."""

import importlib.util
import sys
from typing import Any

from dpc_kg.base.errors import DpcError
from dpc_kg.validate.cost import Rates
from dpc_kg.validate.marking import marked, unmarked
from dpc_kg.validate.results import Result, bare, simple_path
from dpc_kg.validate.shapesgraph import ShapesGraph, restore


def available() -> bool:
    """Tell whether the engine is installed."""
    if "shacl" in sys.modules:
        return sys.modules["shacl"] is not None
    return importlib.util.find_spec("shacl") is not None


class FastEngine:
    """``shacl``: it releases the interpreter lock, so two pieces run at once."""

    name = "shacl"
    threads = 2
    rates = Rates(check=30e-9, edge=0, round=20e-9, seconds_given=10, kept=8)

    def compile(self, shapes: ShapesGraph) -> "FastShapes":
        """Make shapes ready.

        Raises:
            DpcError: the engine refuses them.
        """
        import shacl

        try:
            text = marked(shapes.text.encode()).decode()
            return FastShapes(shacl.Shapes.from_text(text, format="ntriples"))
        except ValueError as e:
            raise DpcError(
                f"The fast engine cannot use these shapes: {str(e).rstrip('.')}.",
                file=shapes.file,
                advice="Mend the shape, or use the engine pyshacl.",
            ) from e


class FastShapes:
    """Compiled shapes; immutable, shared by threads."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def validate(self, quads: bytes) -> list[Result]:
        """Give the results of the union of all graphs in N-Quads.

        Raises:
            ValueError: not well-formed, or not UTF-8.
        """
        text = marked(quads).decode("utf-8")
        try:
            report = self._compiled.validate_text(text, format="nquads")
        except BaseException as e:
            raise _panicked(e) from None
        return [_result(found) for found in report.results]


def _panicked(error: BaseException) -> BaseException:
    """Give a mistake of the engine itself as an error of ours; it would end the program."""
    if type(error).__name__ != "PanicException":
        return error
    return DpcError(
        "The fast engine has met a value that it cannot work with.",
        advice="Use the engine pyshacl for this file.",
    )


def _result(found: Any) -> Result:
    path, shape = simple_path(found.path), found.source_shape
    return Result(
        focus=unmarked(bare(found.focus_node)),
        path=sys.intern(path) if path else None,
        value=unmarked(restore(bare(found.value))) if found.value else None,
        component=sys.intern(found.component_iri),
        source_shape=sys.intern(restore(bare(shape))) if shape else None,
        severity=sys.intern(found.severity_iri),
    )
