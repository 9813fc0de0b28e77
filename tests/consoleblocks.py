"""The commands that a page shows, run as a reader would run them.

In a block marked ``console`` a line that begins with ``$`` is run, and the lines after it are its
output; ``...`` stands for any text, and on a line of its own for any lines.
"""

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass

import pytest

from dpc_kg.cli import main

_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    command: str
    output: str


def assert_runs(text: str, capture: pytest.CaptureFixture[str]) -> list[Step]:
    """Run every command of a page in turn, each must say what is shown; give them."""
    found = steps(text)
    assert found, "no command is shown"
    for step in found:
        said = run(step.command, capture).strip("\n")
        shown = pattern(step.output)
        assert shown.fullmatch(f"{said}\n" if said else ""), f"{step.command}\n{said}"
    return found


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
