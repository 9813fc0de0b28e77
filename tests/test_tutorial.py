"""The tutorial, the README and the how-tos show what the program really says.

Their commands are run here. Two how-tos whose tests look at more are run by those: that of a new
source and that of a neighbour's words.
"""

from pathlib import Path

import pytest

from dpc_kg.cli.demo import PARTNERS
from tests.conftest import REPOSITORY
from tests.consoleblocks import assert_runs, run, steps

RUN_ELSEWHERE = {"map-a-source", "ask-in-a-neighbours-words"}
HOWTOS = [
    path
    for path in sorted((REPOSITORY / "docs/howto").glob("*.md"))
    if path.stem not in RUN_ELSEWHERE and steps(path.read_text(encoding="utf-8"))
]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_tutorial_runs_as_written(capfd: pytest.CaptureFixture[str]) -> None:
    text = (REPOSITORY / "docs/tutorial.md").read_text(encoding="utf-8")
    assert len(assert_runs(text, capfd)) > 8


def test_the_readme_shows_a_real_refusal(capfd: pytest.CaptureFixture[str]) -> None:
    ngo = next(partner for partner in PARTNERS if partner.org == "example-ngo")
    size = f"--records {ngo.records} --seed {ngo.seed} --faults {ngo.faults}"
    run(
        f"dpc-kg generate {ngo.system} {size} --org {ngo.org} -o build/demo/exports/{ngo.org}",
        capfd,
    )
    assert_runs((REPOSITORY / "README.md").read_text(encoding="utf-8"), capfd)


@pytest.mark.parametrize("page", HOWTOS, ids=lambda path: path.stem)
def test_a_how_to_runs_as_written(page: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(assert_runs(text, capfd)) == text.count("\n$ ")


def test_how_tos_are_run() -> None:
    assert {"fill-a-template", "validate-rdf"} <= {path.stem for path in HOWTOS}
