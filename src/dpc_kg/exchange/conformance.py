"""The shapes once more, at the hub: one violation refuses the package (DESIGN section 5)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from dpc_kg.base.assets import shape_files
from dpc_kg.base.errors import NotConforming, PackageError
from dpc_kg.base.vocab import DPC, SH, local_name

Validator = Callable[[Path, str], Sequence[str]]
"""Takes N-Quads and a profile, gives the rule of every violation (one entry a result)."""

_SHOWN = 5


def validate_against_shapes(data: Path, profile: str) -> Sequence[str]:
    """Give the rule (local name of the shape) of every violation of the project's own shapes.

    Raises:
        VacuousValidation: no shape looked at any node of the data.
    """
    from dpc_kg.validate.engines import validate_quads

    run = validate_quads(data, profile=profile)
    return [result.rule for result in run.violations]


def refuse_violations(rules: Sequence[str]) -> None:
    """Refuse a package whose data breaks a rule.

    Raises:
        NotConforming: names the rules and how often each was broken, never a value.
    """
    if not rules:
        return
    counts = Counter(rules).most_common()
    named = ", ".join(f"{rule} ({count})" for rule, count in counts[:_SHOWN])
    more = f" and {len(counts) - _SHOWN} more rules" if len(counts) > _SHOWN else ""
    raise NotConforming(
        f"{len(rules)} violations: {named}{more}.",
        file="data.nq",
        advice="Validate the export with dpc-kg validate, which names row and column.",
    )


def refuse_open_classes(classes: Iterable[str]) -> None:
    """Refuse records of a class for which no closed shape lists what they may hold.

    Shapes look only at the classes they know: without this, whatever is given an unheard-of class
    would pass them all.

    Raises:
        NotConforming: says how many such classes there are, not their names.
    """
    strange = set(classes) - closed_classes(tuple(shape_files()))
    if strange:
        raise NotConforming(
            f"There are records of {len(strange)} classes that do not travel.",
            file="data.nq",
            advice="See the model's documentation for the classes a package may hold.",
        )


@lru_cache(maxsize=2)
def closed_classes(shapes: tuple[Path, ...]) -> frozenset[str]:
    """Give the names of the model's classes that a closed shape targets (SHACL 1.0, 4.8.1)."""
    import pyoxigraph as ox

    closed, targets = set(), []
    for path in shapes:
        for triple in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            predicate, value = triple.predicate.value, triple.object
            if not isinstance(value, ox.NamedNode | ox.Literal):
                continue
            if predicate == SH + "closed" and value.value == "true":
                closed.add(triple.subject)
            elif predicate == SH + "targetClass" and value.value.startswith(DPC):
                targets.append((triple.subject, local_name(value.value)))
    return frozenset(name for shape, name in targets if shape in closed)


def check_syntax(nquads: bytes) -> None:
    """Read the quads with the parser of the store, so that it can never refuse what was kept.

    Raises:
        PackageError: names the line.
    """
    import pyoxigraph

    try:
        for _ in pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS):
            pass
    except SyntaxError as e:
        raise PackageError(
            "This line is not well-formed N-Quads.",
            file="data.nq",
            line=e.lineno,
            advice="Lift the export again and package it with dpc-kg package.",
        ) from e
