from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from dpc_kg.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    """What one command gave."""

    code: int
    out: str
    err: str


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
