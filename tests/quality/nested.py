"""The strings inside a JSON document."""

from collections.abc import Iterator


def strings(value: object) -> Iterator[str]:
    """Give the strings of a document, however deep, without the names of members."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
