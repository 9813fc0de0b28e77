"""The law of pieces: whatever shapes read, pieces give the results of one go, wherever cuts fall.

A case is a shape over small graphs of linked nodes: grouped by node, or with each node's lines torn
apart. Six graphs a case, eighty with DPC_FULL=1.
"""

import random
from pathlib import Path

import pytest

from dpc_kg.base.vocab import RDF_TYPE, RDFS
from dpc_kg.validate import chunks
from dpc_kg.validate.engines import validate_data, validate_quads
from dpc_kg.validate.locality import locality
from dpc_kg.validate.results import distinct
from dpc_kg.validate.shapesgraph import shapes_graph
from tests.lift.laws.sizes import size
from tests.validate.linked import CLASS, HEAD, E, linked

GRAPHS = size(6, 80, 800)
NODES = 9
WHOLE = 10**9
BACK = "[ sh:inversePath e:to ]"

SHAPES = {
    "class-of-value": "sh:property [ sh:path e:to ; sh:class e:D ]",
    "class-after-sequence": "sh:property [ sh:path ( e:to e:to ) ; sh:class e:D ]",
    "class-far-away": "sh:property [ sh:path ( e:to e:to e:to ) ; sh:class e:D ]",
    "sequence": "sh:property [ sh:path ( e:to e:key ) ; sh:maxCount 1 ; sh:maxInclusive 3 ]",
    "long-sequence": "sh:property [ sh:path ( e:to e:to e:key ) ; sh:maxInclusive 3 ]",
    "nested": "sh:property [ sh:path e:to ; sh:node [ sh:property [ sh:path e:to ; sh:node"
    " [ sh:property [ sh:path e:key ; sh:minCount 1 ; sh:maxInclusive 4 ] ] ] ] ]",
    "inverse": f"sh:property [ sh:path {BACK} ; sh:minCount 1 ; sh:maxCount 2 ]",
    "inverse-class": f"sh:property [ sh:path {BACK} ; sh:class e:D ]",
    "inverse-then-value": f"sh:property [ sh:path ( {BACK} e:key ) ; sh:maxInclusive 3 ]",
    "inverse-twice": f"sh:property [ sh:path ( {BACK} {BACK} ) ; sh:class e:D ; sh:maxCount 2 ]",
    "inverse-nested": f"sh:property [ sh:path {BACK} ; sh:node [ sh:property [ sh:path {BACK} ;"
    " sh:node [ sh:property [ sh:path e:key ; sh:maxInclusive 3 ] ] ] ] ]",
    "turned-back": f"sh:property [ sh:path ( e:to {BACK} ) ; sh:maxCount 2 ]",
    "closed-value": "sh:property [ sh:path e:to ; sh:node [ sh:closed true ;"
    " sh:ignoredProperties ( rdf:type e:to e:name ) ] ]",
    "near-query": 'sh:sparql [ sh:prefixes e:o ; sh:select "SELECT $this ?value WHERE'
    ' { $this e:to ?value . ?value e:to ?x . ?x e:key ?k FILTER(?k > 3) }" ]',
    "far-query": 'sh:sparql [ sh:prefixes e:o ; sh:select "SELECT $this ?value WHERE'
    ' { ?value e:to $this . ?value e:key ?k FILTER(?k > 2) }" ]',
}
TARGETS = {
    "class": CLASS,
    "superclass": "sh:targetClass e:Super",
    "subjects": "sh:targetSubjectsOf e:to",
    "objects": "sh:targetObjectsOf e:to",
    "node": "sh:targetNode e:n1 , e:n3 , e:nowhere",
}


def graph(seed: int, *, torn: bool) -> str:
    """Give a graph: some nodes refer to one that has no lines; half of them state a hierarchy."""
    dice = random.Random(seed)
    lines = [line for line in linked(dice, NODES) if not line.startswith(f"<{E}n0>")]
    if seed % 2:
        above = f"<{E}C> <{RDFS}subClassOf> <{E}Super> <{E}g0> .\n"
        lines.insert(dice.randrange(len(lines)) if torn else len(lines), above)
    else:
        lines.append(f"<{E}n1> <{RDF_TYPE}> <{E}Super> <{E}g0> .\n")
    if torn:
        dice.shuffle(lines)
    return "".join(lines)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", SHAPES)
def test_pieces_of_linked_nodes(
    tmp_path: Path, name: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.nq"
    head = HEAD + f"@prefix rdf: <{RDF_TYPE.removesuffix('type')}> .\n"
    text = f"{head} e:S a sh:NodeShape ; {TARGETS[target]} ; {SHAPES[name]} ."
    shapes.write_text(text, encoding="utf-8")
    is_local = locality(shapes_graph([shapes])).is_local
    cut, broken = 0, 0
    for seed in range(GRAPHS):
        # how many pieces must ask for a node's class before they get all its lines
        monkeypatch.setattr(chunks, "_SHARED", seed % 3)
        data.write_text(graph(seed, torn=seed % 4 == 3), encoding="utf-8", newline="\n")
        whole = validate_data(data, shapes)
        broken += len(whole.results)
        for most in (1, 250, 700, WHOLE):
            run = validate_quads(data, shapes=[shapes], chunk_bytes=most)
            assert run.results == distinct(whole.results)
            assert run.focus_nodes == whole.focus_nodes
            cut += run.chunks > 1
    assert broken
    assert cut or not is_local
