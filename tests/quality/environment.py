"""Run programs of the check environment: tools whose licences or size keep them out of ours."""

import json
import subprocess
from pathlib import Path
from typing import Any

FOLDER = ".venv-check"
HERE = Path(__file__).resolve().parent
_PATIENCE_SECONDS = 900


def program(repository: Path) -> Path | None:
    """Give the Python of the check environment, or None where it was not made."""
    for place in ("bin/python", "Scripts/python.exe"):
        path = repository / FOLDER / place
        if path.exists():
            return path
    return None


def ask(python: Path, worker: str, question: Any) -> Any:
    """Give a worker script a question as JSON and return its answer.

    Raises:
        RuntimeError: the worker failed; the message is the end of what it said.
    """
    return _answer([str(python), str(HERE / worker)], question)


def ask_code(python: Path, code: str, question: Any) -> Any:
    """Give a few lines of code a question as JSON and return their answer.

    Raises:
        RuntimeError: they failed; the message is the end of what they said.
    """
    return _answer([str(python), "-c", code], question)


def _answer(command: list[str], question: Any) -> Any:
    done = call(command, json.dumps(question))
    if done.returncode != 0:
        raise RuntimeError(f"in the check environment: {_last_line(done.stderr)}")
    return json.loads(done.stdout)


def call(command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program with ``text`` as its standard input and keep what it says."""
    return subprocess.run(
        command,
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
