"""A walk over the filled cells of an export, which may change them.

Every file is read and written again by the libraries of others, never by the lift's own reading.
"""

import json
from collections.abc import Callable

from lxml import etree

from tests.lift.laws.exports import Export, json_records
from tests.lift.laws.graphs import jsonld, turtle
from tests.lift.laws.leaves import Leaf, Walk, setter
from tests.lift.laws.tables import book, table, tabular


def walk(
    made: Export, visit: Callable[[Leaf], None], undeclared: Callable[[], str] | None = None
) -> None:
    """Visit every leaf and write the files again; with ``undeclared`` each record gets one more."""
    # several queries may be asked of one file
    sources = {s.given: s for s in made.plan.sources if s.given in made.sources}
    decisions = made.decisions
    for source in sources.values():
        for path in made.files(source):
            one = Walk(made.plan, source, decisions, path, visit, undeclared)
            _WALKS[source.formulation, path.suffix](one)


def objects(one: Walk) -> None:
    """Walk over the records of a JSON file."""
    document = json.loads(one.path.read_text(encoding="utf-8-sig"))
    for number, record in enumerate(json_records(document, one.source.iterator or "$"), start=1):
        one.members(number, "", record)
        if one.undeclared is not None and isinstance(record, dict):
            record["zzNote"] = one.undeclared()
    one.path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def elements(one: Walk) -> None:
    """Walk over the records of an XML file."""
    tree = etree.parse(str(one.path))
    source = one.source
    records = tree.xpath(source.iterator or "/*", namespaces=dict(source.namespaces) or None)
    assert isinstance(records, list)
    for number, record in enumerate(records, start=1):
        assert isinstance(record, etree._Element)
        _element(one, number, "", record)
        if one.undeclared is not None:
            etree.SubElement(record, "zzNote").text = one.undeclared()
    tree.write(str(one.path), encoding="utf-8", xml_declaration=True)


def _element(one: Walk, row: int, at: str, node: etree._Element) -> None:
    for name, value in list(node.attrib.items()):
        if str(value).strip() and not str(name).startswith("{"):
            place = f"{at}/@{name!s}" if at else f"@{name!s}"
            one.leaf(row, place, str(value), setter(node.attrib, name))
    children = [e for e in node if isinstance(e.tag, str)]
    for child in children:
        _element(one, row, f"{at}/{child.tag}" if at else str(child.tag), child)
    if not children and at and (node.text or "").strip():

        def put(text: str) -> None:
            node.text = text

        one.leaf(row, at, (node.text or "").strip(), put)


_WALKS = {
    ("CSV", ".csv"): table,
    ("CSV", ".json"): tabular,
    ("CSV", ".xlsx"): book,
    ("JSONPath", ".json"): objects,
    ("SPARQL", ".json"): jsonld,
    ("SPARQL", ".ttl"): turtle,
    ("XPath", ".xml"): elements,
}
"""The walk over a file, by what its source is read as and by its ending."""
