from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from dpc_kg.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., "Done"]

ORG = "example-ngo"
WHEN = "2025-07-01T00:00:00Z"


@dataclass(frozen=True)
class Done:
    """What one command gave."""

    code: int
    out: str
    err: str

    @property
    def texts(self) -> tuple[str, str]:
        return self.out, self.err


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the program in this process, as its script would."""

    def run(*arguments: str | Path) -> Done:
        capfdbinary.readouterr()
        code = main([str(a) for a in arguments])
        out, err = capfdbinary.readouterr()
        return Done(code, out.decode("utf-8"), err.decode("utf-8"))

    return run


@dataclass(frozen=True)
class System:
    """A partner system and how its export is named to the program."""

    name: str
    org: str
    sources: tuple[str, ...]

    def options(self, folder: Path) -> list[str]:
        pairs = [source.partition("=") for source in self.sources]
        return [f"--source={name}={folder / file}" for name, _, file in pairs]


SYSTEMS = (
    System("aselo", "example-helpline", ("contacts=.",)),
    System("cybertipline", "example-platform", ("report=reports.xml", "files=files.xml")),
    System("primero", "example-ngo", ("cases=cases.csv",)),
)


@pytest.fixture(params=SYSTEMS, ids=lambda system: system.name)
def system(request: pytest.FixtureRequest) -> System:
    found = request.param
    assert isinstance(found, System)
    return found


@pytest.fixture(scope="session")
def ngo() -> System:
    return SYSTEMS[2]


@dataclass
class Office:
    """A partner's office and a hub, worked by commands only.

    ``kept`` holds what was made once for all tests: the keys of every office are the same.
    """

    run: Run
    folder: Path
    kept: dict[str, bytes]

    @property
    def hub(self) -> list[str]:
        return ["--dir", str(self.folder / "hub")]

    def export(self, name: str, seed: int, faults: int = 0) -> Path:
        out = self.folder / name
        asked = ["--records", "30", "--seed", str(seed), "--faults", str(faults), "--org", ORG]
        self.done("generate", "primero", *asked, "-o", out)
        return out

    def package(self, export: Path, name: str, when: str = WHEN, *more: str) -> Path:
        out = self.folder / name
        self.done("package", *self.package_options(export, when), *more, "-o", out)
        return out

    def ready(self, name: str = "a.dpcsub") -> Path:
        """Give the package of an export without mistakes."""
        if "package" not in self.kept:
            made = self.package(self.export("ready", seed=4), "ready.dpcsub")
            self.kept["package"] = made.read_bytes()
        out = self.folder / name
        out.write_bytes(self.kept["package"])
        return out

    def package_options(self, export: Path, when: str = WHEN) -> list[str]:
        options = ["--mapping", "primero", "--org", ORG, "--dataset", "cases"]
        options += ["--extracted-at", when, "--source", f"cases={export / 'cases.csv'}"]
        options += ["--key-file", str(self.folder / "partner.key")]
        return [*options, "--signing-key", str(self.folder / "signing.jwk")]

    def submit(self, package: Path) -> dict[str, Any]:
        receipt = json.loads(self.done("submit", package, *self.hub).out)
        assert isinstance(receipt, dict)
        return receipt

    def dump(self) -> str:
        return self.done("dump", *self.hub).out

    def done(self, *arguments: str | Path) -> Done:
        done = self.run(*arguments)
        assert done.code == 0, done.err
        return done


@pytest.fixture(scope="session")
def kept() -> dict[str, bytes]:
    return {}


@pytest.fixture(scope="session")
def office_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office-keys")
    assert main(["key", "new", "-o", str(folder / "partner.key")]) == 0
    assert main(["key", "new", "--signing", "-o", str(folder / "signing.jwk")]) == 0
    return folder


@pytest.fixture
def office(run: Run, tmp_path: Path, office_keys: Path, kept: dict[str, bytes]) -> Office:
    office = Office(run, tmp_path, kept)
    for path in office_keys.iterdir():
        shutil.copy2(path, tmp_path)
    office.done("org", "add", ORG, "--public-key", tmp_path / "signing.jwk.pub", *office.hub)
    return office
