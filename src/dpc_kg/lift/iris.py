"""Which texts are IRIs: the grammar of RFC 3987, as one pattern for SQL (RE2) and for Python."""

import re

from dpc_kg.lift.plan import Const, Template

# letters stand in the pattern as they are, so that both readers of it take it
_UCS = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16 | (0x1000 if plane == 14 else 0))}-{chr(plane << 16 | 0xFFFD)}"
    for plane in range(1, 15)
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_PLAIN = f"A-Za-z0-9._~!$&'()*+,;={_UCS}-"
_ENCODED = "%[0-9A-Fa-f]{2}"


def _some(letters: str) -> str:
    return f"([{letters}]|{_ENCODED})*"


def _address() -> str:
    """Give the pattern of an IPv6 address."""
    part = "[0-9A-Fa-f]{1,4}"
    byte = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
    last = rf"({part}:{part}|({byte}\.){{3}}{byte})"
    forms = [f"({part}:){{6}}{last}", f"::({part}:){{5}}{last}"]
    forms += [f"(({part}:){{0,{n}}}{part})?::({part}:){{{4 - n}}}{last}" for n in range(5)]
    forms += [f"(({part}:){{0,5}}{part})?::{part}", f"(({part}:){{0,6}}{part})?::"]
    return "|".join(forms)


def _pattern() -> str:
    host = rf"(\[({_address()}|[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]|{_some(_PLAIN)})"
    authority = f"({_some(':' + _PLAIN)}@)?{host}(:[0-9]*)?"
    inner = _some(":@/" + _PLAIN)
    first = f"([:@{_PLAIN}]|{_ENCODED})"
    path = f"(//{authority}(/{inner})?|/?({first}{inner})?)"
    query, fragment = _some(":@/?" + _PRIVATE + _PLAIN), _some(":@/?" + _PLAIN)
    return rf"[A-Za-z][A-Za-z0-9+.-]*:{path}(\?{query})?(#{fragment})?"


IRI = _pattern()
"""The pattern of an absolute IRI, for a full match."""

_IRI = re.compile(IRI)


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI."""
    return _IRI.fullmatch(text) is not None


def is_always_iri(template: Template) -> bool:
    """Tell whether a template makes an IRI of any values, as its references are encoded."""
    return is_iri(_filled(template, "%C3%A9\u00e9-a"))


def may_be_iri(template: Template) -> bool:
    """Tell whether some values make an IRI of a template: its constant parts are not at fault."""
    first = template.parts[0] if template.parts else None
    starts = isinstance(first, Const) and ":" in first.text
    return not starts or is_iri(_filled(template, "1"))


def _filled(template: Template, value: str) -> str:
    return "".join(p.text if isinstance(p, Const) else value for p in template.parts)
