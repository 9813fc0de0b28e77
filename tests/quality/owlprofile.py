"""What the OWL API says about a profile: the same for every profile."""

from tests.quality.context import Context
from tests.quality.parts import Outcome


def outcome(context: Context, profile: str) -> Outcome:
    """Count the violations of ``dl`` or ``rl``; an ontology that cannot be read is one too."""
    answers = context.owl
    problems = [
        f"{name}: {violation}"
        for name, answer in answers.items()
        for violation in answer.get(profile, [answer.get("error")])
    ]
    axioms = max(answer.get("axioms", 0) for answer in answers.values())
    figure = f"{len(problems)} violations in {len(answers)} ontologies, {axioms} axioms"
    return Outcome(axioms, "axioms", tuple(problems), figure)
