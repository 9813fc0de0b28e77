"""A cap changes what is told one by one, never what is withheld, refused or counted."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.validate.check import Checked, check, check_report
from dpc_kg.validate.findings import CAP
from dpc_kg.validate.pieces import CHUNK_BYTES
from dpc_kg.validate.report import CheckReport, all_groups, verdict

if TYPE_CHECKING:
    from pathlib import Path

ORG = "example-org"
RECORDS, FAULTS, SEED = 60, 40, 7
FILES = {
    "aselo": {"contacts": "."},
    "cybertipline": {"report": "reports.xml", "files": "files.xml"},
    "primero": {"cases": "cases.csv"},
}
Ask = Callable[[str, int, int], tuple[Checked, CheckReport]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, partner_key: bytes, coalition_key: bytes) -> Ask:
    """Check a faulty export of a partner, with a cap and a size of pieces."""
    folders: dict[str, Path] = {}

    def asked(name: str, cap: int, size: int) -> tuple[Checked, CheckReport]:
        if name not in folders:
            folders[name] = tmp_path_factory.mktemp(name)
            generate(name, GenerateRequest(RECORDS, SEED, FAULTS, folders[name], ORG))
        sources = {source: folders[name] / path for source, path in FILES[name].items()}
        request = LiftRequest(name, sources, ORG, "test", partner_key, coalition_key)
        with check(request, cap=cap, chunk_bytes=size) as checked:
            return checked, check_report(checked)

    return asked


@pytest.mark.parametrize(("cap", "size"), [(1, 12_000), (2, CHUNK_BYTES), (3, 80_000)])
@pytest.mark.parametrize("name", FILES)
def test_only_what_is_told_changes(ask: Ask, name: str, cap: int, size: int) -> None:
    whole, full = ask(name, CAP, CHUNK_BYTES)
    cut, short = ask(name, cap, size)
    assert (whole.more, bool(cut.more)) == ((), True)

    assert cut.withheld == whole.withheld
    assert (cut.refused, cut.conforms) == (whole.refused, whole.conforms)
    assert cut.personal == whole.personal
    counts = [{(g.rule, g.kind): g.count for g in all_groups(r, "en")} for r in (full, short)]
    assert counts[0] == counts[1]
    assert verdict(full, "en") == verdict(short, "en")
    assert short.notes == full.notes

    for told, every in ((cut.faults, whole.faults), (cut.warnings, whole.warnings)):
        assert [fault for fault in every if fault in told] == list(told)
        assert all(n <= cap for n in Counter((f.rule, f.kind) for f in told).values())
    assert set(cut.results) <= set(whole.results)
    assert all(n <= cap for n in Counter(result.rule for result, _ in cut.results).values())
    assert {place: short.hints[place] for place in short.hints} == {
        place: hint for place, hint in full.hints.items() if place in short.hints
    }


@pytest.mark.parametrize("name", FILES)
def test_the_first_of_the_file_are_told_whatever_the_pieces(ask: Ask, name: str) -> None:
    whole, _ = ask(name, CAP, CHUNK_BYTES)
    made = [ask(name, 2, size)[0] for size in (10_000, 66_000, CHUNK_BYTES)]
    assert made[0].faults == made[1].faults == made[2].faults
    assert made[0].results == made[1].results == made[2].results
    assert made[0].more == made[1].more == made[2].more
    for fault in made[0].faults:
        alike = [f for f in whole.faults if (f.rule, f.kind) == (fault.rule, fault.kind)]
        assert fault in alike[:2]


def test_at_least_one_is_told(ask: Ask) -> None:
    with pytest.raises(ValueError, match="at least one"):
        ask("primero", 0, CHUNK_BYTES)
