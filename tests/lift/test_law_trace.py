"""The trace law: the cells a triple is led back to are those it was made of.

Triples are drawn at random from what an export was lifted to. The cells named for each have to hold
the text that the lift says it read there, and the triple has to follow from them: by the naive
reading, or because it is gone once they are altered and the export is lifted again.
"""

from collections import Counter
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.lift.plan import Const, Plan, calls, expressions, terms
from tests.lift.laws.explain import Explainer
from tests.lift.laws.exports import GENERATORS, ORG, export
from tests.lift.laws.sizes import SOAK, size
from tests.lift.laws.tracing import Tracing, Triple

RECORDS = size(10, 60)
TRIPLES = size(5, 1000)


def given(plan: Plan, parameter: str) -> set[str]:
    """Give the constants of a parameter: the codes of blank cells (``default``), parts of keys."""
    made = {e for m in plan.maps for t in terms(m) for e in expressions(t)}
    found = {c.arg(parameter) for e in made for c in calls(e)}
    return {d.text for d in found if isinstance(d, Const)}


def explainer_of(tracing: Tracing) -> Explainer:
    found = Explainer(ORG, tracing.partner, tracing.coalition)
    found.learn(mapping_dir(tracing.made.mapping))
    found.defaults = given(tracing.made.plan, "default")
    found.constants = sorted(given(tracing.made.plan, "key") | given(tracing.made.plan, "key2"))
    return found


def name_of(triple: Triple) -> str:
    """Give a triple's property and the kind of its subject."""
    return f"{triple[1].strip('<>').rpartition('#')[2]} of {triple[0].split('/')[-2]}"


@pytest.mark.parametrize("generator", GENERATORS)
def test_the_cells_of_a_triple_are_those_it_was_made_of(
    generator: str, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    made = export(generator, tmp_path / "export", RECORDS, 3)
    tracing = Tracing(made, partner_key, coalition_key)
    tracing.draw(TRIPLES, tmp_path, generator)
    sample = tracing.sample
    unknown = [t for t in sample if not any(tracing.cells(t))]
    misread = {cell for t in sample for cell in tracing.misread(t)}
    explainer = explainer_of(tracing)
    naive = {t for t in sample if tracing.follows(t, explainer)}
    todo = sample if SOAK else [t for t in sample if t not in naive]
    proofs = tmp_path / "proofs"
    proofs.mkdir()
    proven = tracing.proven(todo, proofs, first=True)
    further = tracing.proven([t for t in todo if t not in proven | naive], proofs, first=False)
    left = [t for t in sample if t not in proven | naive | further]
    report = f"{generator}: {len(sample) - len(left)} of {len(sample)} triples traced,"
    print(
        f"{report} {len(proven)} by their first cell, {len(further)} by all, {len(naive)} naively"
    )
    assert Counter(map(name_of, unknown)) == {}
    assert misread == set()
    assert Counter(map(name_of, left)) == {}


def test_another_cell_of_the_row_does_not_explain_a_triple(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    """The proof tells cells apart: most triples stay when a cell beside their own is altered."""
    made = export("primero", tmp_path / "export", 30)
    tracing = Tracing(made, partner_key, coalition_key)
    tracing.draw(80, tmp_path, "control")
    wrong = {}
    for triple in tracing.sample:
        own = {c for s in tracing.found[triple] for c in (*s.cells, *s.subject_cells)}
        beside = [
            c
            for other, statements in tracing.found.items()
            if other[0] == triple[0]
            for s in statements
            for c in s.cells[:1]
            if c.column not in {o.column for o in own} and c.value
        ]
        if len(tracing.found[triple]) == 1 and beside:
            wrong[triple] = beside[:1]
    proofs = tmp_path / "proofs"
    proofs.mkdir()
    gone = tracing.gone(wrong, proofs, (None, "zz9"))
    assert len(wrong) > 20
    assert len(gone) < len(wrong) / 10
