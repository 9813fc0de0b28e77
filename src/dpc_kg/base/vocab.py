"""Namespaces, once. The base IRI is reserved and not yet registered (DESIGN section 4)."""

BASE = "https://w3id.org/dpc/"
DPC = BASE + "cdm#"
SHAPES = BASE + "shapes#"
FN = BASE + "fn#"
CODES = BASE + "codes/"
EXT = BASE + "ext/"
ID = BASE + "id/"
GRAPH = BASE + "graph/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SH = "http://www.w3.org/ns/shacl#"
RML = "http://w3id.org/rml/"
PROV = "http://www.w3.org/ns/prov#"

RDF_TYPE = RDF + "type"

PREFIXES: dict[str, str] = {
    "code": CODES,
    "dcterms": "http://purl.org/dc/terms/",
    "dpc": DPC,
    "dpcf": FN,
    "dpcsh": SHAPES,
    "ext": EXT,
    "graph": GRAPH,
    "id": ID,
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prof": "http://www.w3.org/ns/dx/prof/",
    "prov": PROV,
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": RDF,
    "rdfs": RDFS,
    "rml": RML,
    "schema": "https://schema.org/",
    "sh": SH,
    "skos": SKOS,
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": XSD,
}


def local_name(iri: str) -> str:
    """Give the part of ``iri`` after its last ``#`` or ``/``.

    >>> local_name("https://w3id.org/dpc/cdm#Report")
    'Report'
    """
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
