"""Follow every import through the catalogue: no name may need the network."""

from pathlib import PurePosixPath

from tests.quality.context import Context
from tests.quality.owl import catalog
from tests.quality.parts import Outcome
from tests.quality.tree import BRIDGES, LANGUAGE, MODULES

TITLE = "catalogue"
TOOL = "own"
_OWL = "http://www.w3.org/2002/07/owl#"


def run(context: Context) -> Outcome:
    """Look at the imports of every module and bridge; nothing imports a bridge."""
    resolved = catalog(context.tree)
    names = context.tree.names(*MODULES, *BRIDGES, *LANGUAGE)
    called = {name: _names_of(context, name) for name in names}
    imports = [(name, iri) for name in names for iri in _values(context, name, "imports")]
    problems = []
    for name, iri in imports:
        target = f"ontology/{resolved[iri]}" if iri in resolved else None
        if target is None:
            problems.append(f"{name}: {iri} is not in the catalogue")
        elif iri not in called.get(target, ()):
            problems.append(
                f"{name}: {iri} leads to {PurePosixPath(target).name}, which is another"
            )
    for iri, file in resolved.items():
        if iri not in called.get(f"ontology/{file}", ()):
            problems.append(f"catalogue: {file} does not call itself {iri}")
    modules = context.tree.names(*MODULES)
    missing = [name for name in modules if not called[name] <= resolved.keys()]
    problems += [f"{name} is not in the catalogue" for name in missing]
    return Outcome(len(imports), "imports", tuple(problems))


def _names_of(context: Context, name: str) -> set[str]:
    triples = context.tree.triples(name)
    own = {
        getattr(t.subject, "value", "")
        for t in triples
        if getattr(t.object, "value", "") == f"{_OWL}Ontology"
    }
    return own | set(_values(context, name, "versionIRI"))


def _values(context: Context, name: str, prop: str) -> list[str]:
    return [
        getattr(t.object, "value", "")
        for t in context.tree.triples(name)
        if t.predicate.value == _OWL + prop
    ]
