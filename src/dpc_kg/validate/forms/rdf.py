"""The report of an export as RDF: a ``sh:ValidationReport`` whose results name their cells."""

from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox

from dpc_kg.base.faults import SOURCE, Fault
from dpc_kg.base.vocab import CODES, PREFIXES, RDF_TYPE, RDFS, SH, XSD
from dpc_kg.validate.report import CheckReport, all_groups, place
from dpc_kg.validate.results import VIOLATION, Result
from dpc_kg.validate.shaclreport import result_triples
from dpc_kg.validate.wording import word

_SOURCE = ox.NamedNode("http://purl.org/dc/terms/source")
_COMMENT = ox.NamedNode(RDFS + "comment")
_PREFIXES = ("sh", "xsd", "dcterms", "dpcsh", "code", "rdfs")


def to_rdf(report: CheckReport, lang: str = "en", *, form: str = "ttl") -> str:
    """Give the report (SHACL 1.0, section 3.6) as Turtle (``ttl``) or JSON-LD (``jsonld``).

    A result has its place as ``dcterms:source`` and no ``sh:value``. What is wrong with a cell
    itself, before any shape, has the fault's code for its constraint component. How many results
    are not told is a comment of the report: SHACL has no term for it.
    """
    triples = list(_report(report, lang))
    if form == "jsonld":
        made = ox.serialize(triples, format=ox.RdfFormat.JSON_LD)
    else:
        prefixes = {name: PREFIXES[name] for name in _PREFIXES if name in PREFIXES}
        made = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return (made or b"").decode("utf-8")


def _report(report: CheckReport, lang: str) -> Iterator[ox.Triple]:
    top = ox.BlankNode("report")
    conforms = not (report.faults or report.warnings)
    flag = ox.Literal(str(conforms).lower(), datatype=ox.NamedNode(XSD + "boolean"))
    yield ox.Triple(top, ox.NamedNode(RDF_TYPE), ox.NamedNode(SH + "ValidationReport"))
    yield ox.Triple(top, ox.NamedNode(SH + "conforms"), flag)
    for group in all_groups(report, lang):
        if group.more:
            text = f"{group.rule}{word('colon', lang)}{group.beyond(lang)}"
            yield ox.Triple(top, _COMMENT, ox.Literal(text, language=lang))
    for number, (result, fault) in enumerate(_told(report), start=1):
        node = ox.BlankNode(f"r{number}")
        said = report.explained(fault, lang)
        text = said.hinted(report.hint(fault, lang))
        yield ox.Triple(top, ox.NamedNode(SH + "result"), node)
        yield from result_triples(node, result, [ox.Literal(text, language=said.lang)])
        where = ox.Literal(place(report, fault, lang), language=lang)
        yield ox.Triple(node, _SOURCE, where)


def _told(report: CheckReport) -> Iterator[tuple[Result, Fault]]:
    """Give the results of the shapes without their values, and the faults of cells as results.

    What follows from a cell that cannot be read is not said again.
    """
    unread = {fault.place for fault in report.faults if fault.rule.startswith(SOURCE)}
    for result, fault in report.results:
        if fault.place not in unread:
            yield replace(result, value=None), fault
    for fault in report.faults:
        for rule in fault.rules:
            if rule.startswith(SOURCE):
                code = f"{CODES}source-fault/{rule.removeprefix(SOURCE)}"
                focus = fault.record or "_:row"
                yield (
                    Result(focus, None, None, code, None, VIOLATION),
                    replace(fault, rules=(rule,)),
                )
