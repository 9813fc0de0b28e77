"""``manifest.json``: what a package says about itself, in one canonical spelling.

Its SHA-256 is the submission digest; the digests in it bind the other members (DESIGN section 2).
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from dpc_kg.base.errors import DpcError, PackageError
from dpc_kg.base.identifiers import graph_iri, valid_org, valid_submission
from dpc_kg.base.settings import PROFILES

FORMAT = "dpcsub"
FORMAT_VERSION = 1
MODES = ("snapshot", "delta", "correction")
"""What a submission does to earlier ones of its data set (DESIGN section 5, Updates)."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_KID = re.compile(r"[A-Za-z0-9_-]{43}")
_CLASS = re.compile(r"[A-Za-z][A-Za-z0-9]{0,62}")
_NUMBER_CEILING = 1 << 53


def canonical(value: object) -> bytes:
    """Give JSON with sorted keys, no spaces, UTF-8.

    Raises:
        ValueError: a value JSON cannot say (NaN, half a surrogate pair).
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def read_canonical(raw: bytes, file: str) -> dict[str, Any]:
    """Read a JSON object written by ``canonical``: one spelling, so no doubled key hides in it.

    Raises:
        PackageError: it is not JSON, not an object, or spelt otherwise.
    """
    try:
        value = json.loads(raw.decode("utf-8"))
        same = canonical(value) == raw
    except (ValueError, RecursionError) as e:
        raise PackageError("This is not a JSON document.", file=file, advice=_REMAKE) from e
    if not isinstance(value, dict) or not same:
        raise PackageError(
            "This is not a JSON object in canonical form (sorted keys, no spaces, each key once).",
            file=file,
            advice=_REMAKE,
        )
    return value


def valid_dataset(name: str) -> bool:
    """Tell whether ``name`` can name a data set or a mapping."""
    return _NAME.fullmatch(name) is not None


def utc_instant(value: str | datetime) -> str:
    """Give a point in time as UTC text, as in ``2026-01-31T00:00:00Z``; a date is its start.

    Raises:
        DpcError: it is not a date or date and time.
    """
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as e:
        raise DpcError(
            "extractedAt is not a date or a date with time.",
            advice="Write it as in 2026-01-31 or 2026-01-31T08:30:00Z.",
        ) from e
    return moment.isoformat().replace("+00:00", "Z")


def check_manifest(manifest: Mapping[str, Any]) -> None:
    """Check that a manifest has exactly the members of this format, each of the right kind.

    Raises:
        PackageError: names the member that is missing, unknown or wrong.
    """
    if manifest.get("format") != FORMAT or manifest.get("formatVersion") != FORMAT_VERSION:
        raise PackageError(
            "The package is of another format or version.",
            file="manifest.json",
            advice=f"Right is {FORMAT} version {FORMAT_VERSION}: update dpc-kg at the older end.",
        )
    _check_object(manifest, _MANIFEST, "")
    if manifest["graph"] != graph_iri(manifest["organization"], manifest["submission"]):
        raise _wrong("graph")


def _check_object(value: object, rules: Mapping[str, Any], path: str) -> None:
    if not isinstance(value, dict):
        raise _wrong(path)
    for key in sorted(value.keys() - rules.keys()):
        shown = key if _NAME.fullmatch(key) else "(unreadable)"
        raise PackageError(
            "The manifest has an unknown member.",
            file="manifest.json",
            term=path + shown,
            advice=_REMAKE,
        )
    for key, rule in rules.items():
        if isinstance(rule, dict):
            _check_object(value.get(key), rule, f"{path}{key}.")
        elif key not in value or not rule(value[key]):
            raise _wrong(path + key)


def _wrong(term: str) -> PackageError:
    return PackageError(
        "This member of the manifest is missing or not of the right kind.",
        file="manifest.json",
        term=term.rstrip("."),
        advice=_REMAKE,
    )


def _text(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _count(value: object) -> bool:
    return type(value) is int and 0 <= value < _NUMBER_CEILING


def _org(value: object) -> bool:
    return isinstance(value, str) and valid_org(value)


def _submission(value: object) -> bool:
    return isinstance(value, str) and valid_submission(value) and value != "pending"


def _instant(value: object) -> bool:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return False
    try:
        return utc_instant(value) == value
    except DpcError:
        return False


def _epoch(value: object) -> bool:
    return value is None or _text(_NAME)(value)


def _class_counts(value: object) -> bool:
    return isinstance(value, dict) and all(
        _CLASS.fullmatch(key) and _count(count) for key, count in value.items()
    )


_MEMBER = {"bytes": _count, "sha256": _text(_HEX64)}
_MANIFEST: dict[str, Any] = {
    "counts": {"classes": _class_counts, "quads": _count, "subjects": _count, "withheld": _count},
    "dataset": _text(_NAME),
    "extractedAt": _instant,
    "format": lambda value: value == FORMAT,
    "formatVersion": lambda value: type(value) is int,
    "graph": lambda value: isinstance(value, str),
    "keys": {"coalition": _epoch, "signing": _text(_KID)},
    "mapping": {"name": _text(_NAME), "sha256": _text(_HEX64)},
    "members": {"data.nq": _MEMBER, "lift-report.json": _MEMBER},
    "mode": lambda value: value in MODES,
    "organization": _org,
    "profile": lambda value: value in PROFILES,
    "quadDigest": _text(_HEX64),
    "sequence": _count,
    "submission": _submission,
}
_REMAKE = "Make the package with dpc-kg package and send it unchanged."
