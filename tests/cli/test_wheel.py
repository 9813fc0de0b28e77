"""The built wheel alone, outside the checkout, gives a working program with all its assets."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_names

pytestmark = pytest.mark.slow
OFFLINE = ("No matching distribution", "Connection", "Temporary failure", "timed out", "network")


def python(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    settings = {"capture_output": True, "text": True, "timeout": 300, "check": False, **options}
    return subprocess.run(command, **settings)  # type: ignore[call-overload, no-any-return]


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel; without hatchling here it takes a package index."""
    out = tmp_path_factory.mktemp("wheel")
    is_here = importlib.util.find_spec("hatchling") is not None
    how = ["--no-isolation"] if is_here else []
    built = python("-m", "build", "--wheel", *how, "--outdir", out, repository)
    if built.returncode and any(word in built.stdout + built.stderr for word in OFFLINE):
        pytest.skip("needs hatchling, or a package index to take it from")
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = out.glob("dpc_kg-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    asked = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check"]
    done = python("-m", "pip", "install", *asked, "--target", folder, wheel)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def program(installed: Path, cwd: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the installed program: its folder stands before everything else on the path."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"}
    return python(*arguments, cwd=cwd, env=environment)


def test_the_wheel_holds_the_assets_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert len(tops) == 2
    for wanted in (
        "dpc_kg/assets/ontology/dpc.ttl",
        "dpc_kg/assets/ontology/codes/concern.ttl",
        "dpc_kg/assets/shapes/core.ttl",
        "dpc_kg/assets/mappings/lift/primero/mapping.rml.ttl",
        "dpc_kg/assets/queries/report/shared-hashes.rq",
        "dpc_kg/validate/wording.toml",
    ):
        assert wanted in names
    assert any(name.startswith("dpc_kg/serve/templates/") for name in names)
    assert not [name for name in names if "test" in name or "__pycache__" in name]


def test_the_program_is_the_installed_one(installed: Path, elsewhere: Path) -> None:
    code = "import dpc_kg; from dpc_kg.base import assets; print(dpc_kg.__file__, assets.root())"
    done = program(installed, elsewhere, "-c", code)
    assert done.returncode == 0, done.stderr
    for path in done.stdout.split():
        assert Path(path).is_relative_to(installed)


def test_the_partner_flow_works(installed: Path, elsewhere: Path) -> None:
    doctor = program(installed, elsewhere, "-m", "dpc_kg", "doctor")
    assert doctor.returncode == 0, doctor.stderr
    assert f"{', '.join(mapping_names())}\n" in doctor.stdout
    asked = ["--records", "20", "--faults", "4", "-o", "export"]
    made = program(installed, elsewhere, "-m", "dpc_kg", "generate", "primero", *asked)
    assert made.returncode == 0, made.stderr
    form = ["--format", "json"]
    checked = program(installed, elsewhere, "-m", "dpc_kg", "validate", "export", *form)
    assert (checked.returncode, checked.stderr) == (1, "")
    planted = json.loads((elsewhere / "export" / "planted.json").read_text(encoding="utf-8"))
    assert len(json.loads(checked.stdout)["faults"]) == len(planted["faults"]) == 4


def test_the_demonstration_works(installed: Path, elsewhere: Path) -> None:
    done = program(installed, elsewhere, "-m", "dpc_kg", "demo", "-o", "out")
    assert (done.returncode, done.stderr) == (0, "")
    summary = json.loads((elsewhere / "out" / "summary.json").read_text(encoding="utf-8"))
    assert all(row["found"] == row["planted"] for row in summary["sources"])
    assert sorted(p.name for p in elsewhere.iterdir()) == ["out"]
