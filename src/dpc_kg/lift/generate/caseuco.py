"""A seeded synthetic export of investigations: CASE as JSON-LD, and hotline reports as Turtle.

Every person, place and organisation is invented. ``records`` counts investigations
(``case-uco.json``) and reports (``cac.ttl``); every third is a report. A row is the place of a
node among the nodes of its file, from 1.
"""

from random import Random

from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.caseuco_cac import report
from dpc_kg.lift.generate.caseuco_case import Made, investigation
from dpc_kg.lift.generate.caseuco_faults import choose
from dpc_kg.lift.generate.caseuco_nodes import Node, in_order, write_jsonld, write_turtle
from dpc_kg.lift.generate.planted import GenerateRequest, Planted

_EVERY = 3
_WRITERS = {"case-uco.json": write_jsonld, "cac.ttl": write_turtle}


def generate(request: GenerateRequest) -> Planted:
    """Write both files into ``request.out`` and give what was planted in them.

    Raises:
        DpcError: too few records for the faults, or an overlap was asked for.
    """
    if request.overlap_with is not None:
        raise DpcError(
            "An export of investigations is not made to overlap with another.",
            advice="Leave out --overlap-with; hash-lists and cybertipline can overlap.",
        )
    made = [_record(request.seed, number) for number in range(request.records)]
    rng = Random(f"case-uco/{request.seed}/faults")  # noqa: S311 - test data, not a secret
    chosen = choose(made, request.faults, rng)
    planted = Planted("case-uco", request)
    blamed = {number: mistake(made[number]) for number, mistake in chosen.items()}
    for file, write in _WRITERS.items():
        own = [one for one in made if one.file == file]
        nodes = [node for one in own for node in one.nodes]
        if not nodes:
            continue
        write(nodes, request.out / file)
        places = {id(node): place for place, node in enumerate(in_order(nodes), start=1)}
        for one in own:
            _note(one, places, planted)
            if one.number in chosen:
                mistake, (node, path) = chosen[one.number], blamed[one.number]
                row = places[id(node)]
                fault = Fault(file, None, row, path, mistake.kind, mistake.rules)
                planted.faults.append(fault)
    return planted


def _record(seed: int, number: int) -> Made:
    return report(seed, number) if number % _EVERY == _EVERY - 1 else investigation(seed, number)


def _note(one: Made, places: dict[int, int], planted: Planted) -> None:
    for node, path in one.unknown:
        planted.unknown.append({"file": one.file, "row": _place(places, node), "column": path})


def _place(places: dict[int, int], node: Node) -> int:
    return places[id(node)]
