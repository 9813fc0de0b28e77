"""Fixtures every test may use."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The published material beside the checkout; without it tests are skipped by name."""
    named = os.environ.get("DPC_SHARED")
    path = Path(named) if named else REPOSITORY.parent / "shared"
    if not (path / "data").is_dir():
        pytest.skip("needs the shared material (set DPC_SHARED to its folder)")
    return path


@pytest.fixture(scope="session")
def partner_key() -> bytes:
    return b"test-key".ljust(32, b"0")


@pytest.fixture(scope="session")
def coalition_key() -> bytes:
    return b"test-coalition".ljust(32, b"0")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped by its own name."""
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"skipped: {report.nodeid}: {reason}")
