"""A check of documents against the part of JSON Schema that our published schemas use."""

import re
from typing import Any

_TYPES: dict[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def breaches(value: Any, schema: dict[str, Any]) -> list[str]:
    """Give what a document breaks of its schema, by place."""
    return _breaches(value, schema, schema, "")


def _breaches(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str) -> list[str]:
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    known = {"$schema", "$id", "$defs", "title", "description", "additionalProperties"}
    left = set(schema) - known - _CHECKED
    assert not left, f"a word of JSON Schema that is not checked here: {left}"
    found = _own(value, schema, at)
    if "anyOf" in schema and all(_breaches(value, one, whole, at) for one in schema["anyOf"]):
        found.append(f"{at}: none of several")
    if isinstance(value, dict) and "properties" in schema:
        parts = schema["properties"]
        assert schema["additionalProperties"] is False
        found += [f"{at}: no {name}" for name in schema["required"] if name not in value]
        found += [f"{at}: {name} is not known" for name in value if name not in parts]
        for name in value.keys() & parts.keys():
            found += _breaches(value[name], parts[name], whole, f"{at}/{name}")
    if isinstance(value, list):
        first = schema.get("prefixItems", [])
        for number, item in enumerate(value):
            one = first[number] if number < len(first) else schema.get("items", {})
            if one is False:
                found.append(f"{at}: too many")
            else:
                found += _breaches(item, one, whole, f"{at}/{number}")
    return found


_CHECKED = {
    *("$ref", "anyOf", "const", "enum", "items", "minItems", "minimum", "pattern"),
    *("prefixItems", "properties", "required", "type"),
}


def _own(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    """Give what a value itself breaks, its parts aside."""
    names = schema.get("type", [])
    wanted = {_TYPES[name] for name in ([names] if isinstance(names, str) else names)}
    found = []
    if wanted and type(value) not in wanted:
        found.append(f"{at}: not {names}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: not one of the list")
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: not {schema['const']}")
    if type(value) is int and value < schema.get("minimum", value):
        found.append(f"{at}: too small")
    if type(value) is str and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at}: not of the form")
    if type(value) is list and len(value) < schema.get("minItems", 0):
        found.append(f"{at}: too few")
    return found
