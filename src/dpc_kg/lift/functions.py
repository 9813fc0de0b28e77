"""The whitelist of functions a mapping may call (RML-FNML), each compiled to DuckDB SQL.

There is no other way to run code from a mapping. A function gives its value, and, where a
non-empty cell has no valid value, the rule of the source fault; where a code has no place, a mark.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dpc_kg.base.vocab import CODES, EXT, ID, XSD

_CODE = f"'{CODES}"


def _code_iri(*parts: str) -> str:
    """Give the IRI of a code as an SQL literal."""
    return quote(CODES + "/".join(parts))


def quote(text: str) -> str:
    """Give ``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Args:
    """The SQL of each argument, and the text of those that are constants.

    ``moments`` gathers the instants read from cells, by their SQL: each is computed once.
    """

    sql: dict[str, str]
    constants: dict[str, str]
    org: str
    has_coalition_key: bool
    moments: dict[str, str] | None = None

    def moment(self, name: str) -> str:
        """Give the instant (UTC, to the second) an argument holds; NULL when it holds none."""
        text = f"dpc_utc({self.clean(name)})"
        if self.moments is None:
            return text
        return f"v.{self.moments.setdefault(text, f'm{len(self.moments)}')}"

    def clean(self, name: str) -> str:
        """Give an argument trimmed, NULL when blank or absent."""
        return f"dpc_clean({self.sql[name]})" if name in self.sql else "NULL::VARCHAR"

    def const(self, name: str, default: str = "") -> str:
        """Give a constant argument's text."""
        return self.constants.get(name, default)

    def keys(self) -> list[str]:
        """Give the key arguments in order."""
        return [self.clean(n) for n in ("key", "key2", "key3") if n in self.sql]


@dataclass(frozen=True)
class Made:
    """SQL of a value; of the fault rule (NULL where all is well); of "this code has no place"."""

    value: str
    rule: str | None = None
    unknown: str | None = None


@dataclass(frozen=True)
class Function:
    """A function's parameters in order, the kind and datatype of its result, its builder.

    ``principal`` is the parameter whose column is blamed; ``required`` must be given, and
    ``constant`` ones must be constants, of ``choices`` where those are named.
    """

    parameters: tuple[str, ...]
    kind: str
    build: Callable[[Args], Made]
    principal: str = "value"
    datatype: str | None = None
    required: tuple[str, ...] = ("value",)
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def constant(self) -> frozenset[str]:
        """The parameters that decide what the function is, so no cell may give them."""
        return frozenset(self.parameters) & _CONSTANT


def _all_there(parts: list[str]) -> str:
    return " AND ".join(f"{p} IS NOT NULL" for p in parts) or "TRUE"


def _entity(a: Args) -> Made:
    keys = a.keys()
    text = " || chr(31) || ".join([quote(a.org), quote(a.const("type")), *keys])
    iri = f"{quote(ID + a.org + '/' + a.const('type') + '/')} || dpc_partner({text})"
    return Made(f"CASE WHEN {_all_there(keys)} THEN {iri} END")


def _organization(a: Args) -> Made:
    return Made(quote(f"{ID}{a.org}/organization/{a.org}"))


def _organization_named(a: Args) -> Made:
    value = a.clean("value")
    text = f"{quote(a.org)} || chr(31) || 'organization' || chr(31) || {value}"
    iri = f"{quote(f'{ID}{a.org}/organization/')} || dpc_partner({text})"
    return Made(f"CASE WHEN {value} IS NOT NULL THEN {iri} END")


def _looked_up(a: Args, column: str) -> str:
    listed = quote(a.const("list"))
    return (
        f"(SELECT k.{column} FROM dpc_codes k"
        f" WHERE k.list = {listed} AND k.value = {a.clean('value')})"
    )


def _code(a: Args) -> Made:
    value, code = a.clean("value"), _looked_up(a, "code")
    unmapped = _code_iri(a.const("scheme"), "unmapped")
    default = a.const("default")
    blank = _code_iri(default) if default else "NULL"
    sql = (
        f"CASE WHEN {value} IS NULL THEN {blank} ELSE coalesce({_CODE}' || {code}, {unmapped}) END"
    )
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _listed(a: Args) -> Made:
    value, code = a.clean("value"), _looked_up(a, "code")
    sql = f"{quote(a.const('base'))} || {code}"
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _declared(a: Args) -> Made:
    return Made(_looked_up(a, "value"))


def _source_scheme(a: Args) -> Made:
    listed = quote(a.const("list"))
    scheme = f"(SELECT any_value(k.scheme) FROM dpc_codes k WHERE k.list = {listed})"
    sql = f"{quote(EXT)} || {scheme}"
    if "value" not in a.sql:
        return Made(sql)
    return Made(f"CASE WHEN {a.clean('value')} IS NOT NULL THEN {sql} END")


