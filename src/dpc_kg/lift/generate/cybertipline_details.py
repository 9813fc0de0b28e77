"""What the interface allows beside the usual blocks: answers, flags, dates and linked accounts.

Drawn from random numbers of its own, so that the rest of a record does not change with it.
"""

import random
from xml.etree.ElementTree import Element, SubElement

from dpc_kg.lift.generate import cybertipline_values as values
from dpc_kg.lift.generate.cybertipline_people import add

ODD_KIND = "Famille exemple"
BLOCKS = ("personOrUserReported", "intendedRecipient", "victim")


def enrich(submission: Element, rng: random.Random, *, odd_codes: bool) -> list[str]:
    """Add to a submission; give the paths of codes without a place."""
    report = submission.find("report")
    if report is None:
        return []
    if rng.random() < 0.4:
        _opening(submission, rng)
    if rng.random() < 0.04:
        SubElement(report, "internetDetails")
    for block in (b for tag in BLOCKS for b in report.findall(tag)):
        _account(block, rng, odd_codes=odd_codes)
    if rng.random() < 0.05:
        SubElement(SubElement(report, "victim"), "victimPerson")
    return _placeless(report)


def _placeless(report: Element) -> list[str]:
    """Give the path of every kind of linked account that the interface does not know."""
    found = []
    for tag in BLOCKS:
        blocks = report.findall(tag)
        for i, block in enumerate(blocks, start=1):
            at = f"report/{tag}[{i}]" if len(blocks) > 1 else f"report/{tag}"
            linked = block.findall("associatedAccount")
            for k, one in enumerate(linked, start=1):
                index = f"[{k}]" if len(linked) > 1 else ""
                if one.get("accountType") == ODD_KIND:
                    found.append(f"{at}/associatedAccount{index}/@accountType")
    return found


def _opening(submission: Element, rng: random.Random) -> None:
    """Put the answer to the opening of the report before that to its end."""
    answer = Element("reportResponse")
    add(answer, "responseCode", "0")
    add(answer, "reportId", submission.findtext("reportDoneResponse/reportId") or "")
    submission.insert(0, answer)
    code = submission.find("reportDoneResponse/responseCode")
    if code is not None and rng.random() < 0.1:
        code.text = rng.choice(("3300", "4200"))


def _account(block: Element, rng: random.Random, *, odd_codes: bool) -> None:
    _flags(block, rng)
    for event in block.findall("ipCaptureEvent"):
        _event(event, rng)
    if block.tag != "personOrUserReported" and rng.random() < 0.15:
        for _ in range(rng.choice((1, 1, 3))):
            _put(block, "priorCTReports", str(rng.randint(10_000_000, 10_999_999)))
    location = block.find("estimatedLocation")
    if location is not None and rng.random() < 0.4:
        location.set("timestamp", f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T08:30:00Z")
    if rng.random() < 0.12:
        _linked(block, rng, odd_codes=odd_codes)


def _flags(block: Element, rng: random.Random) -> None:
    if rng.random() < 0.15:
        _put(block, "allEmailsReported", rng.choice(("true", "false", " true ")))
    for tag in ("compromisedAccount", "thirdPartyUserReported"):
        found = block.find(tag)
        if found is not None and rng.random() < 0.4:
            found.text = "true"
    doubt = block.find(f"{block.tag}Person/ageAssertionDiscrepancy")
    if doubt is not None and rng.random() < 0.3:
        doubt.text = "false"
    service = rng.choice(values.SERVICES)[0]
    if block.tag != "personOrUserReported" and rng.random() < 0.3:
        _put(block, "espService", service)


def _event(event: Element, rng: random.Random) -> None:
    name, proxy = event.find("eventName"), event.find("possibleProxy")
    if name is not None and rng.random() < 0.1:
        name.text = "Purchase"
    if proxy is not None and rng.random() < 0.5:
        proxy.text = "true"


def _linked(block: Element, rng: random.Random, *, odd_codes: bool) -> None:
    """Append accounts linked to this one; now and then of a kind the interface does not know."""
    for _ in range(rng.choice((1, 1, 2))):
        linked = _put(block, "associatedAccount", None)
        kind = rng.choice((*values.ACCOUNT_TYPES, "Parent/Guardian"))
        if odd_codes and rng.random() < 0.1:
            kind = ODD_KIND
        linked.set("accountType", kind)
        if rng.random() < 0.5:
            linked.set("thirdPartyUser", rng.choice(("true", "false")))
        add(linked, "screenName", f"linked_{rng.randint(1000, 9999)}")


def _put(block: Element, tag: str, text: str | None) -> Element:
    """Put an element before the free text that ends a block."""
    made = Element(tag)
    made.text = text
    tags = [child.tag for child in block]
    block.insert(tags.index("additionalInfo") if "additionalInfo" in tags else len(tags), made)
    return made
