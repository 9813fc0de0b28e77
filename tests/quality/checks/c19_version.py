"""Compare the version of package, model, citation and changelog."""

import re
import tomllib

from dpc_kg import __version__
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import BRIDGES, ONTOLOGY

TITLE = "version"
TOOL = "own"
_VERSION = "http://www.w3.org/2002/07/owl#versionInfo"
_VERSION_IRI = "http://www.w3.org/2002/07/owl#versionIRI"


def run(context: Context) -> Outcome:
    """Look at every header of modules, bridges, lists and shapes, and at the project's files."""
    tree = context.tree
    said = [
        ("pyproject.toml", tomllib.loads(tree.text("pyproject.toml"))["project"]["version"]),
        ("CITATION.cff", _first(r"^version: (\S+)$", tree.text("CITATION.cff"))),
        ("CHANGELOG.md", _changelog(tree.text("CHANGELOG.md"))),
    ]
    problems = []
    for name in tree.names(*ONTOLOGY, *BRIDGES, "shapes/*.ttl", "shapes/tiers/*.ttl"):
        for triple in tree.triples(name):
            subject, value = str(triple.subject), triple.object
            text = getattr(value, "value", "")
            if triple.predicate.value == _VERSION:
                said.append((name, text))
            if triple.predicate.value == _VERSION_IRI:
                said.append((name, text.rsplit("/", 1)[-1]))
                if f"<{text}>" == subject:
                    problems.append(f"{name}: the version's IRI is that of the ontology")
    problems += [f"{name}: {text}" for name, text in said if text != __version__]
    return Outcome(len(said), "places", tuple(problems), f"{__version__} in {len(said)} places")


def _changelog(text: str) -> str:
    """Give the newest version of the changelog; before the first release there is none to name."""
    found = _first(r"^## \[(\d[^\]]*)\]", text)
    unreleased = "## [Unreleased]" in text and "no released version yet" in text
    return found or (__version__ if unreleased else "no version")


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else ""
