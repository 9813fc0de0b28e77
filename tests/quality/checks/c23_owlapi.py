"""Load every module and bridge into the OWL API; only the catalogue resolves imports."""

from tests.quality.context import Context
from tests.quality.parts import Outcome

TITLE = "imports in the OWL API"
TOOL = "OWL API, no network"
NEEDS = ("environment",)


def run(context: Context) -> Outcome:
    """Look at each with its imports."""
    answers = context.owl
    problems = tuple(
        f"{name}: {answer['error']}" for name, answer in answers.items() if "error" in answer
    )
    return Outcome(len(answers), "ontologies", problems)
