"""Small graphs of linked nodes and queries that read across them, for laws of validation."""

import random

from dpc_kg.base.vocab import RDF_TYPE, SH, XSD

E = "http://e/"
HEAD = f"""
@prefix sh: <{SH}> . @prefix e: <{E}> . @prefix xsd: <{XSD}> .
e:o sh:declare [ sh:prefix "e" ; sh:namespace "{E}"^^xsd:anyURI ] .
"""
CLASS = "sh:targetClass e:C"
QUERIES = {
    "same-key": "SELECT $this ?value WHERE { $this e:key ?value . ?o e:key ?value "
    "FILTER(?o != $this) }",
    "inverse": "SELECT $this ?value WHERE { ?value e:to $this . ?value e:key ?k FILTER(?k > 2) }",
    "aggregate": "SELECT $this (COUNT(?x) AS ?n) WHERE { ?x e:to $this } "
    "GROUP BY $this HAVING (COUNT(?x) > 1)",
    "subquery": "SELECT $this ?value WHERE { $this e:key ?value "
    "{ SELECT $this (COUNT(?x) AS ?n) WHERE { $this e:to ?x } GROUP BY $this } FILTER(?n > 1) }",
    "union": "SELECT $this ?value WHERE { { $this e:to ?value } UNION { ?value e:to $this } "
    "?value a e:D }",
    "optional": "SELECT $this WHERE { $this e:key ?k OPTIONAL { ?x e:to $this } "
    "FILTER(!BOUND(?x)) }",
    "not-exists": "SELECT $this WHERE { FILTER NOT EXISTS { ?x e:to $this FILTER(?x != $this) } }",
    "path": "SELECT $this ?value WHERE { $this e:to+ ?value . ?value e:to $this }",
    "any-predicate": "SELECT $this ?path WHERE { ?o ?path $this . ?o e:key 1 }",
    "bind": "SELECT $this ?value WHERE { BIND(STR($this) AS ?value) ?o e:name ?value }",
    "literal": "SELECT $this ?value WHERE { ?o e:to $this ; e:name ?value FILTER(?value < 'f') }",
}


def node_lines(dice: random.Random, number: int, count: int) -> list[str]:
    """Give the lines of one node of ``count``; the last of them stands in two graphs."""
    node = f"<{E}n{number}>"
    found = [f"{node} <{RDF_TYPE}> <{E}{dice.choice('CCD')}>"]
    if dice.random() < 0.9:
        found.append(f'{node} <{E}key> "{dice.randrange(6)}"^^<{XSD}integer>')
    for _ in range(dice.randrange(3)):
        found.append(f"{node} <{E}to> <{E}n{dice.randrange(count)}>")
    found.append(f'{node} <{E}name> "{dice.choice([f"{E}n{dice.randrange(count)}", "a"])}"')
    lines = [f"{line} <{E}g{dice.randrange(2)}> .\n" for line in dict.fromkeys(found)]
    return [*lines, f"{found[-1]} <{E}g2> .\n"]


def linked(dice: random.Random, count: int) -> list[str]:
    """Give the lines of linked nodes of two classes, in N-Quads."""
    return [line for number in range(count) for line in node_lines(dice, number, count)]
