"""Patterns of shapes mean the same to both engines, or are refused."""

import json
import re
from pathlib import Path

import pytest

from dpc_kg.base.vocab import SH
from dpc_kg.validate.engines import choose, validate_data
from dpc_kg.validate.patterns import for_python, problem

REFUSED = [
    "^(?!x)",
    "(?<=a)b",
    "(?i)a",
    "(?P<n>a)",
    r"(a)\1",
    r"\i\c*",
    r"\p{IsGreek}",
    r"\p{Greek}",
    "[a-z-[aeiou]]",
    "[[:alpha:]]",
    "[a&&b]",
    "[!--]",
]
READ = [
    (r"^\p{L}+$", "", ["ไทย", "Ünï", "a1", ""]),
    (r"^[\p{Lu}_-]+$", "", ["A_-", "a"]),
    (r"^\P{L}+$", "", ["12", "a"]),
    (r"^\w+$", "", ["ที่", "a_1", "a-b"]),
    (r"^\d+$", "", ["12", "٣", "a"]),
    ("^abc$", "", ["abc", "abc\n"]),
    ("^abc$", "i", ["ABC"]),
    ("^b$", "m", ["a\nb", "ab"]),
    ("^a.b$", "s", ["a\nb"]),
    ("^a.b$", "", ["a\nb"]),
    (r"^[$\]]$", "", ["$", "]", "a"]),
    ("(?:ab)+", "", ["abab", "a"]),
    ("[]a]", "", ["]", "b"]),
]


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_engines_would_read_in_different_ways_is_refused(pattern: str) -> None:
    assert problem(pattern)


def test_flags_that_not_both_have_are_refused() -> None:
    assert problem("a", "x")
    assert problem("a", "ims") is None


@pytest.mark.parametrize(("pattern", "flags", "texts"), READ)
def test_both_engines_read_a_pattern_alike(
    tmp_path: Path, pattern: str, flags: str, texts: list[str]
) -> None:
    assert problem(pattern, flags) is None
    if choose().name != "shacl":
        pytest.skip("the fast engine has no wheel for this system")
    quoted = pattern.replace("\\", "\\\\")
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.nt"
    flagged = f' ; <{SH}flags> "{flags}"' if flags else ""
    shapes.write_text(
        f"<http://e/S> <{SH}targetSubjectsOf> <http://e/p> ; <{SH}property> "
        f'[ <{SH}path> <http://e/p> ; <{SH}pattern> "{quoted}"{flagged} ] .\n',
        encoding="utf-8",
    )
    lines = (f"<http://e/x> <http://e/p> {json.dumps(text)} .\n" for text in texts)
    data.write_text("".join(lines), encoding="utf-8")
    fast, reference = (validate_data(data, shapes, name).results for name in ("shacl", "pyshacl"))
    assert fast == reference


def test_python_reads_the_end_as_the_very_end() -> None:
    assert not re.search(for_python("^a$"), "a\n")
    assert re.search(for_python("^b$", "m"), "a\nb", re.MULTILINE)
