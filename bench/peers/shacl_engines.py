"""A SHACL engine by itself, in one go: ``python shacl_engines.py ENGINE DATA.nt SHAPES.nt OUT``.

Writes focus node and component of every result, one a line, tab between.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

SH = "http://www.w3.org/ns/shacl#"
Found = Iterable[tuple[str, str]]


def pyshacl(data: str, shapes: str) -> Found:
    import pyshacl as engine
    from rdflib import Graph, URIRef

    graph = Graph().parse(data, format="nt")
    _, report, _ = engine.validate(
        graph, shacl_graph=Graph().parse(shapes, format="nt"), inplace=True
    )
    for result in report.subjects(URIRef(SH + "focusNode")):
        focus = report.value(result, URIRef(SH + "focusNode"))
        yield str(focus), str(report.value(result, URIRef(SH + "sourceConstraintComponent")))


def shacl(data: str, shapes: str) -> Iterator[tuple[str, str]]:
    import shacl as engine

    compiled = engine.Shapes.from_text(Path(shapes).read_text("utf-8"), format="ntriples")
    for result in compiled.validate_file(data).results:
        yield result.focus_node.strip("<>"), result.component_iri


def shacl_rust(data: str, shapes: str) -> Iterator[tuple[str, str]]:
    import shacl_rust as engine

    report = engine.validate_file(data, shapes, experimental_index=True)
    for result in report["results"]:
        focus, component = result["focusNode"], result["sourceConstraintComponent"]
        yield focus.strip("<>"), component.strip("<>")


ENGINES = {"pySHACL": pyshacl, "shacl": shacl, "shacl-rust": shacl_rust}


def main(arguments: list[str]) -> int:
    name, data, shapes, out = arguments
    lines = sorted({f"{focus}\t{component}\n" for focus, component in ENGINES[name](data, shapes)})
    Path(out).write_text("".join(lines), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
