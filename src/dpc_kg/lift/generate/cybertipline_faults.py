"""The mistakes that can be planted into a CyberTipline export, each in one cell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.cybertipline_records import FIRST_REPORT_ID, Record, Series, build

Place = tuple[str, int, int]
INCIDENT = "report/incidentSummary/"
ACCOUNT = "report/personOrUserReported/"
COUNTRY_NAMES = {
    "US": "United States",
    "PH": "Philippines",
    "FR": "France",
    "ES": "España",
    "EG": "مصر",
    "MA": "Maroc",
    "IN": "India",
    "BR": "Brasil",
    "SN": "Sénégal",
    "CO": "Colombia",
}


@dataclass(frozen=True)
class Mistake:
    """One kind of mistake: the source it belongs to, its fault kind, the rules it trips.

    A rule about the cell itself (``source:``) stands alone: what follows from it is not told.
    ``plant`` changes one cell of a record and gives its column, or ``None`` where the record has
    no such cell; its last argument is the key of an earlier, sound record.
    """

    name: str
    source: str
    kind: str
    rules: tuple[str, ...]
    plant: Callable[[Element, str], str | None]


@dataclass(frozen=True)
class Planned:
    """A mistake that goes into one record; ``earlier`` is the key of a sound record before it."""

    mistake: Mistake
    earlier: str

    def apply(self, submission: Element) -> str:
        """Plant it and give the column."""
        column = self.mistake.plant(submission, self.earlier)
        if column is None:  # plan() tried it on an equal record
            raise AssertionError(self.mistake.name)
        return column


def column_of(submission: Element, path: list[Element]) -> str:
    """Give the column of the last element of ``path``: 1-based index only where it repeats."""
    parts, parent = [], submission
    for element in path:
        same = parent.findall(element.tag)
        index = f"[{same.index(element) + 1}]" if len(same) > 1 else ""
        parts.append(element.tag + index)
        parent = element
    return "/".join(parts)


def plan(series: Series, records: int, faults: int) -> dict[Place, Planned]:
    """Choose the records and their mistakes: place (source, index, file) to mistake.

    Raises:
        DpcError: the export is too small for so many faults in different records.
    """
    order = list(range(records))
    series.rng("faults").shuffle(order)
    walks = [iter(_places(series, order, mistake.source)) for mistake in MISTAKES]
    planned: dict[Place, Planned] = {}
    reserved: set[Place] = set()
    idle, turn = 0, 0
    while len(planned) < faults:
        if idle == len(MISTAKES):
            message = f"{records} records have no room for {faults} faults in different records."
            raise DpcError(message, advice="Ask for more records or fewer faults.")
        mistake, walk = MISTAKES[turn % len(MISTAKES)], walks[turn % len(MISTAKES)]
        turn += 1
        idle = 0 if _plan_one(series, mistake, walk, planned, reserved) else idle + 1
    return planned


def _plan_one(
    series: Series,
    mistake: Mistake,
    walk: Iterator[Place],
    planned: dict[Place, Planned],
    reserved: set[Place],
) -> bool:
    for place in walk:
        if place in planned or place in reserved:
            continue
        earlier, earlier_place = "", None
        if mistake.name == "duplicate-file":
            earlier, earlier_place = _earlier(series, place, planned)
        if mistake.plant(_element(build(series, place[1]), place), earlier) is None:
            continue
        planned[place] = Planned(mistake, earlier)
        if earlier_place:
            reserved.add(earlier_place)
        return True
    return False


def _places(series: Series, order: list[int], source: str) -> Iterator[Place]:
    """Give the records fit for a mistake: current, without odd codes, no hash of others."""
    for index in order:
        record = build(series, index)
        if not record.settled or record.unknown:
            continue
        if source == "report":
            yield ("report", index, 0)
        else:
            sound = (k for k in range(len(record.files)) if k not in record.overlap)
            yield from (("files", index, k) for k in sound)


def _element(record: Record, place: Place) -> Element:
    return record.submission if place[0] == "report" else record.files[place[2]]


def _earlier(
    series: Series, place: Place, planned: dict[Place, Planned]
) -> tuple[str, Place | None]:
    """Give the fileId of the nearest sound file before ``place``, or an empty text."""
    for index in range(place[1] - 1, -1, -1):
        record = build(series, index)
        for k, element in enumerate(record.files):
            found = ("files", index, k)
            if found not in planned and k not in record.overlap:
                return element.findtext("fileDetails/fileId") or "", found
    return "", None


def _walk(submission: Element, path: str) -> list[Element] | None:
    """Give the elements along ``path``, the last of several each time, or ``None``."""
    found, parent = [], submission
    for tag in path.split("/"):
        same = parent.findall(tag)
        if not same:
            return None
        found.append(same[-1])
        parent = same[-1]
    return found


def _write(path: str, change: Callable[[str], str | None]) -> Callable[[Element, str], str | None]:
    """Make a mistake that rewrites the text at ``path``; ``None`` from ``change`` means unfit."""

    def plant(submission: Element, earlier: str) -> str | None:
        elements = _walk(submission, path)
        text = None if elements is None else change(elements[-1].text or "")
        if elements is None or text is None:
            return None
        elements[-1].text = text
        return column_of(submission, elements)

    return plant


def _remove(path: str) -> Callable[[Element, str], str | None]:
    def plant(submission: Element, earlier: str) -> str | None:
        elements = _walk(submission, path)
        if elements is None:
            return None
        column = column_of(submission, elements)
        elements[-2].remove(elements[-1])
        return column

    return plant


def _day_first(text: str) -> str | None:
    moment = datetime.fromisoformat(text)
    return moment.strftime("%d/%m/%Y %H:%M") if moment.day > 12 else None


def _submitted(change: Callable[[datetime], str]) -> Callable[[Element, str], str | None]:
    def plant(submission: Element, earlier: str) -> str | None:
        incident = submission.findtext(INCIDENT + "incidentDateTime") or ""
        submission.set("submittedAt", change(datetime.fromisoformat(incident).astimezone(UTC)))
        return "@submittedAt"

    return plant


def _day_before(incident: datetime) -> str:
    moment = (incident - timedelta(days=1)).replace(microsecond=0)
    return moment.isoformat().replace("+00:00", "Z")


def _no_such_day(incident: datetime) -> str:
    return f"{incident.year}-02-31T10:00:00Z"


def _no_key(submission: Element, earlier: str) -> str | None:
    """Empty the report number, only where no file would be left without its report."""
    done = submission.find("reportDoneResponse")
    number = None if done is None else done.find("reportId")
    if done is None or number is None or done.find("files") is not None:
        return None
    number.text = ""
    return column_of(submission, [done, number])


def _victim_age(submission: Element, earlier: str) -> str | None:
    victims = submission.findall("report/victim")
    report = submission.find("report")
    for victim in reversed(victims):
        person, age = victim.find("victimPerson"), victim.find("victimPerson/age")
        if report is not None and person is not None and age is not None:
            age.text = "212"
            return column_of(submission, [report, victim, person, age])
    return None


def _class_of_supplemental(submission: Element, earlier: str) -> str | None:
    details = submission.find("fileDetails")
    if details is None or details.findtext("fileRelevance") != "Supplemental Reported":
        return None
    tags = [child.tag for child in details]
    last = "fileAnnotations" if "fileAnnotations" in tags else "fileRelevance"
    added = Element("industryClassification")
    added.text = "A2"
    details.insert(tags.index(last) + 1, added)
    return column_of(submission, [details, added])


def _short_hash(submission: Element, earlier: str) -> str | None:
    details = submission.find("fileDetails")
    value = submission.find("fileDetails/originalFileHash[@hashType='MD5']")
    if details is None or value is None or value.text is None:
        return None
    value.text = value.text[:-2]
    return column_of(submission, [details, value])


def _attribute(
    path: str, name: str, change: Callable[[str], str | None]
) -> Callable[[Element, str], str | None]:
    """Make a mistake that rewrites an attribute of the element at ``path``."""

    def plant(submission: Element, earlier: str) -> str | None:
        elements = _walk(submission, path)
        given = None if elements is None else elements[-1].get(name)
        text = None if given is None else change(given)
        if elements is None or text is None:
            return None
        elements[-1].set(name, text)
        return f"{column_of(submission, elements)}/@{name}"

    return plant


def _duplicate(submission: Element, earlier: str) -> str | None:
    return _write("fileDetails/fileId", lambda _: earlier or None)(submission, earlier)


MISTAKES = (
    Mistake(
        "no-incident-date",
        "report",
        "missing",
        (
            "PlatformReportShape-incidentAt",
            "PlatformReportShape-incidentAtPrecision",
            "PlatformReportShape-incidentToReportSeconds",
        ),
        _remove(INCIDENT + "incidentDateTime"),
    ),
    Mistake(
        "day-first",
        "report",
        "format",
        ("source:date-order",),
        _write(INCIDENT + "incidentDateTime", _day_first),
    ),
    Mistake(
        "submitted-before-incident",
        "report",
        "order",
        ("PlatformReportShape-incidentToReportSeconds",),
        _submitted(_day_before),
    ),
    Mistake("victim-age", "report", "range", ("source:age",), _victim_age),
    Mistake(
        "supplemental-with-class",
        "files",
        "rule",
        ("ContentItemShape-industryClassification-whenSupplemental",),
        _class_of_supplemental,
    ),
    Mistake(
        "unknown-report",
        "files",
        "reference",
        ("source:reference",),
        _write("fileDetails/reportId", lambda text: str(int(text) + 5 * FIRST_REPORT_ID)),
    ),
    Mistake("duplicate-file", "files", "duplicate", ("source:duplicate",), _duplicate),
    Mistake("short-hash", "files", "format", ("source:hash",), _short_hash),
    Mistake(
        "no-relevance",
        "files",
        "missing",
        ("ContentItemShape-relevance",),
        _remove("fileDetails/fileRelevance"),
    ),
    Mistake(
        "country-name",
        "report",
        "format",
        ("source:country",),
        _write("report/personOrUserReported/estimatedLocation/countryCode", COUNTRY_NAMES.get),
    ),
    Mistake("no-report-number", "report", "missing", ("source:missing-key",), _no_key),
    Mistake(
        "no-incident-type",
        "report",
        "missing",
        ("ClassificationShape-hasCode",),
        _remove(INCIDENT + "incidentType"),
    ),
    Mistake("no-such-day", "report", "format", ("source:date",), _submitted(_no_such_day)),
    Mistake(
        "not-a-boolean",
        "files",
        "format",
        ("source:boolean",),
        _write("fileDetails/fileViewedByEsp", lambda _: "perhaps"),
    ),
    Mistake(
        "location-day-first",
        "report",
        "format",
        ("source:date-order",),
        _attribute(ACCOUNT + "estimatedLocation", "timestamp", _day_first),
    ),
    Mistake(
        "agency-country",
        "report",
        "format",
        ("source:country",),
        _attribute("report/lawEnforcement", "fleaCountry", COUNTRY_NAMES.get),
    ),
    Mistake(
        "process-no-boolean",
        "report",
        "format",
        ("source:boolean",),
        _write("report/lawEnforcement/servedLegalProcessDomestic", lambda _: "see letter"),
    ),
    Mistake(
        "proxy-no-boolean",
        "report",
        "format",
        ("source:boolean",),
        _write(ACCOUNT + "ipCaptureEvent/possibleProxy", lambda _: "perhaps"),
    ),
    Mistake(
        "recipient-age",
        "report",
        "range",
        ("source:age",),
        _write("report/intendedRecipient/intendedRecipientPerson/age", lambda _: "212"),
    ),
    Mistake(
        "linked-no-boolean",
        "report",
        "format",
        ("source:boolean",),
        _attribute("report/victim/associatedAccount", "thirdPartyUser", lambda _: "perhaps"),
    ),
)
