"""A second, plain reading of a CyberTipline archive, to compare the lift with.

It knows the mapping's meaning but none of its machinery: dates by `datetime`, pseudonyms by `hmac`.
"""

import csv
import hashlib
import hmac
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

BASE = "https://w3id.org/dpc/"
CODES, CDM, EXT = BASE + "codes/", BASE + "cdm#", BASE + "ext/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
ROLES = {"personOrUserReported": "reported", "intendedRecipient": "recipient", "victim": "child"}
SCHEMES = {"response-code": "ncmec-response-code", "internet-incident": "internet-incident-type"}
Triple = tuple[str, str, str]


class Reading:
    """The triples of one archive."""

    def __init__(self, codes: Path, org: str, key: bytes, coalition: bytes | None) -> None:
        self.org, self.key, self.coalition = org, key, coalition
        self.triples: set[Triple] = set()
        with codes.open(encoding="utf-8", newline="") as file:
            self.codes = {(r["list"], r["value"]): r for r in csv.DictReader(file)}
        self.schemes = {listed: row["scheme"] for (listed, _), row in self.codes.items()}

    def read(self, reports: Path, files: Path) -> set[Triple]:
        """Give all triples but those of unmapped items."""
        latest: dict[str, etree._Element] = {}
        for record in etree.parse(str(reports)).getroot():
            number = _text(record, "reportDoneResponse/reportId") or ""
            known = latest.get(number)
            if known is None or _attribute(known, "updatedAt") < _attribute(record, "updatedAt"):
                latest[number] = record
        for number, record in latest.items():
            self.report(number, record)
        self.files(etree.parse(str(files)).getroot())
        return self.triples

    def iri(self, kind: str, *keys: str) -> str:
        text = "\x1f".join((self.org, kind, *keys))
        name = hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()
        return f"<{BASE}id/{self.org}/{kind}/{name}>"

    def me(self) -> str:
        return f"<{BASE}id/{self.org}/organization/{self.org}>"

    def add(self, subject: str, **properties: str | None) -> None:
        for name, value in properties.items():
            predicate = TYPE if name == "type" else CDM + name
            if value is not None:
                self.triples.add((subject, f"<{predicate}>", value))

    def code(self, listed: str, scheme: str, value: str | None, default: str | None = None) -> str:
        if not value:
            return _code(default or "")
        row = self.codes.get((listed, value))
        return _code(row["code"] if row and row["code"] else f"{scheme}/unmapped")

    def classification(self, of: str, subject: str, listed: str, scheme: str, value: str) -> None:
        raw = f'"{value}"' if (listed, value) in self.codes else None
        self.add(
            subject,
            type=_class("Classification"),
            isClassificationOf=of,
            hasCode=self.code(listed, scheme, value),
            hasScheme=f"<{EXT}{self.schemes[listed]}>",
            rawNotation=raw,
        )

    def report(self, number: str, record: etree._Element) -> None:
        me = self.iri("platform-report", number)
        summary = record.find("report/incidentSummary")
        assert summary is not None
        incident = datetime.fromisoformat(_text(summary, "incidentDateTime") or "")
        submitted = datetime.fromisoformat(_attribute(record, "submittedAt"))
        seconds = int(submitted.timestamp()) - int(incident.timestamp())
        account = record.find("report/personOrUserReported")
        country = None if account is None else _country(account)
        self.add(
            me,
            type=_class("PlatformReport"),
            receivedAt=_month(submitted),
            receivedAtPrecision=_code("precision/month"),
            receivedBy=self.me(),
            hasStatus=_code(f"report-status/{_attribute(record, 'status')}"),
            onPlatform=self.platform(_text(summary, "platform")),
            incidentAt=_month(incident),
            incidentAtPrecision=_code("precision/month"),
            incidentToReportSeconds=f'"{seconds}"^^<{XSD}integer>',
            isPriority=_yes(summary.find("escalateToHighPriority") is not None),
            refArea=country,
        )
        kind = _text(summary, "incidentType") or ""
        subject = self.iri("classification", number, "incident-type")
        self.classification(me, subject, "incident-type", "concern", kind)
        self.flags(me, number, summary.find("reportAnnotations"), "report-annotation")
        self.answers(me, record)
        for index, victim in enumerate(record.findall("report/victim")):
            self.add(
                self.iri("victim-survivor-role", number, str(index)),
                type=_class("VictimSurvivorRole"),
                isVictimIn=me,
                ageBand=_band(_text(victim, "victimPerson/age")),
                ageDisputed=_said(_text(victim, "victimPerson/ageAssertionDiscrepancy")),
                refArea=_country(victim),
            )
        for tag, role in ROLES.items():
            for index, block in enumerate(record.findall(f"report/{tag}")):
                self.account(number, block, role, str(index))

    def answers(self, me: str, record: etree._Element) -> None:
        """What the interface and the authorities said, and where it happened."""
        codes = [
            _text(record, f"{n}/responseCode") for n in ("reportDoneResponse", "reportResponse")
        ]
        batch = record.find("report/batchedReport")
        agency = record.find("report/lawEnforcement")
        pages = record.findall("report/internetDetails/webPageIncident")
        self.add(
            me,
            responseCode=self.maybe("response-code", next((c for c in codes if c), None)),
            isBatched=_yes(batch is not None),
            batchReason=None if batch is None else self.maybe("batch-reason", batch.get("reason")),
            knownToLawEnforcement=_boolean(_text(record, "report/lawEnforcement/reportedToLe")),
            isThirdPartyHosted=_mixed([p.get("thirdPartyHostedContent") for p in pages]),
        )
        for details in record.findall("report/internetDetails/*"):
            self.add(me, internetIncidentType=self.maybe("internet-incident", str(details.tag)))
        if agency is None:
            return
        country = agency.get("fleaCountry")
        area = f"<{EXT}iso3166-1-alpha-2/{country}>" if country else None
        self.add(me, lawEnforcementArea=area)
        for where in ("Domestic", "International"):
            if _text(agency, f"servedLegalProcess{where}") == "true":
                self.add(me, legalProcessServed=_code(f"legal-process-origin/{where.lower()}"))

    def account(self, number: str, block: etree._Element, role: str, index: str) -> None:
        keys = (number, index) if role == "reported" else (number, role, index)
        me, report = self.iri("online-account", *keys), self.iri("platform-report", number)
        place = block.find("estimatedLocation")
        located = None if place is None else place.get("timestamp")
        verified = None if place is None else place.get("verified")
        service = _text(block, "espService")
        flags = {
            "isCompromised": _said(_text(block, "compromisedAccount")),
            "isEmailListComplete": _said(_text(block, "allEmailsReported")),
            "isLocationVerified": _said(verified),
        }
        prior, linked = block.findall("priorCTReports"), block.findall("associatedAccount")
        events = block.findall("ipCaptureEvent")
        shown = bool(service or located or any(flags.values()))
        if role == "child" and not (shown or prior or linked or events):
            return
        self.add(
            me,
            type=_class("OnlineAccount"),
            isReportedIn=report,
            accountRole=_code(f"account-role/{role}"),
            onPlatform=self.platform(service),
            priorReportCount=f'"{len(prior)}"^^<{XSD}integer>' if prior else None,
            possibleProxy=_mixed([_text(e, "possibleProxy") for e in events]),
        )
        if role != "child" or shown:
            moment = datetime.fromisoformat(located) if located else None
            self.add(me, refArea=_country(block), **flags)
            if moment is not None:
                month = _code("precision/month")
                self.add(me, locatedAt=_month(moment), locatedAtPrecision=month)
        if role != "child":
            person = f"{block.tag!s}Person"
            self.add(
                me,
                ageBand=_band(_text(block, f"{person}/age")),
                ageDisputed=_said(_text(block, f"{person}/ageAssertionDiscrepancy")),
                isThirdPartyUser=_said(_text(block, "thirdPartyUserReported")),
            )
        for event in events:
            self.add(me, accountEvent=self.maybe("account-event", _text(event, "eventName")))
        for place_in_list, other in enumerate(linked):
            key = f"{index}.{place_in_list}"
            name = self.iri("online-account", number, f"associated-{role}", key)
            self.add(me, isAssociatedWith=name)
            self.add(
                name,
                type=_class("OnlineAccount"),
                isReportedIn=report,
                accountRole=_code("account-role/associated"),
                onPlatform=_code("platform/other"),
                accountKind=self.maybe("account-kind", other.get("accountType")),
                isThirdPartyUser=_said(other.get("thirdPartyUser")),
            )

    def maybe(self, listed: str, value: str | None) -> str | None:
        """Give the code of a value of a list that has a scheme of its own; nothing for none."""
        return self.code(listed, SCHEMES.get(listed, listed), value) if value else None

    def platform(self, value: str | None) -> str:
        return self.code("platform", "platform", value, "platform/other")

    def flags(self, of: str, key: str, block: etree._Element | None, listed: str) -> None:
        for flag in () if block is None else block:
            name = str(flag.tag)
            subject = self.iri("classification", key, listed, name)
            self.classification(of, subject, listed, listed, name)

    def files(self, records: etree._Element) -> None:
        sightings: Counter[tuple[str, str]] = Counter()
        for record in records:
            details = record.find("fileDetails")
            assert details is not None
            self.file(details, sightings)
        for (shared, period), count in sightings.items():
            self.add(
                self.iri("sighting", shared[1:-1], f"{CODES}period/{period}"),
                type=_class("Sighting"),
                isSightingOf=shared,
                observer=self.me(),
                refPeriod=_code(f"period/{period}"),
                sightingCount=f'"{count}"^^<{XSD}integer>',
            )

    def file(self, details: etree._Element, sightings: Counter[tuple[str, str]]) -> None:
        number = _text(details, "fileId") or ""
        me = self.iri("content-item", number)
        kind = _text(details, "industryClassification")
        relevance = "reported" if _text(details, "fileRelevance") == "Reported" else "supplemental"
        self.add(
            me,
            type=_class("ContentItem"),
            isContentOf=self.iri("platform-report", _text(details, "reportId") or ""),
            relevance=_code(f"file-relevance/{relevance}"),
            seenByProvider=_boolean(_text(details, "fileViewedByEsp")),
            exifSeenByProvider=_boolean(_text(details, "exifViewedByEsp")),
            accountEvent=self.maybe("account-event", _text(details, "ipCaptureEvent/eventName")),
            possibleProxy=_said(_text(details, "ipCaptureEvent/possibleProxy")),
            publiclyAvailable=_boolean(_text(details, "publiclyAvailable")),
            industryClassification=kind and _code(f"file-classification/{kind.lower()}"),
        )
        self.flags(me, number, details.find("fileAnnotations"), "file-annotation")
        uploaded = _text(details, "uploadedToEspTimestamp")
        for item in details.findall("originalFileHash"):
            algorithm, value = (item.get("hashType") or "").lower(), (item.text or "").lower()
            if self.coalition is None or algorithm not in ("md5", "sha1", "sha256"):
                continue
            text = f"{algorithm}:{value}".encode()
            name = hmac.new(self.coalition, text, hashlib.sha256).hexdigest()
            shared = f"<{BASE}id/coalition/hash/{name}>"
            self.add(me, hasHash=shared)
            self.add(
                shared,
                type=_class("HashReference"),
                hashAlgorithm=_code(f"hash-algorithm/{algorithm}"),
                keyScope=_code("key-scope/coalition"),
            )
            if uploaded:
                month = datetime.fromisoformat(uploaded).astimezone(UTC)
                sightings[(shared, f"{month:%Y-%m}")] += 1


