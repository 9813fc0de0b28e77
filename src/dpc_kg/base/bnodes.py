"""Names for blank nodes that follow from what they hold, where blank nodes form trees.

Lists and nested descriptions are trees: each node is named after its own content and the place
where it hangs. Canonicalising them as a general graph takes minutes for a large file.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

Triple = tuple["Node", "Node", "Node"]
_LONGEST = 600


def labelled(graph: "Graph") -> list[Triple] | None:
    """Give the triples with blank nodes named after content and place; None if they are no trees.

    A blank node that two statements refer to, or that leads back to itself, has no such name.
    """
    from rdflib import BNode

    parents: dict[Node, tuple[Node, Node]] = {}
    blanks = {s for s in graph.subjects() if isinstance(s, BNode)}
    for subject, predicate, value in graph:
        if isinstance(value, BNode):
            if value in parents:
                return None
            parents[value] = (subject, predicate)
            blanks.add(value)
    roots = [node for node in blanks if not isinstance(parents.get(node, (None,))[0], BNode)]
    order = _down(graph, roots)
    if len(order) != len(blanks):
        return None
    names = _names(graph, order, parents)
    return [(names.get(s, s), p, names.get(o, o)) for s, p, o in graph]


def _down(graph: "Graph", roots: Iterable["Node"]) -> list["Node"]:
    """Give all blank nodes below the roots, parents first."""
    from rdflib import BNode

    order: list[Node] = []
    queue = list(roots)
    while queue:
        node = queue.pop()
        order.append(node)
        queue += [value for value in graph.objects(node) if isinstance(value, BNode)]
    return order


def _names(
    graph: "Graph", order: list["Node"], parents: dict["Node", tuple["Node", "Node"]]
) -> dict["Node", "Node"]:
    """Name the nodes by their rank: an edit inside one moves only that one."""
    from rdflib import BNode

    content: dict[Node, str] = {}
    for node in reversed(order):
        held = sorted(
            f"{p.n3()} {content[o] if isinstance(o, BNode) else o.n3()}"
            for p, o in graph.predicate_objects(node)
        )
        content[node] = _short(" ".join(held))
    place: dict[Node, str] = {}
    for node in order:
        above, by = parents.get(node, (None, None))
        hangs = "" if above is None else f"{place.get(above, str(above))} {by}"
        place[node] = _short(f"{content[node]} {hangs}")
    ranked = sorted(order, key=lambda node: place[node])
    return {node: BNode(f"b{rank:07d}") for rank, node in enumerate(ranked)}


def _short(text: str) -> str:
    """Keep the beginning, which orders, and a digest of the rest, which tells apart."""
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST] + sha256(text.encode()).hexdigest()
