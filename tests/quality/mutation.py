"""A way to break a tree, and the makers of the usual ways."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.quality.tree import Tree

DPC = "https://w3id.org/dpc/cdm#"
CODES = "https://w3id.org/dpc/codes/"
SHAPES = "https://w3id.org/dpc/shapes#"
PREFIXES = f"""
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dpc: <{DPC}> .
@prefix dpcsh: <{SHAPES}> .
@prefix code: <{CODES}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix step: <https://w3id.org/dpc/process/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Changes = Mapping[str, str | None]


@dataclass(frozen=True)
class Mutation:
    """A way to break a tree, and a piece of what must be said of it."""

    changes: Callable[[Tree], Changes]
    says: str


def add(name: str, turtle: str, says: str) -> Mutation:
    """Add statements to a Turtle file."""
    return Mutation(lambda tree: {name: f"{tree.text(name)}\n{PREFIXES}\n{turtle}\n"}, says)


def swap(name: str, old: str, new: str, says: str) -> Mutation:
    """Replace a text everywhere in a file."""

    def changes(tree: Tree) -> Changes:
        text = tree.text(name)
        assert old in text, f"{name} has no {old}"
        return {name: text.replace(old, new)}

    return Mutation(changes, says)


def new(name: str, text: str, says: str) -> Mutation:
    """Add a file."""
    return Mutation(lambda _: {name: text}, says)


def cube(turtle: str, says: str) -> Mutation:
    """Add statements to the structures of the data cube."""
    return add("ontology/structures/statistics.ttl", turtle, says)


def rows(*added: str) -> Callable[[Tree], Changes]:
    """Add rows to the alignments with schema.org, each written as ``column=cell column=cell``."""
    name = "mappings/align/schema-org.sssom.tsv"

    def changes(tree: Tree) -> Changes:
        lines = tree.text(name).rstrip("\n").split("\n")
        heads = next(line for line in lines if not line.startswith("#")).split("\t")
        for row in added:
            given = dict(pair.split("=", 1) for pair in row.split(" "))
            lines.append("\t".join(given.get(head, "") for head in heads))
        return {name: "\n".join(lines) + "\n"}

    return changes
