"""Ask HermiT whether modules, bridges and the merge are consistent and every class can be used."""

from tests.quality.context import Context
from tests.quality.parts import Outcome

TITLE = "HermiT"
TOOL = "HermiT through the OWL API"
NEEDS = ("environment",)


def run(context: Context) -> Outcome:
    """Look at each with its imports."""
    answers = context.owl
    problems = [f"{name}: {wrong}" for name, answer in answers.items() for wrong in _wrong(answer)]
    figure = f"{len(answers)} ontologies consistent, 0 unsatisfiable classes"
    return Outcome(len(answers), "ontologies", tuple(problems), figure)


def _wrong(answer: dict[str, object]) -> list[str]:
    if "error" in answer:
        return [str(answer["error"])]
    if not answer["consistent"]:
        return ["inconsistent"]
    bottom = answer["unsatisfiable"]
    assert isinstance(bottom, list)
    return [f"nothing can be a {iri}" for iri in bottom]
