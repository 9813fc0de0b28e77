"""Functions that name things: records, organisations, observations, hashes."""

from dpc_kg.base.vocab import ID, XSD
from dpc_kg.lift.functions.base import (
    KEYS,
    Args,
    Function,
    Made,
    all_there,
    fault,
    is_declared,
    looked_up,
    quote,
)
from dpc_kg.lift.functions.times import is_calendar_period

_INTEGER = XSD + "integer"


def _entity(a: Args) -> Made:
    """Give the pseudonym of a record by its type and keys; nothing where a key is blank."""
    keys = a.keys()
    text = " || chr(31) || ".join([quote(a.org), quote(a.const("type")), *keys])
    iri = f"{quote(ID + a.org + '/' + a.const('type') + '/')} || dpc_partner({text})"
    return Made(f"CASE WHEN {all_there(keys)} THEN {iri} END")


OWN = "self"
"""The code of a value that names the organisation whose export it is."""


def _own(a: Args) -> str:
    return quote(f"{ID}{a.org}/organization/{a.org}")


def _named(a: Args) -> str:
    """Give the SQL of the pseudonym of the organisation a cell names; NULL for a blank one."""
    text = f"{quote(a.org)} || chr(31) || 'organization' || chr(31) || {a.clean('value')}"
    return f"{quote(f'{ID}{a.org}/organization/')} || dpc_partner({text})"


def _organization(a: Args) -> Made:
    """Give the organisation whose export it is."""
    return Made(_own(a))


def _organization_named(a: Args) -> Made:
    """Give the pseudonym of the organisation a cell names."""
    return Made(f"CASE WHEN {a.clean('value')} IS NOT NULL THEN {_named(a)} END")


def _organization_listed(a: Args) -> Made:
    """Give the organisation a cell names: by its own name if listed, else by a pseudonym."""
    code = looked_up(a, "code")
    listed = (
        f"CASE {code} WHEN {quote(OWN)} THEN {_own(a)}"
        f" ELSE {quote(ID)} || {code} || '/organization/' || {code} END"
    )
    there = f"{a.clean('value')} IS NOT NULL"
    return Made(f"CASE WHEN {there} THEN coalesce({listed}, {_named(a)}) END")


_HASH_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64}


def _hash(a: Args) -> Made:
    """Give the coalition's name of a file's hash; a fault for no such hash."""
    algorithm, value = a.const("algorithm"), a.clean("value")
    good = f"regexp_full_match({value}, '[0-9A-Fa-f]{{{_HASH_DIGITS[algorithm]}}}')"
    rule = f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN {fault('hash')} END"
    if not a.has_coalition_key:
        return Made("NULL::VARCHAR", rule=rule)
    text = f"{quote(algorithm + ':')} || lower({value})"
    iri = f"{quote(ID + 'coalition/hash/')} || dpc_coalition({text})"
    return Made(f"CASE WHEN {good} THEN {iri} END", rule=rule)


def _occurrences(a: Args) -> Made:
    """Give how many rows have the same keys."""
    keys = a.keys()
    count = f"count(*) OVER (PARTITION BY {', '.join(keys)})"
    return Made(f"CASE WHEN {all_there(keys)} THEN ({count})::VARCHAR END")


_LABELS = ("label", "label2", "label3")
_PARTS = ("dataset", "observer", "measure", "period", *_LABELS)
_BETWEEN = " || dpc_iri_safe(', ') || "


def _shown(a: Args, part: str) -> str:
    """Give the SQL of a part as it may be shown: a declared word or a period, else a pseudonym.

    A cell can hold anything, a name too, and an IRI travels.
    """
    value = a.clean(part)
    if part in a.constants:
        return f"dpc_iri_safe({value})"
    good = is_calendar_period(value) if part == "period" else is_declared(value)
    text = f"{quote(a.org)} || chr(31) || 'label' || chr(31) || {value}"
    return f"CASE WHEN {good} THEN dpc_iri_safe({value}) ELSE dpc_partner({text}) END"


def _observation(a: Args) -> Made:
    """Give the name of a figure by its parts; a fault where it is there and a part is not.

    ``again`` tells apart what is published twice under one name (``.2``).
    """
    parts = [f"({_shown(a, p)})" for p in _PARTS if p in a.sql and p not in _LABELS]
    labels = [f"({_shown(a, p)})" for p in _LABELS if p in a.sql]
    if labels:
        parts.append(f"({_BETWEEN.join(labels)})")
    there = [a.clean(p) for p in (*_PARTS, "value") if p in a.sql]
    iri = f"{quote(f'{ID}{a.org}/observation/')} || {' || chr(46) || '.join(parts)}"
    if "again" in a.sql:
        iri += f" || coalesce(regexp_extract({a.clean('again')}, '^[.][0-9]+$'), '')"
    sql = f"CASE WHEN {all_there(there)} THEN {iri} END"
    if "value" not in a.sql or len(there) == 1:
        return Made(sql)
    # a figure whose year or label is blank would be lost without a word
    lost = f"{there[-1]} IS NOT NULL AND NOT ({all_there(there[:-1])})"
    return Made(sql, rule=f"CASE WHEN {lost} THEN {fault('missing-key')} END")


_ALGORITHM = {"algorithm": frozenset(_HASH_DIGITS)}

FUNCTIONS: dict[str, Function] = {
    "entity": Function(("type", *KEYS), "iri", _entity, "key", required=("type", "key")),
    "hash": Function(
        ("algorithm", "value"),
        "iri",
        _hash,
        required=("algorithm", "value"),
        choices=_ALGORITHM,
    ),
    "observation": Function(
        (*_PARTS, "again", "value"), "iri", _observation, required=("dataset",)
    ),
    "occurrences": Function(
        KEYS, "literal", _occurrences, "key", _INTEGER, required=("key",), spans=True
    ),
    "organization": Function((), "iri", _organization, required=()),
    "organizationListed": Function(
        ("list", "value"), "iri", _organization_listed, required=("list", "value")
    ),
    "organizationNamed": Function(("value",), "iri", _organization_named),
}