def _instant_rule(a: Args) -> str:
    value = a.clean("value")
    return (
        f"CASE WHEN {value} IS NULL OR {a.moment('value')} IS NOT NULL THEN NULL"
        f" WHEN dpc_day_first({value}) THEN 'date-order' ELSE 'date' END"
    )


_UNITS = {"instant": "second", "day": "day", "month": "month", "quarter": "quarter", "year": "year"}
_FORMATS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


def _instant(a: Args) -> Made:
    unit = _UNITS[a.const("precision", "month")]
    sql = f"strftime(date_trunc('{unit}', {a.moment('value')}), '%Y-%m-%dT%H:%M:%SZ')"
    return Made(sql, rule=_instant_rule(a))


def _precision(a: Args) -> Made:
    code = _code_iri("precision", a.const("precision", "month"))
    return Made(f"CASE WHEN {a.moment('value')} IS NOT NULL THEN {code} END")


def _period(a: Args) -> Made:
    shape = _FORMATS[a.const("precision", "month")]
    sql = f"{_CODE}period/' || strftime({a.moment('value')}, '{shape}')"
    return Made(sql, rule=_instant_rule(a))


def _between(a: Args) -> str:
    return f"(epoch({a.moment('to')}) - epoch({a.moment('from')}))::BIGINT"


def _seconds(a: Args) -> Made:
    return Made(f"{_between(a)}::VARCHAR")


def _within(a: Args) -> Made:
    limit = f"TRY_CAST({_looked_up(a, 'code')} AS BIGINT)"
    seconds = _between(a)
    sql = (
        f"CASE WHEN {seconds} IS NULL OR {limit} IS NULL THEN NULL"
        f" WHEN {seconds} <= {limit} THEN {_CODE}tristate/yes' ELSE {_CODE}tristate/no' END"
    )
    return Made(sql)


_NO_AGE = (
    "('unknown','other','n/a','none','not known','inconnu','inconnue',"
    "'desconocido','desconocida','غير معروف')"
)


def _age_band(a: Args) -> Made:
    value = a.clean("value")
    digits = f"CASE WHEN regexp_full_match({value}, '[0-9]{{1,3}}') THEN {value} END"
    number = f"TRY_CAST({digits} AS INTEGER)"
    over = f"TRY_CAST(regexp_extract({value}, '^> ?([0-9]{{1,3}})$', 1) AS INTEGER)"
    sql = (
        f"{_CODE}age-band/' || CASE"
        f" WHEN {value} IS NULL OR lower({value}) IN {_NO_AGE} THEN 'unknown'"
        f" WHEN lower({value}) = 'unborn' THEN 'unborn'"
        f" WHEN {over} >= 17 THEN '18-plus'"
        f" WHEN {number} IS NULL OR {number} > 120 THEN NULL"
        f" WHEN {number} <= 4 THEN '0-4' WHEN {number} <= 9 THEN '5-9'"
        f" WHEN {number} <= 12 THEN '10-12' WHEN {number} <= 15 THEN '13-15'"
        f" WHEN {number} <= 17 THEN '16-17' ELSE '18-plus' END"
    )
    return Made(sql, rule=f"CASE WHEN ({sql}) IS NULL THEN 'age' END")


# Thousands stand apart by a comma or a space, which may be a no-break one.
_THOUSANDS = "[, \u00a0\u202f]"


def _integer(a: Args) -> Made:
    value = a.clean("value")
    plain = f"regexp_full_match({value}, '[+-]?[0-9]+')"
    grouped = f"regexp_full_match({value}, '[+-]?[0-9]{{1,3}}({_THOUSANDS}[0-9]{{3}})+')"
    digits = f"regexp_replace({value}, '{_THOUSANDS}', '', 'g')"
    sql = f"CASE WHEN {plain} OR {grouped} THEN TRY_CAST({digits} AS HUGEINT)::VARCHAR END"
    return Made(sql, rule=f"CASE WHEN {value} IS NOT NULL AND ({sql}) IS NULL THEN 'number' END")


def _tristate(a: Args) -> Made:
    value = f"lower({a.clean('value')})"
    sql = (
        f"{_CODE}tristate/' || CASE WHEN {value} IS NULL OR {value} = 'unknown' THEN 'unknown'"
        f" WHEN {value} IN ('true','yes','1','y') THEN 'yes'"
        f" WHEN {value} IN ('false','no','0','n') THEN 'no'"
        f" WHEN {value} = 'mixed' THEN 'mixed' END"
    )
    return Made(
        f"coalesce({sql}, {_CODE}tristate/unknown')",
        rule=f"CASE WHEN ({sql}) IS NULL THEN 'boolean' END",
    )


def _present(a: Args) -> Made:
    sql = f"CASE WHEN {a.sql['value']} IS NULL THEN 'no' ELSE 'yes' END"
    return Made(f"{_CODE}tristate/' || {sql}")


