"""Why an object follows from a cell: equal, its code, its cut date, its pseudonym, its distance.

Nothing here asks the lift: a reason is found in the text itself, ``codes.csv`` and the keys.
"""

import csv
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.identifiers import entity_iri, hash_iri
from tests.lift.laws.places import Stood

CODES = "https://w3id.org/dpc/codes/"
EXT = "https://w3id.org/dpc/ext/"
ID = "https://w3id.org/dpc/id/"
_KIND = re.compile(rf"{ID}([^/]+)/([^/]+)/([0-9a-f]{{64}})")
_UNITS = (7, 10, 4, 19, 16)


@dataclass
class Explainer:
    """Explains the objects of one export."""

    org: str
    key: bytes
    coalition: bytes
    defaults: set[str] = field(default_factory=set)
    constants: list[str] = field(default_factory=list)
    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, folder: Path) -> None:
        """Learn the codes of declared values."""
        path = folder / "codes.csv"
        if not path.is_file():
            return
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                value = row["value"].strip()
                # a declared path of a list is the list's name and its member's
                for text in {value, value.rpartition(" | ")[2]}:
                    self.codes[text] |= {row["code"].strip(), row["scheme"].strip()}

    def reason(self, term: object, stood: Stood) -> str | None:
        """Give why an object follows from what stands at its place; None where nothing says so."""
        if isinstance(term, ox.Literal):
            return self._of_literal(term.value, stood)
        assert isinstance(term, ox.NamedNode)
        return self._of_iri(term.value, stood)

    def _of_literal(self, value: str, stood: Stood) -> str | None:
        for text in stood.here:
            if value in (text, text.lower()) or value == re.sub("[, \u00a0\u202f]", "", text):
                return "text"
            if value in self.codes.get(text, set()):
                return "listed text"
            moment = _moment(text)
            if moment is not None and _is_start(value, moment):
                return "date"
            if value.endswith(f" | {text}") or value.startswith(f"{text} | "):
                return "path of a list"
            if _is_number(value, text):
                return "number"
        return "distance" if _is_distance(value, stood) else None

    def _of_iri(self, iri: str, stood: Stood) -> str | None:
        if iri.startswith(CODES):
            return self._of_code(iri.removeprefix(CODES), stood)
        for text in stood.here:
            if any(code and iri.endswith(code) for code in self.codes.get(text, ())):
                return "listed"
            if iri in (text, f"{EXT}{iri.removeprefix(EXT).split('/')[0]}/{text.upper()}"):
                return "notation"
            if any(
                c and iri in (f"{ID}{c}/organization/{c}", self._own(c)) for c in self.codes[text]
            ):
                return "organisation"
        kind = _KIND.fullmatch(iri)
        return self._of_name(iri, kind[2], stood) if kind else None

    def _own(self, code: str) -> str | None:
        return f"{ID}{self.org}/organization/{self.org}" if code == "self" else None

    def _of_code(self, code: str, stood: Stood) -> str | None:
        scheme, _, notation = code.partition("/")
        if code in self.defaults:
            return "default"
        if not stood.here:
            return "blank" if notation in {"unknown", "no", "not-stated"} else None
        for text in stood.here:
            known = self.codes.get(text, set())
            if code in known or f"{scheme}/{notation}" in known or notation in known:
                return "code"
            if notation == "unmapped" and not any(c.startswith(scheme) for c in known):
                return "unmapped"
            moment = _moment(text)
            if moment is not None and (
                scheme == "precision"
                or (scheme == "period" and moment.isoformat().startswith(notation))
            ):
                return "date"
            if scheme == "tristate" and notation in (_tristate(text), moment and "yes"):
                return "tristate"
            if scheme == "tristate" and notation in {"yes", "no"} and _is_late(stood):
                return "within a limit"
            if scheme == "age-band" and _band(text) == notation:
                return "age"
            if _of_file(scheme, text) == notation or notation == text.lower():
                return "file"
            if scheme == "period" and text in (notation, notation.replace("-", " ")):
                return "period"
        return None

    def _of_name(self, iri: str, kind: str, stood: Stood) -> str | None:
        for text in stood.here:
            if kind == "hash":
                kinds = ("md5", "sha1", "sha256")
                if any(hash_iri(self.coalition, k, text) == iri for k in kinds):
                    return "hash"
            if entity_iri(self.org, kind, self.key, text) == iri:
                return "name"
        for keys in self._pairs(stood):
            if entity_iri(self.org, kind, self.key, *keys) == iri:
                return "name of several"
        return None

    def _pairs(self, stood: Stood) -> Iterator[tuple[str, ...]]:
        others = [*self.constants, *list(dict.fromkeys(stood.record))[:150]]
        for one, other in itertools.product(dict.fromkeys(stood.here), others):
            yield one, other
            yield other, one


