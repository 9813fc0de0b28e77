"""The report as JUnit XML, for a vendor's own build: a test case for each rule that was broken."""

from collections import Counter

from lxml import etree

from dpc_kg.validate.forms.text import line
from dpc_kg.validate.report import CheckReport, Group, all_groups, verdict
from dpc_kg.validate.wording import word


def to_junit(report: CheckReport, lang: str = "en") -> str:
    """Give the report as one suite of tests.

    A rule that refuses records is a failed case that lists its places; one that only warns is a
    passed case with the places as its output; the export as a whole is the first case.
    """
    found = all_groups(report, lang)
    counts = Counter(group.severity == "Violation" for group in found)
    failures = counts[True] + (not report.conforms)
    suite = etree.Element(
        "testsuite",
        name="dpc-kg validate",
        tests=str(len(found) + 1),
        failures=str(failures),
        errors="0",
        skipped="0",
    )
    name = "data" if report.is_data else "export"
    whole = etree.SubElement(suite, "testcase", classname=name, name=verdict(report, lang))
    if not report.conforms:
        etree.SubElement(whole, "failure", type="refused", message=verdict(report, lang))
    for group in found:
        _case(suite, report, group, lang)
    top = etree.Element("testsuites")
    top.append(suite)
    text = etree.tostring(top, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return text.decode("utf-8")


def _case(suite: etree._Element, report: CheckReport, group: Group, lang: str) -> None:
    case = etree.SubElement(suite, "testcase", classname=group.kind, name=group.rule)
    if group.severity == "Violation":
        out = etree.SubElement(case, "failure", type=group.kind, message=group.heading(lang))
    else:
        out = etree.SubElement(case, "system-out")
    lines = [group.said.text, word("why", lang, text=group.said.why)]
    lines += [line(report, fault, lang) for fault in group.faults]
    out.text = "\n".join([*lines, group.beyond(lang)] if group.more else lines)
