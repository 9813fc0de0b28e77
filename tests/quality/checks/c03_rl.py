"""Ask the OWL API whether every module, every bridge and the merge stay inside OWL 2 RL."""

from tests.quality.context import Context
from tests.quality.owlprofile import outcome
from tests.quality.parts import Outcome

TITLE = "OWL 2 RL profile"
TOOL = "OWL API"
NEEDS = ("environment",)


def run(context: Context) -> Outcome:
    """Look at each with its imports."""
    return outcome(context, "rl")
