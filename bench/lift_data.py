"""Made-up exports for the lift: case rows and their workers, nested contacts, reports of items.

The same seed and number of records give the same bytes. Keys that go into IRIs are ASCII, as in
`cases`; free text has quotes, line breaks, tabs and letters beyond ASCII; some values are missing.
"""

import csv
import hashlib
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from bench.cases import AGE_BANDS, COUNTRIES, START, WORKERS

_CHANNELS = ("web chat", "voice", "text message")
_GENDERS = ("girl", "boy", "unknown", None)
_WORRIES = ("bullying", "extortion", "grooming", "family/home", "mental health")
_INCIDENTS = ("grooming", "extortion", "live-streaming", "trafficking", "other")
_REPORTERS = ("platform", "public", "helpline")
_RATINGS = ("one", "two", "three", "none")
_SERVICES = 2_000


def write_workers(path: Path) -> None:
    """Write the workers as CSV; cases name them by a code that is not their key."""
    kinds = ("helpline", "hotline", "shelter")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("worker_id", "code", "name", "country", "kind"))
        for number in range(WORKERS):
            country, kind = COUNTRIES[number % 8], kinds[number % 3]
            writer.writerow((f"W{number:05d}", f"w {number}", f"Péer {number}", country, kind))


def write_contacts(path: Path, count: int, seed: int) -> None:
    """Write contacts as one JSON object with an array, as an interface gives them."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"contacts": [')
        for number, contact in enumerate(_contacts(count, seed)):
            file.write(",\n" if number else "\n")
            file.write(json.dumps(contact, ensure_ascii=False))
        file.write("\n]}\n")


def _contacts(count: int, seed: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(seed)
    for number in range(count):
        key, start = f"K{number:07d}", START + timedelta(seconds=number * 53)
        yield {
            "id": key,
            "startedAt": _moment(start),
            "channel": rng.choice(_CHANNELS),
            "durationSeconds": rng.randrange(10, 4000),
            "childInformation": {
                "ageBand": rng.choice(AGE_BANDS),
                "gender": rng.choice(_GENDERS),
                "region": rng.choice(COUNTRIES),
            },
            "categories": rng.sample(_WORRIES, k=rng.randrange(4)),
            "isConfidential": bool(number % 2),
            "note": 'caller "said"\nline two é' if number % 10 == 0 else "plain note, 儿童",
            "referrals": [
                {
                    "refId": f"R{number:07d}-{place}",
                    "contactId": key,
                    "service": f"SVC/{rng.randrange(_SERVICES):04d} x",
                    "at": _moment(start + timedelta(hours=place + 1)),
                }
                for place in range(rng.randrange(3))
            ],
        }


def write_reports(path: Path, count: int, seed: int) -> None:
    """Write reports with one to three items as XML."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<reports>\n')
        for number in range(count):
            file.write(_report(number, rng))
        file.write("</reports>\n")


def _report(number: int, rng: random.Random) -> str:
    key = f"X{number:07d}"
    items = "".join(_item(key, place, rng) for place in range(rng.randrange(1, 4)))
    text = escape(f'text & more <{number}> é "q"')
    country = f"<country>{rng.choice(COUNTRIES)}</country>" if number % 3 else ""
    return (
        f' <report id="{key}"><received>{_moment(START + timedelta(seconds=number * 71))}'
        f'</received><reporter type="{rng.choice(_REPORTERS)}">{country}</reporter>'
        f"<incidentType>{rng.choice(_INCIDENTS)}</incidentType><narrative>{text}</narrative>"
        f"<items>{items}</items></report>\n"
    )


def _item(report: str, place: int, rng: random.Random) -> str:
    digest = hashlib.sha1(f"{report}-{place}".encode(), usedforsecurity=False).hexdigest()
    return (
        f'<item key="{report}-{place}" report="{report}"><sha1>{digest}</sha1>'
        f"<rating>{rng.choice(_RATINGS)}</rating></item>"
    )


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
