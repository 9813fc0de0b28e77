"""A text is an IRI by RFC 3987, or its cell is rejected (attacks 33, 34, 35)."""

from collections.abc import Callable
from typing import Any

import duckdb
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.functions import quote
from dpc_kg.lift.iris import IRI, is_iri

_PIECES = (
    "a", "Z", "9", "%41", "%4", "%", ".", ":", "/", "//", "?", "#", "[", "]", "@", "!", "$", "&",
    "'", "(", ")", "*", "+", ",", ";", "=", "-", "_", "~", " ", "<", ">", '"', "{", "|", "\\", "^",
    "`", "\n", "\t", "\x7f", "\x80", "\xa0", "é", "日", "𝒳", "\ue000", "\ufdd0", "\ufffe", "\uffef",
    "\U0001fffd", "\U0001fffe", "\U000e0fff", "\U000e1000", "\U000f0000", "\U0010fffd", "[::1]",
    "1.2.3.4", "\u202e", "\u200b", "\ufeff",
)  # fmt: skip
_STARTS = ("", "http://e/", "http://", "a:", "http://e:", "http://[", "urn:x:")
_ADDRESSES = ("[1:2:3:4:5:6:7:8]", "[1::8]", "[::]", "[1:2::3::4]", "[::1.2.3.256]", "[1::2:3:4]")


def is_strict(text: str) -> bool:
    """Tell whether a reader of another make takes it."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(_STARTS), st.lists(st.sampled_from(_PIECES), max_size=6).map("".join))
def test_an_iri_is_what_another_reader_takes(start: str, rest: str) -> None:
    assert is_iri(start + rest) == is_strict(start + rest)


def test_sql_and_python_read_the_pattern_alike() -> None:
    texts = [f"http://e/{a}{b}" for a in _PIECES for b in _PIECES]
    texts += [f"http://{a}/" for a in _ADDRESSES]
    with duckdb.connect() as con:
        found = con.execute(
            f"SELECT v, regexp_full_match(v, {quote(IRI)}) FROM (SELECT unnest(?::VARCHAR[]) v)",
            [texts],
        ).fetchall()
    assert [v for v, said in found if said != is_iri(v)] == []
    assert [v for v in texts if is_iri(v) != is_strict(v)] == []


BAD = ("a b", "x>y", "50%", "q?a[1]", "http://e:x/", "tab\there", 'say "x"', "two\nlines", "\ue000")


def pair(body: str) -> str:
    return (
        "ex:T a rml:TriplesMap ; rml:logicalSource ex:S ; rml:subjectMap"
        ' [ rml:template "http://example.org/{id}" ] ; rml:predicateObjectMap'
        f" [ rml:predicate ex:p ; {body} ] ."
    )


def table(cells: tuple[str, ...]) -> str:
    quoted = [c.replace('"', '""') for c in cells]
    return "id,a,b\n" + "".join(f'{n},"{c}",1\n' for n, c in enumerate(quoted))


@pytest.mark.parametrize(
    "body",
    [
        'rml:objectMap [ rml:reference "a" ; rml:termType rml:IRI ]',
        'rml:objectMap [ rml:reference "b" ; rml:datatypeMap [ rml:reference "a" ] ]',
        'rml:objectMap [ rml:reference "a" ; rml:termType rml:IRI ],'
        ' [ rml:template "http://example.org/{a}" ]',
        'rml:objectMap [ rml:template "urn:x:{a}" ], [ rml:reference "a" ; rml:termType rml:IRI ]',
        "rml:objectMap [ rml:termType rml:IRI ; rml:functionExecution [ rml:function dpcf:concat ;"
        ' rml:input [ rml:parameter dpcf:value ; rml:inputValueMap [ rml:reference "a" ] ] ] ]',
    ],
    ids=["reference", "datatype", "before a template", "after a template", "function"],
)
def test_a_cell_that_makes_no_iri_is_rejected_at_its_place(outside: Any, body: str) -> None:
    made = outside.csv(table(BAD), maps=pair(body))
    assert {(r, c, rule) for _, r, c, rule in made.rejects} == {
        (row, "a", "iri") for row in rows_of(BAD)
    }
    list(ox.parse(made.data, format=ox.RdfFormat.N_QUADS))


def rows_of(cells: tuple[str, ...]) -> list[int]:
    return list(range(2, 2 + len(cells)))


def test_a_template_that_can_make_no_iri_is_refused(outside: Any) -> None:
    for template in ("http://example.org/a b/{a}", "http://example.org/50%/{a}", "urn:x:[{a}]"):
        with pytest.raises(MappingError, match="percent-encoded") as caught:
            outside.csv(table(("x",)), maps=pair(f'rml:objectMap [ rml:template "{template}" ]'))
        assert "T" in str(caught.value)


def test_no_letter_of_a_key_stands_in_an_identifier_of_ours(worked: Callable[..., Any]) -> None:
    keys = ["\u202eabc", "a\u200bb", "\ufeffx", "раураl", "../../x", "javascript:x", "a\nb>", "%0A"]
    made = worked("entity", [(k,) for k in keys], cells=("key",), type="case")
    found = [value for value, _, _ in made]
    assert len(set(found)) == len(keys)
    assert all(value.isascii() and is_iri(value) and value.count("/") for value in found)
    assert [k for k in keys for value in found if k in value] == []
