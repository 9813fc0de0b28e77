"""The how-to of RDF data shows what the program really says: its console blocks are run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.test_tutorial import REPOSITORY, pattern, run, steps

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = REPOSITORY / "docs/howto/validate-rdf.md"


def test_the_page_runs_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = steps(PAGE.read_text(encoding="utf-8"))
    for step in found:
        said = run(step.command, capfd)
        expected = step.output.strip("\n")
        assert pattern(expected).fullmatch(said.strip("\n") + "\n" * bool(expected)), said
    assert len(found) == 3
