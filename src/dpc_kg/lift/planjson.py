"""The plan as a JSON document (``plan.json``), back from it, and the schema of such documents.

All three follow from the dataclasses of ``plan``: a part that is added there is written, read and
described here. Every object names its class (``kind_``) and has all of its parts.
"""

import dataclasses
import types
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.plan import Plan

VERSION = 2
"""The version of the form; it changes with the parts of a plan."""

SCHEMA = "https://w3id.org/dpc/schemas/plan.json"
_KIND = "kind_"
_PLAIN = {str: "string", bool: "boolean", type(None): "null"}
_T = TypeVar("_T")


def to_json(plan: Plan) -> dict[str, Any]:
    """Give the plan as a JSON document."""
    return {"version": VERSION, **_encode(plan)}


def from_json(document: Any) -> Plan:
    """Give the plan of a JSON document.

    Raises:
        MappingError: it is no plan of this version; says at which part.
    """
    if not isinstance(document, Mapping) or document.get("version") != VERSION:
        raise _wrong("version", f"A plan of version {VERSION} is read.")
    body = {name: part for name, part in document.items() if name != "version"}
    plan: Plan = _object(body, Plan, "plan")
    return plan


def schema() -> dict[str, Any]:
    """Give the JSON Schema of the documents."""
    classes = {c.__name__: c for c in _classes(Plan)}
    body = _described(Plan)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "Lift plan",
        **body,
        "required": ["version", *body["required"]],
        "properties": {"version": {"const": VERSION}, **body["properties"]},
        "$defs": {name: _described(c) for name, c in sorted(classes.items()) if c is not Plan},
    }


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        body = {f.name: _encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {_KIND: type(value).__name__, **body}
    if isinstance(value, tuple):
        return [_encode(v) for v in value]
    return value


# -- reading


def _decode(value: Any, hint: Any, at: str) -> Any:
    if _is_union(hint):
        return _decode(value, _member(value, hint, at), at)
    if get_origin(hint) is tuple:
        return _items(value, get_args(hint), at)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _object(value, hint, at)
    if type(value) is not hint:
        raise _wrong(at, f"A {_PLAIN[hint]} stands there.")
    return value


def _member(value: Any, hint: Any, at: str) -> Any:
    """Give the alternative of a union that a value is of, by its class or its plain type."""
    kind = value.get(_KIND) if isinstance(value, Mapping) else None
    for one in get_args(hint):
        if kind == one.__name__ if kind is not None else _fits(value, one):
            return one
    known = ", ".join(_PLAIN.get(one, getattr(one, "__name__", "list")) for one in get_args(hint))
    raise _wrong(at, f"One of these stands there: {known}.")


def _fits(value: Any, hint: Any) -> bool:
    return isinstance(value, list) if get_origin(hint) is tuple else type(value) is hint


def _items(value: Any, hints: tuple[Any, ...], at: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _wrong(at, "A list stands there.")
    if hints[-1] is Ellipsis:
        hints = (hints[0],) * len(value)
    if len(hints) != len(value):
        raise _wrong(at, f"A list of {len(hints)} stands there.")
    return tuple(
        _decode(v, hint, f"{at}[{n}]") for n, (v, hint) in enumerate(zip(value, hints, strict=True))
    )


def _object(value: Any, cls: type[_T], at: str) -> _T:
    hints = get_type_hints(cls)
    if not isinstance(value, Mapping) or set(value) != {_KIND, *hints}:
        raise _wrong(at, f"A {cls.__name__} has exactly: {', '.join([_KIND, *hints])}.")
    if value[_KIND] != cls.__name__:
        raise _wrong(at, f"A {cls.__name__} stands there.")
    return cls(**{n: _decode(value[n], hint, f"{at}.{n}") for n, hint in hints.items()})


def _wrong(at: str, advice: str) -> MappingError:
    return MappingError("This is no plan that can be read.", term=at, advice=advice)


# -- describing


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


def _described(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    lines = (cls.__doc__ or "").strip().splitlines()
    return {
        "description": lines[0] if lines else cls.__name__,
        "type": "object",
        "additionalProperties": False,
        "required": [_KIND, *hints],
        "properties": {
            _KIND: {"const": cls.__name__},
            **{name: _shape(hint) for name, hint in hints.items()},
        },
    }


def _shape(hint: Any) -> dict[str, Any]:
    if _is_union(hint):
        return {"anyOf": [_shape(one) for one in get_args(hint)]}
    if get_origin(hint) is tuple:
        first, *more = get_args(hint)
        if more == [Ellipsis]:
            return {"type": "array", "items": _shape(first)}
        prefix = [_shape(one) for one in (first, *more)]
        return {"type": "array", "prefixItems": prefix, "items": False, "minItems": len(prefix)}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {"type": _PLAIN[hint]}


def _classes(hint: Any, known: set[type] | None = None) -> Iterator[type]:
    """Give the classes that a type is made of, each once."""
    known = set() if known is None else known
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint in known:
            return
        known.add(hint)
        yield hint
        parts = tuple(get_type_hints(hint).values())
    else:
        parts = get_args(hint)
    for part in parts:
        yield from _classes(part, known)
