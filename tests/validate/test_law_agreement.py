"""Both engines say the same of what partners send: generated exports of every source, with faults.

Three in a run, forty with DPC_FULL=1, a thousand with DPC_SOAK=1, of all sources in turn. Some of
one source are validated together, each as if another organisation had sent it: the reference needs
seconds to read our shapes, however little it has to look at.
"""

from pathlib import Path

import pytest

from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.validate.engines import choose, validate_quads
from tests.lift.laws.exports import ORG, VARIANTS, export
from tests.lift.laws.sizes import size

SUBMISSIONS = size(3, 40, 1000)
TOGETHER = 20
RECORDS, FAULTS = 15, 4
KEY = b"k" * 32


def batches() -> list[tuple[str, range]]:
    """Give the sources in turn, each with the seeds of submissions validated together."""
    found = []
    step = len(VARIANTS)
    for first, variant in enumerate(VARIANTS):
        seeds = range(first, SUBMISSIONS, step)
        parts = range(0, len(seeds), TOGETHER)
        found += [(variant, seeds[start : start + TOGETHER]) for start in parts]
    return found


def lifted(variant: str, folder: Path, seed: int) -> str:
    """Give the quads of one submission, under an organisation of its own."""
    made = export(variant, folder / "export", RECORDS, FAULTS, seed)
    request = LiftRequest(made.mapping, made.sources, ORG, "all", KEY, KEY)
    with open_lift(request) as lift:
        lift.write(folder / "data.nq")
    text = (folder / "data.nq").read_text(encoding="utf-8")
    return text.replace(f"/{ORG}/", f"/{ORG}-{seed}/")


@pytest.mark.parametrize(("variant", "seeds"), batches())
def test_engines_agree_on_submissions(tmp_path: Path, variant: str, seeds: range) -> None:
    if choose().name != "shacl":
        pytest.skip("the fast engine has no wheel for this system")
    data = tmp_path / "data.nq"
    with data.open("w", encoding="utf-8", newline="\n") as file:
        for seed in seeds:
            folder = tmp_path / str(seed)
            folder.mkdir()
            file.write(lifted(variant, folder, seed))
    fast, reference = (validate_quads(data, engine=name) for name in ("shacl", "pyshacl"))
    assert fast.results == reference.results
    assert fast.focus_nodes == reference.focus_nodes > 0
