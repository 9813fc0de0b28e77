"""How terms stand in the files of standards: one function a form of file.

Each takes the bytes of a file and the options of ``targets.toml`` and gives the IRIs found. Where
a standard has no IRIs, option ``base`` and the percent-encoded notation make one.
"""

import ast
import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from lxml import etree
from rdflib import Graph, URIRef

Options = dict[str, str]
Finder = Callable[[bytes, Options], Iterator[str]]

_ODF = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_ODF_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def stub(base: str, notation: str) -> str:
    """Give the IRI of a notation under ``base``; slashes stay.

    >>> stub("https://w3id.org/dpc/ext/ncmec-incident-type/", "Child Sex Trafficking")
    'https://w3id.org/dpc/ext/ncmec-incident-type/Child%20Sex%20Trafficking'
    """
    return base + quote(notation, safe="/")


def rdf(content: bytes, options: Options) -> Iterator[str]:
    """Give what a statement is made about: the subjects of an RDF file (option ``format``)."""
    graph = Graph()
    graph.parse(data=content.decode("utf-8"), format=options.get("format", "turtle"))
    yield from {str(subject) for subject in graph.subjects() if isinstance(subject, URIRef)}


def table(content: bytes, options: Options) -> Iterator[str]:
    """Give the values of a CSV ``column``, split at ``split``, of rows where ``key`` is ``value``.

    A value is a name with a prefix (option ``prefix`` of which ``base`` is the namespace) or a
    notation under ``base``.
    """
    prefix = options.get("prefix", "")
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        if "key" in options and row[options["key"]] != options["value"]:
            continue
        text = row[options["column"]]
        for value in text.split(options["split"]) if "split" in options else (text,):
            if value.startswith(prefix):
                yield stub(options["base"], value.removeprefix(prefix))


def schema(content: bytes, options: Options) -> Iterator[str]:
    """Give what an XML schema declares or refers to: namespace and name, joined."""
    root = etree.fromstring(content, _PARSER)
    target = root.get("targetNamespace", "")
    for element in root.iter(etree.Element):
        if element.get("name") and element.getparent() is root:
            yield target + element.get("name", "")
        for attribute in ("ref", "type", "base"):
            prefix, colon, local = element.get(attribute, "").partition(":")
            if colon and prefix in element.nsmap:
                yield str(element.nsmap[prefix]) + local


def entities(content: bytes, options: Options) -> Iterator[str]:
    """Give the entities of a Microsoft CDM document and their attributes."""
    document = json.loads(content.decode("utf-8-sig"))
    for definition in document["definitions"]:
        if "entityName" in definition:
            entity = stub(options["base"], definition["entityName"])
            yield entity
            for name in _attributes(definition.get("hasAttributes", [])):
                yield f"{entity}/{quote(name)}"


def sheet(content: bytes, options: Options) -> Iterator[str]:
    """Give the cells under the heading ``column`` in the first sheet of an ODS workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        root = etree.fromstring(book.read("content.xml"), _PARSER)
    rows = [_cells(row) for row in root.iter(f"{{{_ODF}}}table-row")]
    place = rows[0].index(options["column"])
    for cells in rows[1:]:
        if len(cells) > place and cells[place]:
            yield stub(options["base"], cells[place])


def members(content: bytes, options: Options) -> Iterator[str]:
    """Give the values of a ``member`` of the objects in a JSON list, split at commas."""
    for item in json.loads(content):
        for value in item.get(options["member"], "").split(","):
            if value:
                yield stub(options["base"], value)


def namespace(content: bytes, options: Options) -> Iterator[str]:
    """Give the terms of an rdflib namespace class: its annotated names and extras."""
    for body in _classes(content):
        base = next((_namespace(line) for line in body.body if _namespace(line)), None)
        for line in body.body if base else ():
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                yield f"{base}{line.target.id}"


def resources(content: bytes, options: Options) -> Iterator[str]:
    """Give the classes of a Python module and their annotated fields: ``Task``, ``Task.status``."""
    for body in _classes(content):
        yield options["base"] + body.name
        for line in body.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                # names that Python keeps for itself carry an ending there
                yield f"{options['base']}{body.name}.{line.target.id.removesuffix('_fhir')}"


def objects(content: bytes, options: Options) -> Iterator[str]:
    """Give the STIX object types of a Python module and the names of their properties."""
    for body in _classes(content):
        kind = ""
        for line in body.body:
            if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name):
                continue
            if line.targets[0].id == "_type" and isinstance(line.value, ast.Constant):
                kind = stub(options["base"], str(line.value.value))
                yield kind
            elif line.targets[0].id == "_properties" and kind:
                yield from (f"{kind}/{name}" for name in _first_texts(line.value))


FINDERS: dict[str, Finder] = {
    "rdf": rdf,
    "csv": table,
    "xsd": schema,
    "cdm": entities,
    "ods": sheet,
    "json": members,
    "rdflib": namespace,
    "python": resources,
    "stix": objects,
}
"""The ways to find, by the name they have in ``targets.toml``."""


def _attributes(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "name" in node and node.keys() & {"dataType", "entity", "purpose"}:
            yield str(node["name"])
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from _attributes(item)


def _cells(row: Any) -> list[str]:
    found = []
    for cell in row.iterchildren(f"{{{_ODF}}}table-cell"):
        text = " ".join("".join(part.itertext()) for part in cell.iter(f"{{{_ODF_TEXT}}}p"))
        found += [text.strip()] * min(int(cell.get(f"{{{_ODF}}}number-columns-repeated", 1)), 50)
    return found


def _classes(content: bytes) -> Iterator[ast.ClassDef]:
    body = ast.parse(content.decode("utf-8")).body
    yield from (node for node in body if isinstance(node, ast.ClassDef))


def _namespace(line: ast.stmt) -> str | None:
    """Read ``_NS = Namespace("...")``."""
    if (
        isinstance(line, ast.Assign)
        and isinstance(line.targets[0], ast.Name)
        and line.targets[0].id == "_NS"
        and isinstance(line.value, ast.Call)
        and isinstance(line.value.args[0], ast.Constant)
    ):
        return str(line.value.args[0].value)
    return None


def _first_texts(node: ast.AST) -> Iterator[str]:
    """Give the first text of every pair in a list of pairs."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Tuple) and inner.elts:
            first = inner.elts[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
