"""One synthetic submission to CyberTipline: the report, its files, and what is odd in them.

Record ``i`` follows from the organisation, the seed and ``i`` alone, so that neither the size of
the export nor its planted faults change it.
"""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from xml.etree.ElementTree import Element, SubElement

from dpc_kg.lift.generate import cybertipline_people as people
from dpc_kg.lift.generate import cybertipline_values as values
from dpc_kg.lift.generate.cybertipline_details import enrich

START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 515  # the last incident: 30 May 2025; the last update stays inside June 2025
FIRST_REPORT_ID = 180_000_000
SHARED_FILES = 12
SCHEMA_HINT = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
WIDTHS = {"MD5": 32, "SHA1": 40, "SHA256": 64}


@dataclass(frozen=True)
class Series:
    """What all records of one export have in common; ``known`` are hashes of another export."""

    org: str
    seed: int
    known: tuple[dict[str, str], ...] = ()

    def rng(self, *name: object) -> random.Random:
        """Give the random numbers of one named part of the export."""
        text = ":".join(map(str, ("cybertipline", self.org, self.seed, *name)))
        return random.Random(text)  # noqa: S311 - synthetic data, not secrets


@dataclass(frozen=True)
class Record:
    """A submission and its files as XML elements.

    ``unknown`` are paths of codes without a place; ``overlap`` gives the hashes that file ``k``
    has in common with another export; ``settled`` is false where a later version replaces it or
    it is itself such a version.
    """

    submission: Element
    files: tuple[Element, ...] = ()
    unknown: tuple[str, ...] = ()
    overlap: dict[int, dict[str, str]] = field(default_factory=dict)
    settled: bool = True


def build(series: Series, index: int) -> Record:
    """Give record ``index`` without a fault."""
    if _is_revision(series, index):
        return Record(_revision(series, index), settled=False)
    settled = not _is_revision(series, index + 1)
    rng = series.rng(index)
    dates = _dates(rng)
    submission, unknown = _submission(rng, index, dates, odd_codes=settled)
    unknown += tuple(enrich(submission, series.rng(index, "details"), odd_codes=settled))
    count = max(_file_count(rng), 1 if index == 0 else 0)  # an archive without files is no archive
    made = [_file(series, index, k, dates) for k in range(count)]
    files = tuple(element for element, _ in made)
    overlap = {k: shared for k, (_, shared) in enumerate(made) if shared}
    _list_files(submission, files)
    return Record(submission, files, unknown, overlap, settled)


def report_id(index: int) -> str:
    """Give the report number of record ``index``."""
    return str(FIRST_REPORT_ID + index)


@dataclass(frozen=True)
class _Dates:
    incident: datetime
    offset: str
    submitted: datetime
    updated: datetime


def _is_revision(series: Series, index: int) -> bool:
    """Tell whether ``index`` only retracts the report before it (never two in a row)."""
    if index < 1 or series.rng("revision", index).random() >= 0.04:
        return False
    return not _is_revision(series, index - 1)


def _revision(series: Series, index: int) -> Element:
    submission = build(series, index - 1).submission
    updated = datetime.fromisoformat(submission.attrib["updatedAt"])
    later = updated + timedelta(hours=series.rng("retracted", index).randint(1, 72))
    submission.attrib.update(updatedAt=_utc(later), status="retracted")
    return submission


def _dates(rng: random.Random) -> _Dates:
    place = rng.choice(values.PLACES)
    incident = START + timedelta(
        days=rng.randint(0, DAYS), seconds=rng.randint(0, 86399), milliseconds=rng.randint(0, 999)
    )
    submitted = incident + timedelta(seconds=round(rng.lognormvariate(11, 1.4)) % 1_500_000 + 60)
    updated = submitted + timedelta(seconds=rng.randint(5, 86_000))
    return _Dates(incident, place[1], submitted, updated)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _local(moment: datetime, offset: str, rng: random.Random) -> str:
    """Write the moment on the clock of its place, now and then with thousandths."""
    zone = UTC if offset == "Z" else timezone(_delta(offset))
    spec = "milliseconds" if rng.random() < 0.2 else "seconds"
    text = moment.astimezone(zone).isoformat(timespec=spec)
    return text.removesuffix("+00:00") + "Z" if offset == "Z" else text


def _delta(offset: str) -> timedelta:
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    sign = -1 if offset[0] == "-" else 1
    return sign * timedelta(hours=hours, minutes=minutes)


def _submission(
    rng: random.Random, index: int, dates: _Dates, *, odd_codes: bool
) -> tuple[Element, tuple[str, ...]]:
    status = "retracted" if rng.random() < 0.02 else "finished"
    submission = Element(
        "submission",
        submittedAt=_utc(dates.submitted),
        updatedAt=_utc(dates.updated),
        status=status,
    )
    done = SubElement(submission, "reportDoneResponse")
    people.add(done, "responseCode", "0")
    people.add(done, "reportId", report_id(index))
    report = SubElement(submission, "report")
    if rng.random() < 0.5:
        report.set(SCHEMA_HINT, "https://report.cybertip.org/ispws/xsd")
    if rng.random() < 0.05:
        SubElement(report, "batchedReport", reason="VIRAL_POTENTIAL_MEME")
    service, kind = rng.choice(values.SERVICES)
    unknown: list[str] = []
    _summary(report, rng, dates, service)
    people.internet_details(report, rng, service, kind)
    people.law_enforcement(report, rng)
    people.reporter(report, rng)
    people.reported_account(report, rng, service)
    people.recipients(report, rng)
    people.victims(report, rng)
    if odd_codes:
        unknown = _odd_codes(report, rng)
    return submission, tuple(unknown)


