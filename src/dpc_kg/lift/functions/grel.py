"""The published functions of GREL and IDLab that mappings of others commonly call (RML-FNML).

They keep to the definitions that the RML-FNML test cases use; a text is taken as it stands.
"""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import Args, Function, Made, all_there

_GREL = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
_IDLAB = (
    "http://example.com/idlab/function/",
    "https://w3id.org/imec/idlab/function#",
)


def _upper(a: Args) -> Made:
    return Made(f"upper({a.sql['value']})")


def _lower(a: Args) -> Made:
    return Made(f"lower({a.sql['value']})")


def _trim(a: Args) -> Made:
    return Made(f"trim({a.sql['value']}, ' ' || chr(9) || chr(10) || chr(13))")


def _replace(a: Args) -> Made:
    return Made(f"replace({a.sql['value']}, {a.sql['find']}, {a.sql['replacement']})")


def _substring(a: Args) -> Made:
    value, start = a.sql["value"], f"TRY_CAST({a.sql['from']} AS BIGINT)"
    end = f"TRY_CAST({a.sql['to']} AS BIGINT)" if "to" in a.sql else f"length({value})"
    sql = (
        f"CASE WHEN {start} BETWEEN 0 AND length({value})"
        f" THEN substr({value}, {start} + 1, greatest({end} - {start}, 0)) END"
    )
    return Made(sql)


def _length(a: Args) -> Made:
    return Made(f"length({a.sql['value']})::VARCHAR")


def _escape(a: Args) -> Made:
    value, mode = a.sql["value"], a.sql["mode"]
    html = value
    for mark, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        html = f"replace({html}, '{mark}', '&{name};')"
    return Made(f"CASE {mode} WHEN 'html' THEN {html} WHEN 'url' THEN dpc_uri_safe({value}) END")


def _upper_url(a: Args) -> Made:
    value = f"upper({a.sql['value']})"
    sql = f"CASE WHEN starts_with({value}, 'HTTP') THEN {value} ELSE 'http://' || {value} END"
    return Made(sql)


def _equal(a: Args) -> Made:
    return _compared(a, "true", "false")


def _not_equal(a: Args) -> Made:
    return _compared(a, "false", "true")


def _compared(a: Args, equal: str, other: str) -> Made:
    first, second = a.sql["value"], a.sql["value2"]
    test = f"CASE WHEN {first} = {second} THEN '{equal}' ELSE '{other}' END"
    return Made(f"CASE WHEN {all_there([first, second])} THEN {test} END")


def _abc(_: Args) -> Made:
    return Made("'ABC'")


FUNCTIONS: dict[str, Function] = {
    "grel:escape": Function(("value", "mode"), "literal", _escape, required=("value", "mode")),
    "grel:string_length": Function(("value",), "literal", _length, datatype=XSD + "integer"),
    "grel:string_replace": Function(
        ("value", "find", "replacement"),
        "literal",
        _replace,
        required=("value", "find", "replacement"),
    ),
    "grel:string_substring": Function(
        ("value", "from", "to"), "literal", _substring, required=("value", "from")
    ),
    "grel:string_trim": Function(("value",), "literal", _trim),
    "grel:toLowerCase": Function(("value",), "literal", _lower),
    "grel:toUpperCase": Function(("value",), "literal", _upper),
    "idlab:alwaysReturnsABC": Function((), "literal", _abc, required=()),
    "idlab:equal": Function(("value", "value2"), "literal", _equal, required=("value", "value2")),
    "idlab:notEqual": Function(
        ("value", "value2"), "literal", _not_equal, required=("value", "value2")
    ),
    "idlab:toUpperCaseURL": Function(("value",), "literal", _upper_url),
}

NAMES: dict[str, str] = {
    base + name.partition(":")[2]: name
    for name in FUNCTIONS
    for base in ((_GREL,) if name.startswith("grel") else _IDLAB)
}
"""The functions by their IRIs."""

PARAMETERS: dict[str, str] = {
    "modeParam": "mode",
    "p_int_i_from": "from",
    "p_int_i_opt_to": "to",
    "p_string_find": "find",
    "p_string_replace": "replacement",
    "param_find": "find",
    "param_int_i_from": "from",
    "param_int_i_opt_to": "to",
    "param_replace": "replacement",
    "str": "value",
    "valueParam": "value",
    "valueParam2": "value2",
    "valueParameter": "value",
    "valueParameter2": "value2",
}
"""Our names of the published parameters."""

_TEXT = frozenset({"stringOut", "stringOutput", "output_string"})
_NUMBER = frozenset({"output_number", "numberOut"})
_STRING = frozenset({"_stringOut", "stringOut"})
_BOOLEAN = frozenset({"_boolOut", "boolOut", "output_bool"})

OUTPUTS: dict[str, frozenset[str]] = {
    name: _BOOLEAN
    if name.endswith(("equal", "Equal"))
    else _NUMBER
    if name.endswith("_length")
    else _STRING
    if name.startswith("idlab")
    else _TEXT
    for name in FUNCTIONS
}
"""The published outputs of each."""
