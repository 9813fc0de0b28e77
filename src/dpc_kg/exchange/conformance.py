"""The shapes once more, at the hub: one violation refuses the package (DESIGN section 5)."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from dpc_kg.base.errors import NotConforming, PackageError

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
