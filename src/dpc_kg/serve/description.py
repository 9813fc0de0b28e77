"""The service description: what the endpoint can do, and nothing of who has data in it.

SPARQL 1.1 Service Description. The graphs are not listed: their names would tell who reports.
"""

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF_TYPE

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"

_RESULTS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)


def describe(endpoint: str, form: str) -> bytes:
    """Give the description of the endpoint with the IRI ``endpoint``.

    ``form`` is ``turtle ntriples rdfxml jsonld``.
    """
    service = ox.NamedNode(endpoint)
    dataset, default = ox.NamedNode(endpoint + "#dataset"), ox.NamedNode(endpoint + "#all")
    facts: list[tuple[ox.NamedNode, str, ox.NamedNode]] = [
        (service, RDF_TYPE, _sd("Service")),
        (service, SD + "endpoint", service),
        (service, SD + "supportedLanguage", _sd("SPARQL11Query")),
        (service, SD + "feature", _sd("UnionDefaultGraph")),
        (service, SD + "defaultDataset", dataset),
        (dataset, RDF_TYPE, _sd("Dataset")),
        (dataset, SD + "defaultGraph", default),
        (default, RDF_TYPE, _sd("Graph")),
        *((service, SD + "resultFormat", ox.NamedNode(FORMATS + name)) for name in _RESULTS),
    ]
    triples = [ox.Triple(s, ox.NamedNode(p), o) for s, p, o in facts]
    prefixes = {"sd": SD, "formats": FORMATS}
    return ox.serialize(triples, format=_FORMS[form], prefixes=prefixes) or b""


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)


_FORMS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