def _summary(report: Element, rng: random.Random, dates: _Dates, service: str) -> None:
    summary = SubElement(report, "incidentSummary")
    kind = rng.choice(values.INCIDENT_TYPES)
    people.add(summary, "incidentType", f"\n   {kind}\n  " if rng.random() < 0.05 else kind)
    if rng.random() < 0.93:
        people.add(summary, "platform", service)
    if rng.random() < 0.12:
        people.add(summary, "escalateToHighPriority", rng.choice(values.REASONS))
    flags = SubElement(summary, "reportAnnotations") if rng.random() < 0.6 else None
    if flags is not None:
        for name in _some(rng, values.REPORT_FLAGS, 0.18):
            SubElement(flags, name)
    people.add(summary, "incidentDateTime", _local(dates.incident, dates.offset, rng))
    if rng.random() < 0.3:
        people.add(summary, "incidentDateTimeDescription", rng.choice(values.NOTES))


def _odd_codes(report: Element, rng: random.Random) -> list[str]:
    """Put a code without a place, or a value that is no code, into some records; give its path."""
    dice = rng.random()
    summary = "report/incidentSummary/"
    if dice < 0.04:
        return _set(report, summary + "platform", rng.choice(values.PLACELESS_SERVICES))
    if dice < 0.06:
        return _set(report, summary + "platform", rng.choice(values.UNLISTED_SERVICES))
    if dice < 0.075:
        return _set(report, summary + "incidentType", rng.choice(values.UNLISTED_INCIDENT_TYPES))
    if dice < 0.09:
        path = "report/personOrUserReported/espService"
        return _set(report, path, rng.choice(values.UNLISTED_SERVICES))
    return []


def _set(report: Element, path: str, text: str) -> list[str]:
    element = report.find(path.removeprefix("report/"))
    if element is None:
        return []
    element.text = text
    return [path]


def _some(rng: random.Random, names: tuple[str, ...], share: float) -> list[str]:
    return [name for name in names if rng.random() < share]


def _file_count(rng: random.Random) -> int:
    return rng.choices((0, 1, 2, 3), (35, 35, 20, 10))[0]


def _list_files(submission: Element, files: tuple[Element, ...]) -> None:
    done = submission.find("reportDoneResponse")
    if files and done is not None:
        listed = SubElement(done, "files")
        for element in files:
            people.add(listed, "fileId", element.findtext("fileDetails/fileId") or "")


def _file(
    series: Series, index: int, k: int, dates: _Dates
) -> tuple[Element, dict[str, str] | None]:
    rng = series.rng(index, "file", k)
    submission = Element("submission")
    details = SubElement(submission, "fileDetails")
    people.add(details, "reportId", report_id(index))
    people.add(details, "fileId", _digest(series, "file", index, k, width=32))
    people.add(details, "originalFileName", f"example-{index}-{k}.jpg")
    hashes, shared = _hashes(series, index, k, rng)
    if hashes:
        delay = timedelta(seconds=rng.randint(0, 50))
        people.add(details, "uploadedToEspTimestamp", _local(dates.incident + delay, "Z", rng))
    _seen(details, rng)
    _assessment(details, rng)
    for name, value in hashes.items():
        people.add(details, "originalFileHash", value, hashType=name)
    if rng.random() < 0.15:
        people.add(details, "originalFileHash", "synthetic-photodna", hashType="PhotoDNA")
    people.file_origin(details, rng)
    return submission, shared


def _seen(details: Element, rng: random.Random) -> None:
    if rng.random() < 0.3:
        people.add(details, "locationOfFile", f"https://files.example/f/{rng.randint(1, 9999)}")
    for name, share in (("fileViewedByEsp", 0.9), ("exifViewedByEsp", 0.3)):
        if rng.random() < share:
            people.add(details, name, rng.choice(("true", "false")))
    if rng.random() < 0.85:
        people.add(details, "publiclyAvailable", rng.choice(("true", "false", "false", "0")))


def _assessment(details: Element, rng: random.Random) -> None:
    """Give relevance, flags and class; a supplemental file has neither class nor meme flag."""
    reported = rng.random() < 0.8
    people.add(details, "fileRelevance", "Reported" if reported else "Supplemental Reported")
    if rng.random() < 0.6:
        flags = SubElement(details, "fileAnnotations")
        for name in _some(rng, values.FILE_FLAGS, 0.12):
            if reported or name != "potentialMeme":
                SubElement(flags, name)
    if reported and rng.random() < 0.75:
        people.add(details, "industryClassification", rng.choice(values.CLASSIFICATIONS))


def _hashes(
    series: Series, index: int, k: int, rng: random.Random
) -> tuple[dict[str, str], dict[str, str] | None]:
    """Give the hashes of a file, and those it has in common with the other export."""
    if series.known and (pick := series.rng(index, "overlap", k)).random() < 0.2:
        shared = pick.choice(series.known)
        return {name.upper(): value for name, value in shared.items()}, shared
    repeated = rng.random() < 0.2
    name = f"pool-{rng.randrange(SHARED_FILES)}" if repeated else f"{index}-{k}"
    dice = series.rng("algorithms", name).random()
    if dice < 0.05:
        return {}, None
    kinds = ["MD5"] if dice < 0.15 else ["MD5", "SHA1"] if dice < 0.7 else list(WIDTHS)
    made = {kind: _digest(series, kind, name, width=WIDTHS[kind]) for kind in kinds}
    if rng.random() < 0.25:
        made = {kind: value.upper() for kind, value in made.items()}
    return made, None


def _digest(series: Series, *name: object, width: int) -> str:
    text = ":".join(map(str, (series.org, series.seed, *name)))
    return hashlib.sha256(text.encode()).hexdigest()[:width]