def _country(a: Args) -> Made:
    base = quote(EXT + "iso3166-1-alpha-2/")
    value = a.clean("value")
    if a.const("list"):
        code = _looked_up(a, "code")
        return Made(f"{base} || {code}", unknown=f"{value} IS NOT NULL AND {code} IS NULL")
    good = f"regexp_full_match({value}, '[A-Za-z]{{2}}')"
    rule = f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN 'country' END"
    return Made(f"CASE WHEN {good} THEN {base} || upper({value}) END", rule=rule)


def _area3(a: Args) -> Made:
    base, value = quote(EXT + "iso3166-1-alpha-3/"), a.clean("value")
    good = f"regexp_full_match({value}, '[A-Z]{{3}}')"
    rule = f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN 'country' END"
    return Made(f"CASE WHEN {good} THEN {base} || {value} END", rule=rule)


_HASH_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64}


def _hash(a: Args) -> Made:
    algorithm, value = a.const("algorithm"), a.clean("value")
    good = f"regexp_full_match({value}, '[0-9A-Fa-f]{{{_HASH_DIGITS[algorithm]}}}')"
    rule = f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN 'hash' END"
    if not a.has_coalition_key:
        return Made("NULL::VARCHAR", rule=rule)
    text = f"{quote(algorithm + ':')} || lower({value})"
    iri = f"{quote(ID + 'coalition/hash/')} || dpc_coalition({text})"
    return Made(f"CASE WHEN {good} THEN {iri} END", rule=rule)


def _occurrences(a: Args) -> Made:
    keys = a.keys()
    count = f"count(*) OVER (PARTITION BY {', '.join(keys)})"
    return Made(f"CASE WHEN {_all_there(keys)} THEN ({count})::VARCHAR END")


_PARTS = ("dataset", "observer", "measure", "period", "label")


def _observation(a: Args) -> Made:
    parts = [f"dpc_iri_safe({a.clean(p)})" for p in _PARTS if p in a.sql]
    there = [a.clean(p) for p in (*_PARTS, "value") if p in a.sql]
    iri = f"{quote(f'{ID}{a.org}/observation/')} || {' || chr(46) || '.join(parts)}"
    return Made(f"CASE WHEN {_all_there(there)} THEN {iri} END")


def _concat(a: Args) -> Made:
    names = [n for n in ("value", "value2", "value3") if n in a.sql]
    return Made(" || ".join(a.sql[n] for n in names))


def _prefer(a: Args) -> Made:
    return Made(f"coalesce({a.clean('preferred')}, {a.clean('value')})")


_INTEGER = XSD + "integer"
_KEYS = ("key", "key2", "key3")

_CONSTANT = frozenset({"algorithm", "base", "default", "list", "precision", "scheme", "type"})
_INSTANT = {"precision": frozenset(_UNITS)}
_PERIOD = {"precision": frozenset(_FORMATS)}
_ALGORITHM = {"algorithm": frozenset(_HASH_DIGITS)}

FUNCTIONS: dict[str, Function] = {
    "ageBand": Function(("value",), "iri", _age_band),
    "area3": Function(("value",), "iri", _area3),
    "code": Function(
        ("list", "scheme", "value", "default"),
        "iri",
        _code,
        required=("list", "scheme", "value"),
    ),
    "concat": Function(("value", "value2", "value3"), "literal", _concat),
    "country": Function(("value", "list"), "iri", _country),
    "declared": Function(("list", "value"), "literal", _declared, required=("list", "value")),
    "entity": Function(("type", *_KEYS), "iri", _entity, "key", required=("type", "key")),
    "hash": Function(
        ("algorithm", "value"),
        "iri",
        _hash,
        required=("algorithm", "value"),
        choices=_ALGORITHM,
    ),
    "instant": Function(
        ("value", "precision"), "literal", _instant, datatype=XSD + "dateTime", choices=_INSTANT
    ),
    "integer": Function(("value",), "literal", _integer, datatype=_INTEGER),
    "listed": Function(
        ("list", "base", "value"), "iri", _listed, required=("list", "base", "value")
    ),
    "observation": Function((*_PARTS, "value"), "iri", _observation, required=("dataset",)),
    "occurrences": Function(_KEYS, "literal", _occurrences, "key", _INTEGER, required=("key",)),
    "organization": Function((), "iri", _organization, required=()),
    "organizationNamed": Function(("value",), "iri", _organization_named),
    "period": Function(("value", "precision"), "iri", _period, choices=_PERIOD),
    "precision": Function(("value", "precision"), "iri", _precision, choices=_INSTANT),
    "prefer": Function(("preferred", "value"), "literal", _prefer),
    "present": Function(("value",), "iri", _present),
    "seconds": Function(
        ("from", "to"), "literal", _seconds, "to", _INTEGER, required=("from", "to")
    ),
    "sourceScheme": Function(("list", "value"), "iri", _source_scheme, required=("list",)),
    "tristate": Function(("value",), "iri", _tristate),
    "within": Function(
        ("from", "to", "list", "value"),
        "iri",
        _within,
        "to",
        required=("from", "to", "list", "value"),
    ),
}
