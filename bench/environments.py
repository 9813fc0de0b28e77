"""Environments of peers, each its own, made on first use from a file of pinned requirements."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "bench"
PEERS = ROOT / "bench" / "peers"
_MORPH = """\
[CONFIGURATION]
output_file = {out}
output_format = N-TRIPLES
number_of_processes = {processes}
logging_level = ERROR

[data]
mappings = {mapping}
"""


def environment(name: str) -> Path:
    """Give the Python of an environment; make it if it is not there, or is another.

    Its packages stand in ``peers/requirements-NAME.txt``.

    Raises:
        subprocess.CalledProcessError: the packages could not be installed.
    """
    folder, requirements = BUILD / f"{name}-venv", PEERS / f"requirements-{name}.txt"
    python, stamp = folder / "bin" / "python", folder / ".installed"
    wanted = requirements.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        sys.stderr.write(f"Making the environment {folder.name} ...\n")
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(requirements)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def versions(python: Path, packages: Sequence[str]) -> dict[str, str]:
    """Give the versions of packages of an environment."""
    code = "import json, sys; from importlib.metadata import version as v;"
    code += "print(json.dumps({p: v(p) for p in sys.argv[1:]}))"
    done = subprocess.run(
        [str(python), "-c", code, *packages], check=True, capture_output=True, text=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def morph(python: Path, config: Path, mapping: Path, out: Path) -> list[str]:
    """Give the command of a lift by morph-kgc; writes its configuration, run it beside the data."""
    text = _MORPH.format(out=out, processes=os.cpu_count() or 1, mapping=mapping)
    config.write_text(text, encoding="utf-8", newline="\n")
    return [str(python), "-m", "morph_kgc", str(config)]
