"""Read the description of the profiles and look for everything it names."""

import pyoxigraph as ox

from dpc_kg.base.vocab import BASE
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.vocabularies import vocabulary

TITLE = "PROF"
TOOL = "own"
FILE = "shapes/profiles.ttl"
ROLES = frozenset(vocabulary("prof-roles"))
_RESOURCES = """
PREFIX prof: <http://www.w3.org/ns/dx/prof/>
SELECT ?resource ?artifact ?role ?profile
WHERE {
  ?resource a prof:ResourceDescriptor .
  OPTIONAL { ?resource prof:hasArtifact ?artifact }
  OPTIONAL { ?resource prof:hasRole ?role }
  OPTIONAL { ?profile prof:hasResource ?resource }
}
"""
_PROFILES = """
PREFIX prof: <http://www.w3.org/ns/dx/prof/>
SELECT ?profile ?below
WHERE { ?profile a prof:Profile . OPTIONAL { ?profile prof:isProfileOf ?below } }
"""


def run(context: Context) -> Outcome:
    """Look at every resource of every profile."""
    context.need(FILE)
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in context.tree.triples(FILE))
    problems = []
    resources = list(context.rows(_RESOURCES, store))
    for row in resources:
        resource = row["resource"]
        if row.get("role") not in ROLES:
            problems.append(f"{resource}: {row.get('role', 'nothing')} is no role")
        if not _exists(context, row.get("artifact", "")):
            problems.append(f"{resource}: {row.get('artifact', 'nothing')} does not exist")
        if "profile" not in row:
            problems.append(f"{resource} belongs to no profile")
    profiles = list(context.rows(_PROFILES, store))
    held = {row["profile"] for row in resources if "profile" in row}
    named = {row["profile"] for row in profiles}
    problems += [f"{profile} has no resource" for profile in sorted(named - held)]
    for tier in ("basic", "essential", "full"):
        if not any(tier in profile for profile in named):
            problems.append(f"no profile is named after the tier {tier}")
    return Outcome(len(resources), "resources of profiles", tuple(problems))


def _exists(context: Context, artifact: str) -> bool:
    """Find the file or the folder of an artifact: its path below the base, endings left out."""
    if not artifact.startswith(BASE):
        return context.tree.exists(artifact)
    path = artifact.removeprefix(BASE).split("#", 1)[0].strip("/")
    steps = path.split("/")
    if steps and steps[0] == "cdm":
        steps = ["ontology", *steps[1:]] if steps[1:] else ["ontology", "dpc"]
    if steps and steps[0] == "codes":
        steps = ["ontology", *steps]
    # a version stands at the end of a versioned name
    if steps and steps[-1][:1].isdigit():
        steps = steps[:-1]
    name = "/".join(steps)
    return any(context.tree.names(name, f"{name}.ttl", f"{name}.md", f"{name}/*", f"{name}/*/*"))
