"""Compare the licences that the project's own files name."""

import re
import tomllib

from tests.quality.context import Context
from tests.quality.parts import Outcome

TITLE = "files of the project"
TOOL = "own"
MODEL = "https://creativecommons.org/licenses/by/4.0/"
MODEL_ID, CODE_ID = "CC-BY-4.0", "Apache-2.0"


def run(context: Context) -> Outcome:
    """Look at LICENSE-model.md, LICENSE, CITATION.cff and pyproject.toml."""
    tree = context.tree
    project = tomllib.loads(tree.text("pyproject.toml"))["project"]
    cited = tree.text("CITATION.cff")
    block = re.search(r"^license:\n((?:  - .+\n)+)", cited, re.MULTILINE)
    ids = re.findall(r"- (\S+)", block[1]) if block else []
    addresses = re.findall(r"https://creativecommons\.org/[^>\s)]+", tree.text("LICENSE-model.md"))
    wrong = {
        "LICENSE-model.md names another licence of the model": MODEL not in addresses
        or any(not each.startswith(MODEL) for each in addresses),
        "LICENSE is not the Apache License 2.0": "Apache License" not in tree.text("LICENSE")[:300],
        "CITATION.cff names other licences": sorted(ids) != sorted([MODEL_ID, CODE_ID]),
        "pyproject.toml names another licence of the program": project["license"] != CODE_ID,
        "pyproject.toml does not ship LICENSE-model.md": "LICENSE-model.md"
        not in project["license-files"],
    }
    problems = tuple(text for text, found in wrong.items() if found)
    return Outcome(4, "files", problems)
