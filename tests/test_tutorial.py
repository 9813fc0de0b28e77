"""The tutorial and the README show what the program really says: their commands are run here.

In a block marked ``console`` a line that begins with ``$`` is run, and the lines after it are its
output; ``...`` stands for any text, and on a line of its own for any lines.
"""

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dpc_kg.cli import main

REPOSITORY = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    command: str
    output: str


def steps(text: str) -> list[Step]:
    found = []
    for block in _BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.split("\n")
            end = next(i for i, line in enumerate(lines) if not line.endswith("\\"))
            command = " ".join(line.rstrip("\\").strip() for line in lines[: end + 1])
            found.append(Step(command, "\n".join(lines[end + 1 :]).strip("\n")))
    return found


def pattern(expected: str) -> re.Pattern[str]:
    """Give the output as a pattern.

    >>> bool(pattern("a\\n...\\nd").fullmatch("a\\nb\\nc\\nd"))
    True
    """
    lines = []
    for line in expected.splitlines():
        whole = line.strip() == "..."
        lines.append(r"(?:.*\n)*" if whole else ".*".join(map(re.escape, line.split("..."))) + "\n")
    return re.compile("".join(lines))


def run(command: str, capture: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(command)
    if words[0] == "dpc-kg":
        main(words[1:])
        said = capture.readouterr()
        return (said.out + said.err).replace("\r\n", "\n")
    assert words[0] == "python", f"not a command of the tutorial: {words[0]}"
    return subprocess.run(
        [sys.executable, *words[1:]], capture_output=True, text=True, check=True
    ).stdout


def test_the_tutorial_runs_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = steps((REPOSITORY / "docs/tutorial.md").read_text(encoding="utf-8"))
    assert len(found) > 8
    for step in found:
        said = run(step.command, capfd)
        assert pattern(step.output).fullmatch(said.strip("\n") + "\n"), f"{step.command}\n{said}"


def test_the_readme_shows_a_real_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from dpc_kg.cli.demo import PARTNERS

    ngo = next(partner for partner in PARTNERS if partner.org == "example-ngo")
    size = f"--records {ngo.records} --seed {ngo.seed} --faults {ngo.faults}"
    monkeypatch.chdir(tmp_path)
    run(
        f"dpc-kg generate {ngo.system} {size} --org {ngo.org} -o build/demo/exports/{ngo.org}",
        capfd,
    )
    found = steps((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert found
    for step in found:
        said = run(step.command, capfd)
        assert pattern(step.output).fullmatch(said.strip("\n") + "\n"), f"{step.command}\n{said}"
