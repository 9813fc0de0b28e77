"""The how-to of a new source shows what the program really says: files are written, commands run.

A block marked ``csv NAME`` is the content of that file; a block marked ``console`` is as in the
tutorial.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import REPOSITORY
from tests.consoleblocks import assert_runs

if TYPE_CHECKING:
    import pytest

PAGE = REPOSITORY / "docs/howto/map-a-source.md"
BLOCK = re.compile(r"^```(console|csv \S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_page_runs_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    commands, files = 0, 0
    for kind, body in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind != "console":
            Path(kind.removeprefix("csv ")).write_text(body, encoding="utf-8")
            files += 1
            continue
        commands += len(assert_runs(f"```console\n{body}```", capfd))
    assert (commands, files) == (7, 3)
    held = Path("data.nq").read_text(encoding="utf-8")
    table = Path("contacts.csv").read_text(encoding="utf-8").splitlines()[1:]
    personal = {cell for row in table for n, cell in enumerate(row.split(";")) if n in (0, 7, 8)}
    assert len(personal) == 36
    assert [cell for cell in personal if cell in held] == []
