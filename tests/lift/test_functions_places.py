"""Languages of a list, by the length of their code; countries stand in test_functions.py."""

from collections.abc import Callable

from dpc_kg.base.vocab import EXT

Work = Callable[..., list[tuple[str | None, str | None, bool]]]

LISTS = [("tongue", "fr_word", "fr"), ("tongue", "kmr_word", "kmr"), ("tongue", "no_word", None)]


def test_a_language_is_read_in_the_list_or_counted(worked: Work) -> None:
    rows = [("fr_word",), ("kmr_word",), ("no_word",), ("other",), ("",)]
    assert worked("language", rows, codes=LISTS, list="tongue") == [
        (f"{EXT}iso639-1/fr", None, False),
        (f"{EXT}iso639-3/kmr", None, False),
        (None, None, True),
        (None, None, True),
        (None, None, False),
    ]
