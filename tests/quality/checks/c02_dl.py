"""Ask the OWL API whether every module, every bridge and the merge stay inside OWL 2 DL."""

from tests.quality.context import Context
from tests.quality.parts import Outcome

TITLE = "OWL 2 DL profile"
TOOL = "OWL API"
NEEDS = ("environment",)


def run(context: Context) -> Outcome:
    """Look at each with its imports."""
    answers = context.owl
    problems = [
        f"{name}: {violation}"
        for name, answer in answers.items()
        for violation in answer.get("dl", [answer.get("error")])
    ]
    axioms = max(answer.get("axioms", 0) for answer in answers.values())
    figure = f"0 violations in {len(answers)} ontologies, {axioms} axioms"
    return Outcome(axioms, "axioms", tuple(problems), figure)
