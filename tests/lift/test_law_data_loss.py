"""The law of data loss: every filled cell becomes a term, a reject or a declared drop.

Random files of every format are lifted by random mappings. A naive reading of the same bytes says
which quads and rejects must come, and what became of every cell that the mapping refers to.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from dpc_kg.base.errors import SourceError
from dpc_kg.lift import LiftRequest, open_lift
from tests.lift.laws import naive
from tests.lift.laws.cells import FORMATS, Table, tables, write
from tests.lift.laws.mappings import (
    CODES_CSV,
    EX,
    ONE,
    TWO,
    Fn,
    Mapping,
    Ref,
    Template,
    Term,
    mappings,
    to_rml,
)
from tests.lift.laws.raw import read
from tests.lift.laws.sizes import SOAK, size

EXAMPLES = size(25, 200, 10_000)
_EACH = max(3, EXAMPLES // len(FORMATS))


@st.composite
def cases(draw: st.DrawFn, form: str) -> tuple[Table, Mapping]:
    table = draw(tables(form))
    return table, draw(mappings(table))


def term_of(term: object) -> naive.TermOf:
    """Give a parsed term as the naive reading writes it."""
    if isinstance(term, ox.NamedNode):
        return "iri", term.value, None
    if isinstance(term, ox.BlankNode):
        return "blank", bytes.fromhex(term.value.removeprefix("b")).decode(), None
    assert isinstance(term, ox.Literal)
    tag = f"@{term.language.lower()}" if term.language else term.datatype.value
    return "literal", term.value, tag


def quads_of(data: bytes) -> set[naive.Quad]:
    found = list(ox.parse(data, format=ox.RdfFormat.N_QUADS))
    made = {
        (
            term_of(q.subject),
            term_of(q.predicate),
            term_of(q.object),
            None if isinstance(q.graph_name, ox.DefaultGraph) else term_of(q.graph_name),
        )
        for q in found
    }
    assert len(made) == len(found), "a quad is written twice"
    return made


def told(what: str, made: set[Any], wanted: set[Any]) -> str:
    """Say in a few lines what is missing and what is too much."""
    lines = [f"missing: {one}" for one in sorted(wanted - made, key=str)[:5]]
    return "\n".join([what, *lines, *(f"extra: {o}" for o in sorted(made - wanted, key=str)[:5])])


def check(table: Table, mapping: Mapping, folder: Path) -> naive.Outcome:
    path = write(table, folder)
    (folder / "codes.csv").write_text(CODES_CSV, encoding="utf-8")
    document = folder / "mapping.ttl"
    document.write_text(to_rml(mapping, table), encoding="utf-8")
    expected = naive.run(mapping, read(table, path))
    try:
        with open_lift(LiftRequest(str(document))) as lifted:
            count = lifted.write(folder / "out.nq")
            rejects = {(r.row or 0, r.column or "", r.rule) for r in lifted.rejects}
    except SourceError as e:
        if e.rule == "quote" and any("\n" in str(c) for r in table.records for c in r.values()):
            reject()  # rows may run into one another: refused aloud, nothing is lost in silence
        raise
    data = (folder / "out.nq").read_bytes()
    made = quads_of(data)
    assert not made ^ expected.quads, told("quads", made, expected.quads)
    assert not rejects ^ expected.rejects, told("rejects", rejects, expected.rejects)
    assert count == len(expected.quads)
    return expected


@pytest.mark.parametrize("form", FORMATS)
def test_every_cell_becomes_a_term_a_reject_or_a_drop(
    form: str, new_folder: Callable[[], Path]
) -> None:
    @settings(
        max_examples=_EACH,
        deadline=None,
        derandomize=not SOAK,
        database=None,
        # a smaller example takes minutes to find, and the first one is small enough
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(form))
    def law(case: tuple[Table, Mapping]) -> None:
        made = check(*case, new_folder())
        rejected = {(row, column) for row, column, _ in made.rejects}
        assert made.cells == made.made | rejected | made.drops.keys()

    law()


@pytest.mark.parametrize("two", [*TWO, *((f[0], *f[1:], *f[1:]) for f in ONE)], ids=lambda f: f[0])
def test_every_function_that_is_drawn_keeps_the_law(
    two: tuple[str, str, str], new_folder: Callable[[], Path]
) -> None:
    """Of few examples a function may be in none."""
    function, first, second = two
    texts = ("12", "", "2024-02-29", "Yes", "x")
    records = tuple({"id": str(n), "a": texts[n % 5], "b": texts[n % 3]} for n in range(15))
    table = Table("csv", ("id", "a", "b"), records)
    args = ((first, Ref("a")),) if first == second else ((first, Ref("a")), (second, Ref("b")))
    subject = Term(Template((f"{EX}s/", Ref("id"))), "IRI")
    made = check(table, Mapping(subject, (Term(Fn(function, args)),)), new_folder())
    assert made.quads


def pairs_of(text: str, document: str, folder: Path) -> set[naive.Quad]:
    """Lift a JSON file with the pairs of a triples map; give the quads as strict RDF."""
    (folder / "t.json").write_text(text, encoding="utf-8")
    table = Table("json", (), ())
    whole = to_rml(Mapping(Term(Template((f"{EX}s/", Ref("$.id"))), "IRI"), ()), table)
    (folder / "mapping.ttl").write_text(whole.replace(" ;\n  .", f" ;\n {document} ."))
    with open_lift(LiftRequest(str(folder / "mapping.ttl"))) as lifted:
        lifted.write(folder / "out.nq")
    data = (folder / "out.nq").read_bytes()
    list(ox.parse(data, format=ox.RdfFormat.N_QUADS))
    return quads_of(data)


def test_an_iri_with_half_a_percent_encoding_is_refused(new_folder: Callable[[], Path]) -> None:
    document = (
        "rml:predicateObjectMap [ rml:predicate ex:p ;"
        ' rml:objectMap [ rml:reference "$.a" ; rml:termType rml:IRI ] ]'
    )
    assert not pairs_of('[{"id": "1", "a": "http://example.net/50%"}]', document, new_folder())


def test_a_list_in_two_term_maps_is_multiplied(new_folder: Callable[[], Path]) -> None:
    """RML-Core: a quad comes of every combination of the terms that its term maps make."""
    document = (
        'rml:predicateObjectMap [ rml:predicateMap [ rml:template "http://example.org/{$.a[*]}" ] ;'
        ' rml:objectMap [ rml:reference "$.a[*]" ] ]'
    )
    made = pairs_of('[{"id": "1", "a": ["x", "y"]}]', document, new_folder())
    assert len({(p, o) for _, p, o, _ in made}) == 4
