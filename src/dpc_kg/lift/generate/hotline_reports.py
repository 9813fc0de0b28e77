"""One report of a synthetic hotline: the rows of places, judgements, notices and forwardings."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from dpc_kg.lift.generate import hotline_words as words

_HEADER = """
report_id received_at received_by status source channel is_test is_urgent is_anonymous
earlier_reports reporter_country url site_type network host_country host_provider
third_party_hosted commercial content_count first_seen last_seen location_status assessed_by
assessed_at outcome standard law_of category_scheme category youngest_age sexes known_before
media_kind concern le_notified_at provider_notified_at removed_at notice_kind notice_status
notice_to forwarded_to forwarded_at forward_status forward_answered_at reporter_email analyst notes
"""
COLUMNS = tuple(_HEADER.split())
OWN = "Example Hotline"
POLICE_FIRST = "QZ"

_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_MINUTES = 540 * 24 * 60
_WELL_KNOWN = 8
"""Of every eight reports the first names a place that some of the others name too."""

_ANSWERED = ("accepted", "refused_not_hosted_here", "refused_known", "done")
_LIST_OF = {"IWF": "iwf-category", "INDUSTRY": "file-classification", "COPINE": "copine-level"}
_UNKNOWN = {
    "status": "report-status",
    "channel": "channel",
    "site_type": "site-type",
    "network": "network",
    "location_status": "location-status",
    "outcome": "outcome",
    "standard": "standard",
    "youngest_age": "youngest-age",
    "sexes": "sexes",
    "media_kind": "media-kind",
    "concern": "concern",
    "source": "report-source",
}
_NOTICED = {"notice_kind": "notice-kind", "notice_status": "notice-status"}

Row = dict[str, str]


@dataclass(frozen=True)
class Report:
    """A report and its rows: one a place, and one more where a second scheme is given.

    ``unknown`` names the columns of the first row with values that have no place in the model. A
    ``shared`` one names a place that other reports name too.
    """

    number: int
    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = field(default=())
    shared: bool = False

    @property
    def plain(self) -> bool:
        """Tell whether it may carry a planted fault."""
        return not (self.unknown or self.shared)


@dataclass(frozen=True)
class _Scene:
    rng: Random
    series: str
    number: int
    start: datetime

    def pick(self, name: str) -> str:
        return self.rng.choice(words.lists().placed[name])

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def yes_no(self) -> str:
        return self.rng.choice(("yes", "no", "yes", "no", "unknown", ""))

    def after(self, moment: datetime, most_hours: int) -> datetime:
        return moment + timedelta(minutes=self.rng.randrange(1, most_hours * 60))


def stamp(moment: datetime) -> str:
    """Give a moment as the table writes it: UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def report(seed: int, org: str, number: int) -> Report:
    """Give report ``number`` of an export; it depends on its arguments alone."""
    rng = Random(f"hotline/{seed}/{org}/{number}")  # noqa: S311 - test data, not a secret
    start = _FIRST_DAY + timedelta(minutes=rng.randrange(_MINUTES))
    scene = _Scene(rng, f"{seed}/{org}", number, start)
    heading, judgement = _heading(scene, seed), _judgement(scene)
    well_known = number - number % _WELL_KNOWN
    shared = number == well_known or scene.chance(15)
    place = _place(scene.series, well_known if shared else number, 0)
    first = heading | place | judgement | _notice(scene, judgement["law_of"]) | _forwarding(scene)
    if shared and number % 2:
        first["url"] = words.shouted(first["url"])
    made = Report(number, (first,), shared=shared)
    if scene.chance(10) and not shared:
        return _with_unknown(scene, made)
    if scene.chance(12):
        other = heading | _place(scene.series, number, 1) | _judgement(scene)
        made = replace(made, rows=(first, other))
    elif first["category_scheme"] == "IWF" and scene.chance(40):
        made = replace(made, rows=(first, _second_scheme(scene, first)))
    return made


def _heading(scene: _Scene, seed: int) -> Row:
    anonymous = scene.yes_no()
    return {
        "report_id": f"H-{seed}-{scene.number:06d}",
        "received_at": stamp(scene.start),
        "received_by": OWN,
        "status": scene.pick("report-status"),
        "source": scene.pick("report-source"),
        "channel": scene.pick("channel"),
        "is_test": "yes" if scene.chance(4) else "no",
        "is_urgent": scene.yes_no(),
        "is_anonymous": anonymous,
        "earlier_reports": str(scene.rng.choice((0, 0, 0, 1, 2, 14))),
        "reporter_country": scene.rng.choice((*words.COUNTRIES, "")),
        "reporter_email": "" if anonymous == "yes" else words.email(scene.number),
        "analyst": scene.rng.choice(words.ANALYSTS),
        "notes": scene.rng.choice(words.NOTES),
        "media_kind": scene.pick("media-kind"),
    }


