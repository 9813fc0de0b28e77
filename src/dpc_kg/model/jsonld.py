"""Write statements as JSON-LD: one node an entry, sorted, with a context of prefixes."""

import json
import re
from collections.abc import Callable, Iterable, Mapping

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF_TYPE, XSD

_LOCAL = re.compile(r"[A-Za-z_][\w-]*")
_NATIVE = {XSD + "boolean": {"true": True, "false": False, "1": True, "0": False}}

Json = str | bool | dict[str, "Json"] | list["Json"]


def written(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """Give JSON-LD text; the same statements give the same text.

    Args:
        triples: no blank nodes.
        prefixes: namespaces by prefix; only those used stand in the context.
    """
    used: set[str] = set()

    def short(name: str) -> str:
        for prefix, namespace in prefixes.items():
            rest = name[len(namespace) :]
            if name.startswith(namespace) and _LOCAL.fullmatch(rest):
                used.add(prefix)
                return f"{prefix}:{rest}"
        return name

    nodes: dict[str, dict[str, list[Json]]] = {}
    for triple in sorted(triples, key=str):
        if not isinstance(triple.subject, ox.NamedNode):
            continue
        entry = nodes.setdefault(triple.subject.value, {})
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode):
            entry.setdefault("@type", []).append(short(triple.object.value))
        else:
            entry.setdefault(short(triple.predicate.value), []).append(_term(triple.object, short))
    graph = [{"@id": name, **_single(entry)} for name, entry in sorted(nodes.items())]
    context = {prefix: prefixes[prefix] for prefix in sorted(used)}
    whole = {"@context": context, "@graph": graph}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _single(entry: dict[str, list[Json]]) -> dict[str, Json]:
    return {key: one[0] if len(one) == 1 else list(one) for key, one in sorted(entry.items())}


def _term(term: object, short: Callable[[str], str]) -> Json:
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        if term.language:
            return {"@language": term.language, "@value": term.value}
        if datatype in _NATIVE and term.value in _NATIVE[datatype]:
            return _NATIVE[datatype][term.value]
        if datatype == XSD + "string":
            return term.value
        return {"@type": short(datatype), "@value": term.value}
    if isinstance(term, ox.NamedNode):
        return {"@id": term.value}
    raise ValueError("a blank node or a triple term has no place here")
