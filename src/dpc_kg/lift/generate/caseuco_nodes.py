"""Nodes of a synthetic graph, as JSON-LD objects, and the files they are written to."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Node = dict[str, Any]

KB = "http://example.org/kb/"
_UCO = "https://ontology.unifiedcyberontology.org/uco/"
PREFIXES = {
    "action": f"{_UCO}action/",
    "cac-hotlines": "https://cacontology.projectvic.org/hotlines#",
    "co": "http://purl.org/co/",
    "core": f"{_UCO}core/",
    "identity": f"{_UCO}identity/",
    "investigation": "https://ontology.caseontology.org/case/investigation/",
    "kb": KB,
    "location": f"{_UCO}location/",
    "observable": f"{_UCO}observable/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "role": f"{_UCO}role/",
    "tool": f"{_UCO}tool/",
    "types": f"{_UCO}types/",
    "uco-core": f"{_UCO}core/",
    "victim": f"{_UCO}victim/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Two prefixes stand for one name space, as in files put together from several tools."""


def node(name: str, kind: str, **members: Any) -> Node:
    """Give a node; a member ``core__name`` is ``core:name``, one of None is left out."""
    return {"@id": f"kb:{name}", **facet(kind, **members)}


def facet(kind: str, **members: Any) -> Node:
    """Give a node without a name of its own."""
    named = {k.replace("__", ":"): v for k, v in members.items() if v is not None}
    return {"@type": kind, **named}


def link(*nodes: Node) -> list[Node]:
    """Give references to nodes."""
    return [{"@id": one["@id"]} for one in nodes]


def moment(text: str) -> Node:
    """Give a literal of a point in time, whether it is one or not."""
    return {"@type": "xsd:dateTime", "@value": text}


def number(value: int) -> Node:
    """Give a literal of a whole number."""
    return {"@type": "xsd:integer", "@value": str(value)}


def in_order(nodes: list[Node]) -> Iterator[Node]:
    """Give the nodes that are described, as they first stand in a file."""
    for one in nodes:
        if set(one) <= {"@id"} or "@value" in one:
            continue
        yield one
        for value in one.values():
            inner = value if isinstance(value, list) else [value]
            yield from in_order([item for item in inner if isinstance(item, dict)])


def write_jsonld(nodes: list[Node], path: Path) -> None:
    """Write nodes as JSON-LD, the context in the file."""
    document = {"@context": PREFIXES, "@graph": nodes}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_turtle(nodes: list[Node], path: Path) -> None:
    """Write nodes without facets as Turtle."""
    head = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in PREFIXES.items()]
    blocks = [_block(one) for one in nodes]
    path.write_text("\n".join([*head, "", *blocks]), encoding="utf-8", newline="\n")


def _block(one: Node) -> str:
    pairs = [f"    a {one['@type']}"]
    for name, value in one.items():
        if not name.startswith("@"):
            values = value if isinstance(value, list) else [value]
            pairs.append(f"    {name} {' , '.join(_term(v) for v in values)}")
    return f"{one['@id']}\n" + " ;\n".join(pairs) + " .\n"


def _term(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and "@id" in value:
        return str(value["@id"])
    if isinstance(value, dict):
        return f"{json.dumps(value['@value'], ensure_ascii=False)}^^{value['@type']}"
    return json.dumps(value, ensure_ascii=False)