def _place(series: str, owner: int, place: int) -> Row:
    """Give what the hotline knows of a place: the same in every row that names it."""
    rng = Random(f"hotline/{series}/place/{owner}/{place}")  # noqa: S311 - test data, not a secret
    scene = _Scene(rng, series, owner, _FIRST_DAY + timedelta(minutes=rng.randrange(_MINUTES)))
    return {
        "url": words.address(rng, owner, place),
        "site_type": scene.pick("site-type"),
        "network": scene.pick("network"),
        "host_country": rng.choice(words.COUNTRIES),
        "host_provider": rng.choice(words.PROVIDERS),
        "third_party_hosted": scene.yes_no(),
        "commercial": scene.yes_no(),
        "content_count": rng.choice(("1", "3", "27", "1,250", "")),
        "first_seen": stamp(scene.start),
        "last_seen": stamp(scene.after(scene.start, 300)),
        "location_status": scene.pick("location-status"),
    }


def _judgement(scene: _Scene) -> Row:
    scheme = scene.rng.choice(("IWF", "IWF", "INDUSTRY", "COPINE", ""))
    return {
        "assessed_by": OWN,
        "assessed_at": stamp(scene.after(scene.start, 48)),
        "outcome": scene.pick("outcome"),
        "standard": scene.pick("standard"),
        "law_of": scene.rng.choice(words.COUNTRIES),
        "category_scheme": scheme,
        "category": scene.pick(_LIST_OF[scheme]) if scheme else "",
        "youngest_age": scene.pick("youngest-age"),
        "sexes": scene.pick("sexes"),
        "known_before": scene.yes_no(),
        "concern": scene.pick("concern"),
    }


def _second_scheme(scene: _Scene, first: Row) -> Row:
    """Give a row that only adds the category of another scheme to the same judgement."""
    same = ("report_id", "url", "assessed_by", "outcome", "standard", "notes")
    other = {"category_scheme": "INDUSTRY", "category": scene.pick("file-classification")}
    return {column: first[column] for column in same} | other


def _notice(scene: _Scene, law: str) -> Row:
    """Give a notice; where the law allows it, the provider is sometimes told before the police."""
    if scene.chance(35):
        return {}
    one = scene.after(scene.start, 72)
    other = scene.after(one, 48)
    turned = law != POLICE_FIRST and scene.chance(20)
    police, provider = (other, one) if turned else (one, other)
    status = scene.pick("notice-status")
    row = {
        "le_notified_at": stamp(police),
        "provider_notified_at": stamp(provider),
        "notice_kind": scene.pick("notice-kind"),
        "notice_status": status,
        "notice_to": scene.rng.choice(words.PROVIDERS),
    }
    if status in ("removed", "moved"):
        row["removed_at"] = stamp(scene.after(provider, 120))
    return row


def _forwarding(scene: _Scene) -> Row:
    if scene.chance(45):
        return {}
    sent = scene.after(scene.start, 96)
    status = scene.rng.choice([s for s in words.lists().placed["forward-status"] if s != "refused"])
    row = {
        "forwarded_to": scene.rng.choice((*words.HOTLINES, *words.POLICE)),
        "forwarded_at": stamp(sent),
        "forward_status": status,
    }
    if status in _ANSWERED:
        row["forward_answered_at"] = stamp(scene.after(sent, 240))
    return row


def _with_unknown(scene: _Scene, made: Report) -> Report:
    """Give the report with one value that no list places; now and then of a scheme not shared."""
    (first,) = made.rows
    if scene.chance(20):
        other = {"category_scheme": "UCS", "category": "own-notation-7"}
        return replace(made, rows=(first | other,), unknown=("category",))
    names = _UNKNOWN | (_NOTICED if "notice_kind" in first and "removed_at" not in first else {})
    column = scene.rng.choice(sorted(names))
    value = scene.rng.choice(words.lists().unplaced[names[column]])
    return replace(made, rows=(first | {column: value},), unknown=(column,))