_SIZES = ((102_400, "under-100-kb"), (1_048_576, "100-kb-to-1-mb"), (10_485_760, "1-to-10-mb"))


def _of_file(scheme: str, text: str) -> str | None:
    """Give the kind of a media type, the band of a size, the kind of a hash by its length."""
    if scheme == "media-kind":
        return text.partition("/")[0]
    if scheme == "size-band" and text.isdigit():
        bands = (band for top, band in _SIZES if int(text) < top)
        return next(bands, "10-to-100-mb" if int(text) < 104_857_600 else "over-100-mb")
    if scheme == "signal-kind" and re.fullmatch("[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}", text):
        return "file-digest"
    return None


def _moment(text: str) -> datetime | None:
    if re.fullmatch(r"1\d{9}", text):
        return datetime.fromtimestamp(int(text), UTC)
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        made = datetime.fromisoformat(text.replace(" UTC", "Z"))
    except ValueError:
        return None
    return made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)


def _is_start(value: str, moment: datetime) -> bool:
    """Tell whether a date is the start of a period the moment lies in."""
    try:
        start = datetime.fromisoformat(value)
    except ValueError:
        return False
    text, own = start.isoformat(), moment.isoformat()
    shared = any(text[:n] == own[:n] and text[n:19].strip("-01T:") == "" for n in _UNITS)
    return start <= moment and (shared or (start.day == 1 and (moment - start).days < 93))


def _is_distance(value: str, stood: Stood) -> bool:
    """Tell whether a number is the seconds between the cell and another of the record."""
    if not re.fullmatch(r"-?\d+", value):
        return False
    here = [m for t in stood.here if (m := _moment(t)) is not None]
    others = [m for t in stood.record if (m := _moment(t)) is not None]
    cut = {(a.replace(microsecond=0), b.replace(microsecond=0)) for a in here for b in others}
    return any(abs(int((a - b).total_seconds())) == abs(int(value)) for a, b in cut)


def _is_late(stood: Stood) -> bool:
    """Tell whether two moments stand there, which a time limit can part."""
    moments = {m for t in (*stood.here, *stood.record) if (m := _moment(t)) is not None}
    return len(moments) > 1 and any(_moment(t) for t in stood.here)


def _is_number(value: str, text: str) -> bool:
    try:
        return math.isclose(float(value), float(text), rel_tol=1e-9)
    except ValueError:
        return False


def _tristate(text: str) -> str:
    low = text.lower()
    if low in {"true", "yes", "1", "y"}:
        return "yes"
    return "no" if low in {"false", "no", "0", "n"} else "mixed" if low == "mixed" else "unknown"


def _band(text: str) -> str | None:
    number = re.fullmatch(r"> ?(\d{1,3})|(\d{1,3})", text)
    if number is None:
        return "unborn" if text.lower() == "unborn" else "unknown"
    age = int(number[2]) if number[2] else int(number[1]) + 1
    bands = ((4, "0-4"), (9, "5-9"), (12, "10-12"), (15, "13-15"), (17, "16-17"), (120, "18-plus"))
    return next((band for top, band in bands if age <= top), None)
