"""Read the fields that samples and tables of published figures hold, by the paths the lift writes.

A sample shows the fields it happens to have; it is no full definition, and the page says so.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from lxml import etree

from tests.quality.coverage.definitions import member
from tests.quality.coverage.fields import Field, one

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


# --- JSON -----------------------------------------------------------------------------------------


def json_sample(
    source: str, path: Path, records: str = "", answers: Mapping[str, str] | None = None
) -> tuple[Field, ...]:
    """Give the leaves of a JSON sample.

    ``records`` names the member whose entries are the records. Where a list holds questions and
    answers, ``answers`` gives for the member that asks (``attribute``) the one that answers
    (``value``): the path of an answer then says to which question.
    """
    value: Any = json.loads(path.read_text(encoding="utf-8"))
    found = dict.fromkeys(
        leaf
        for each in (value[records] if records else [value])
        for leaf in _leaves(each, "", answers or {})
    )
    return tuple(_json_field(source, leaf) for leaf in found)


def _json_field(source: str, leaf: str) -> Field:
    """Give a field; a member of the outermost object may also stand without its brackets."""
    bare = re.sub(r"^\['(.*)'\]$", r"\1", leaf)
    return Field(f"{source}: {bare}", ((source, leaf), (source, bare)))


def _leaves(value: Any, path: str, answers: Mapping[str, str]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            step = member(name)
            whole = _entry(value, path, name, answers) + step if path else step.removeprefix(".")
            yield from _leaves(below, whole, answers)
    elif isinstance(value, list):
        if not value:
            yield f"{path}[*]"
        for below in value:
            yield from _leaves(below, f"{path}[*]", answers)
    else:
        yield path


def _entry(value: Mapping[str, Any], path: str, name: str, answers: Mapping[str, str]) -> str:
    for asks, answered in answers.items():
        if name == answered and asks in value:
            return f"{path.removesuffix('[*]')}[{asks}={value[asks]}]"
    return path


# --- XML ------------------------------------------------------------------------------------------


def xml_sample(source: str, path: Path) -> tuple[Field, ...]:
    """Give the elements with a text and the attributes below the root, without namespaces."""
    root = etree.fromstring(path.read_bytes())
    found = dict.fromkeys(leaf for child in root for leaf in _elements(child, ""))
    return tuple(one(source, leaf) for leaf in found)


def _elements(element: "etree._Element", above: str) -> Iterator[str]:
    path = above + etree.QName(element).localname
    yield from (f"{path}/@{etree.QName(name).localname}" for name in element.attrib)
    if len(element) == 0:
        yield path
    for child in element:
        yield from _elements(child, f"{path}/")


# --- published tables -----------------------------------------------------------------------------


def columns(source: str, path: Path) -> tuple[Field, ...]:
    """Give the columns of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(one(source, name) for name in next(csv.reader(file)))


def platforms(path: Path) -> tuple[Field, ...]:
    """Give the members of the file of platforms' own figures, and each label its columns have."""
    found = dict.fromkeys(_platforms(json.loads(path.read_text(encoding="utf-8"))))
    return tuple(Field(f"platforms: {name}", _written(name)) for name in found)


def _written(name: str) -> tuple[tuple[str, str], ...]:
    """Give where ``fields.csv`` has a member: ``*`` stands for an organisation's name."""
    if name.startswith("columns."):
        return (("platforms", name),)
    if name == "<organisation>":
        return (("platforms", "*"),)
    if name.startswith("@."):
        return (("platforms", "*" + member(name.removeprefix("@."))),)
    path = name.replace(".<period>", ".*")
    return (("platforms", f"*.{path}[*]"), ("platforms", f"*.{path}"))[path.endswith("[*]") :]


def _platforms(whole: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"@.{name}" for name in whole["@"])
    yield "<organisation>"
    for name, about in whole.items():
        if name == "@" or about is None:
            continue
        for key, value in about.items():
            if key == "features":
                yield from (f"features.{feature}" for feature in value)
            elif key == "rows":
                yield from (path for row in value for path in _rows(row))
            else:
                yield key
        yield from (f"columns.{label}" for label in about.get("columns", ()))


def _rows(row: Mapping[str, Any]) -> Iterator[str]:
    """Give the paths of a row: its one member is named after the period and holds the figures."""
    for name, value in row.items():
        if isinstance(value, list):
            yield from ("rows[*].<period>", "rows[*].<period>[*]")
        else:
            yield f"rows[*].{name}"


# --- RDF ------------------------------------------------------------------------------------------

_PREFIXES = {
    "http://purl.org/co/": "co",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "https://cacontology.projectvic.org#": "cac",
    "https://cacontology.projectvic.org/hotlines#": "cac-hotlines",
}
_FAMILIES = (
    "https://ontology.unifiedcyberontology.org/uco/",
    "https://ontology.caseontology.org/case/",
)


def graph_sample(source: str, paths: Sequence[Path]) -> tuple[Field, ...]:
    """Give every class of example graphs, and every property with the class that carries it.

    Names of other vocabularies, which the examples invent, are no part of a standard: left out.
    """
    found: dict[str, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_terms(_graph(path))))
    return tuple(one(source, name) for name in sorted(found))


@lru_cache(maxsize=16)
def _graph(path: Path) -> tuple[ox.Triple, ...]:
    # the examples bring their contexts with them
    kind = ox.RdfFormat.TURTLE if path.suffix == ".ttl" else ox.RdfFormat.JSON_LD
    read = ox.parse(path.read_bytes(), format=kind, base_iri="https://w3id.org/dpc/file/")
    return tuple(quad.triple for quad in read)


def _terms(triples: Sequence[ox.Triple]) -> Iterator[str]:
    classes: dict[object, set[str]] = {}
    for triple in triples:
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            name = _short(triple.object.value)
            if name:
                classes.setdefault(triple.subject, set()).add(name.partition(":")[2])
    for subject in classes.values():
        yield from subject
    for triple in triples:
        prop = _short(triple.predicate.value)
        if triple.predicate != _TYPE and prop:
            yield from (f"{name}/{prop}" for name in classes.get(triple.subject, ()))


def _short(iri: str) -> str:
    """Give ``prefix:name`` of a name in a known vocabulary, else nothing."""
    name = re.split("[#/]", iri)[-1]
    space = iri.removesuffix(name)
    for family in _FAMILIES:
        if iri.startswith(family):
            return f"{space.removeprefix(family).rstrip('/')}:{name}"
    prefix = _PREFIXES.get(space)
    return f"{prefix}:{name}" if prefix else ""