def _text(element: etree._Element, path: str) -> str | None:
    found = element.findtext(path)
    return found.strip() if found and found.strip() else None


def _attribute(element: etree._Element, name: str) -> str:
    return str(element.get(name))


def _code(path: str) -> str:
    return f"<{CODES}{path}>"


def _class(name: str) -> str:
    return f"<{CDM}{name}>"


def _month(moment: datetime) -> str:
    return f'"{moment.astimezone(UTC):%Y-%m}-01T00:00:00Z"^^<{XSD}dateTime>'


def _yes(value: bool) -> str:
    return _code("tristate/yes" if value else "tristate/no")


def _boolean(text: str | None) -> str:
    return _code("tristate/unknown") if text is None else _yes(text in ("true", "1"))


def _said(text: str | None) -> str | None:
    return _boolean(text.strip()) if text and text.strip() else None


def _mixed(texts: list[str | None]) -> str | None:
    """Give what all say alike, mixed where they differ, nothing where none says anything."""
    said = {v for t in texts if (v := _said(t)) is not None}
    return _code("tristate/mixed") if len(said) > 1 else next(iter(said), None)


def _country(element: etree._Element) -> str | None:
    code = _text(element, "estimatedLocation/countryCode")
    return f"<{EXT}iso3166-1-alpha-2/{code}>" if code else None


def _band(age: str | None) -> str:
    if age is None:
        return _code("age-band/unknown")
    bands = ((4, "0-4"), (9, "5-9"), (12, "10-12"), (15, "13-15"), (17, "16-17"))
    return _code("age-band/" + next((name for top, name in bands if int(age) <= top), "18-plus"))
