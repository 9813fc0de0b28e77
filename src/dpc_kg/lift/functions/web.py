"""Functions of addresses on a network: one way of writing each, so that one place has one name."""

from dpc_kg.lift.functions.base import Args, Function, Made, fault

_HOST = r"""(\[[0-9A-Fa-f:.]+\]|[^\s/?#\\@:\[\]<>"{}|^`%]+)"""
_USER = r"([^\s/?#\\@<>\"]*@)?"
_PORT = r"(:[0-9]{0,5})?"
_REST = r"""([/?#][^\s<>"]*)?"""
_SCHEME = "[A-Za-z][A-Za-z0-9+.-]*"

# Of scheme, user, host, port and rest only scheme and host are the same in any case (RFC 3986).
_PLACED = f"({_SCHEME})://{_USER}{_HOST}{_PORT}{_REST}"
# A file of a peer-to-peer network has no host; its parameters are kept as they are.
_MAGNET = r"([Mm][Aa][Gg][Nn][Ee][Tt]):(\?[^\s<>\"]+)"
# Analysts write an address like this so that nobody opens it: it would be a second name.
_DISARMED = "[Hh][Xx][Xx][Pp][Ss]?"


def _web_address(a: Args) -> Made:
    """Give an address with its scheme and host in small letters; a fault for no address."""
    value = a.clean("value")
    placed, magnet, disarmed = (_text(p) for p in (_PLACED, _MAGNET, f"{_DISARMED}:.*"))
    is_placed = (
        f"regexp_full_match({value}, {placed}) AND NOT regexp_full_match({value}, {disarmed})"
    )
    is_magnet = f"regexp_full_match({value}, {magnet})"
    part = [f"regexp_extract({value}, '^' || {placed} || '$', {i})" for i in range(6)]
    same = f"lower({part[1]}) || '://' || {part[2]} || lower({part[3]}) || {part[4]} || {part[5]}"
    hash_name = f"'magnet:' || regexp_extract({value}, '^' || {magnet} || '$', 2)"
    sql = f"CASE WHEN {is_placed} THEN {same} WHEN {is_magnet} THEN {hash_name} END"
    return Made(
        sql,
        rule=f"CASE WHEN {value} IS NOT NULL AND ({sql}) IS NULL THEN {fault('web-address')} END",
    )


def _text(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"


FUNCTIONS: dict[str, Function] = {
    "webAddress": Function(("value",), "literal", _web_address),
}
