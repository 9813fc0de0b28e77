"""One part of the page is written, the others stay."""

from pathlib import Path

import pytest

from tests.conformance import page
from tests.conformance.page import Miss, Reason, missed, parts, unexplained, write


def test_a_part_is_written_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    write("# One\n\na\n")
    write("# Two\n\n## Missed\n\nb\n")
    write("# One\n\nc\n")
    assert page.PAGE.read_text(encoding="utf-8") == "# One\n\nc\n\n# Two\n\n## Missed\n\nb\n"
    assert list(parts(page.PAGE.read_text(encoding="utf-8"))) == ["# One", "# Two"]


def test_a_miss_is_shown_with_engine_and_reason() -> None:
    miss = Miss("a-case", "one|too many", "pyshacl")
    assert unexplained([miss], {}) == ["pyshacl/a-case is missed without a reason."]
    known = {"pyshacl/a-case": Reason("why", "open")}
    assert unexplained([miss], known) == []
    assert unexplained([], known) == ["pyshacl/a-case passes, and has a reason."]
    assert missed([miss], known).endswith("| `a-case`, pyshacl | one too many | why | open |\n")
