"""Made-up case rows with planted faults: the same seed and number of rows give the same bytes."""

import csv
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

COLUMNS = (
    "case_id", "organisation", "received_at", "opened_on", "closed_on", "category", "status",
    "severity", "country", "age_band", "child_count", "referred", "summary", "content_ref",
    "worker",
)  # fmt: skip
SEED = 7
"""The seed of all that the benches make up."""
FAULTY_OF = 100
"""One row in so many holds a fault."""

DATA = "https://data.example.org/"
VOCABULARY = "https://example.org/cases#"
SHACL = "http://www.w3.org/ns/shacl#"
DESCRIPTION = "http://purl.org/dc/terms/description"

_CATEGORIES = ("grooming", "extortion", "live-streaming", "trafficking", "neglect", "other")
_STATUSES = ("open", "triaged", "referred", "closed")
COUNTRIES = ("BR", "KE", "PH", "GB", "CO", "NP", "RO", "ZA")
AGE_BANDS = ("0-4", "5-9", "10-12", "13-15", "16-17", "unknown")
_WORDS = (
    "report", "received", "from", "platform", "with", '"quoted"', "text,", "follow-up", "needed;",
    "café", "niño", "儿童", "طفل", "back\\slash", "tab\there", "25%", "<b>", "{x}",
)  # fmt: skip
_ORGANISATIONS = 12
WORKERS = 300
START = datetime(2024, 1, 1, tzinfo=UTC)
_TOO_LONG = 420

Row = dict[str, str]


@dataclass(frozen=True)
class Planted:
    """One planted fault: where it stands, and the SHACL result it must give."""

    row: int
    column: str
    focus: str
    path: str
    component: str

    @property
    def result(self) -> str:
        """The line that a validation stage writes for it."""
        return f"{self.focus}\t{self.path}\t{self.component}"


@dataclass(frozen=True)
class _Fault:
    column: str
    path: str
    component: str
    spoil: Callable[[Row], str]


def _day_before(row: Row) -> str:
    opened = datetime.fromisoformat(row["opened_on"])
    return (opened - timedelta(days=1)).date().isoformat()


_FAULTS = (
    _Fault("received_at", VOCABULARY + "receivedAt", "Datatype", lambda _: "2024-13-45T10:00:00Z"),
    _Fault("opened_on", VOCABULARY + "openedOn", "MinCount", lambda _: ""),
    _Fault("closed_on", VOCABULARY + "openedOn", "LessThanOrEquals", _day_before),
    _Fault("category", VOCABULARY + "category", "MinCount", lambda _: ""),
    _Fault("status", VOCABULARY + "status", "In", lambda _: "lost"),
    _Fault("severity", VOCABULARY + "severity", "MaxInclusive", lambda _: "9"),
    _Fault("country", VOCABULARY + "country", "In", lambda _: "XX"),
    _Fault("child_count", VOCABULARY + "childCount", "MinInclusive", lambda _: "0"),
    _Fault("referred", VOCABULARY + "referred", "Datatype", lambda _: "maybe"),
    _Fault("summary", DESCRIPTION, "MaxLength", lambda _: "long " * _TOO_LONG),
    _Fault("content_ref", VOCABULARY + "contentRef", "Pattern", lambda r: r["content_ref"][:-1]),
)


def write_cases(path: Path, rows: int, seed: int) -> tuple[Planted, ...]:
    """Write ``rows`` cases as CSV; give the planted faults in row order (header = row 1)."""
    planted = []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row, fault in _rows(rows, seed):
            writer.writerow(row)
            if fault is not None:
                number = int(row["case_id"][1:]) + 2
                focus = f"{DATA}case/{row['case_id']}"
                component = f"{SHACL}{fault.component}ConstraintComponent"
                planted.append(Planted(number, fault.column, focus, fault.path, component))
    return tuple(planted)


def write_planted(path: Path, planted: tuple[Planted, ...]) -> None:
    """Write the planted faults as JSON."""
    faults = [asdict(fault) for fault in planted]
    path.write_text(json.dumps(faults, indent=1) + "\n", encoding="utf-8", newline="\n")


def _rows(count: int, seed: int) -> Iterator[tuple[Row, _Fault | None]]:
    rng = random.Random(seed)
    faulty = sorted(rng.sample(range(count), max(1, count // FAULTY_OF)))
    faults = {number: _FAULTS[i % len(_FAULTS)] for i, number in enumerate(faulty)}
    for number in range(count):
        row = _row(number, rng)
        fault = faults.get(number)
        if fault is not None:
            row[fault.column] = fault.spoil(row)
        yield row, fault


def _row(number: int, rng: random.Random) -> Row:
    received = START + timedelta(seconds=number * 37)
    opened = received + timedelta(days=rng.randrange(3))
    closed = opened + timedelta(days=rng.randrange(1, 90))
    summary = " ".join(rng.choices(_WORDS, k=8))
    return {
        "case_id": f"C{number:08d}",
        "organisation": f"org-{rng.randrange(_ORGANISATIONS):02d}",
        "received_at": received.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "opened_on": opened.date().isoformat(),
        "closed_on": closed.date().isoformat() if number % 3 else "",
        "category": rng.choice(_CATEGORIES),
        "status": rng.choice(_STATUSES),
        "severity": str(rng.randrange(1, 6)),
        "country": rng.choice(COUNTRIES),
        "age_band": rng.choice(AGE_BANDS),
        "child_count": str(rng.randrange(1, 4)),
        "referred": "true" if number % 4 else "false",
        "summary": f"{summary}\nsecond line" if number % 50 == 0 else summary,
        "content_ref": hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest(),
        "worker": f"w {number % WORKERS}",
    }
