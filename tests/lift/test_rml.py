"""RML documents: compiled to a plan, or refused by name before anything is read."""

import os
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from dpc_kg.base.assets import mapping_dir, mapping_names
from dpc_kg.base.errors import MappingError
from dpc_kg.base.vocab import XSD
from dpc_kg.lift.plan import Const, Iterable, Ref, Template
from dpc_kg.lift.rml import compile_rml

TABLE = "id,a,b\n1,x,y\n2,u,v\n"
SUBJECT = 'rml:subjectMap [ rml:template "http://example.org/{id}" ] ;'
HEAD = f"ex:T a rml:TriplesMap ; rml:logicalSource ex:S ; {SUBJECT} "


def pair(body: str) -> str:
    return f"{HEAD} rml:predicateObjectMap [ rml:predicate ex:p ; {body} ] ."


def call(function: str, *inputs: str) -> str:
    given = "".join(f" ; rml:input [ {i} ]" for i in inputs)
    return pair(f"rml:objectMap [ rml:functionExecution [ rml:function {function}{given} ] ]")


@pytest.mark.parametrize("name", mapping_names())
def test_our_mappings_compile_to_the_same_plan_every_time(name: str, tmp_path: Path) -> None:
    path = mapping_dir(name) / "mapping.rml.ttl"
    # a document of another place is compiled anew
    other = Path(copy(path, tmp_path))
    assert compile_rml(path) == compile_rml(other)
    assert compile_rml(path) is compile_rml(path)


def test_a_document_that_was_changed_is_compiled_anew(tmp_path: Path) -> None:
    document = Path(copy(mapping_dir("gbvims") / "mapping.rml.ttl", tmp_path))
    before = compile_rml(document)
    times = document.stat()
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("dpc:Child ", "dpc:Adult "), encoding="utf-8")
    os.utime(document, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert compile_rml(document) != before


@pytest.mark.parametrize(
    ("body", "objects"),
    [
        ('rml:objectMap [ rml:reference "a" ]', {'"x"', '"u"'}),
        (
            'rml:objectMap [ rml:template "http://example.org/{a}/{b}" ]',
            {"<http://example.org/x/y>"},
        ),
        ('rml:objectMap [ rml:template "{a}-{b}" ; rml:termType rml:Literal ]', {'"x-y"'}),
        ('rml:objectMap [ rml:template "\\\\{{a}\\\\}" ; rml:termType rml:Literal ]', {'"{x}"'}),
        ('rml:objectMap [ rml:reference "a" ; rml:language "fr" ]', {'"x"@fr'}),
        ("rml:object ex:o", {"<http://example.org/o>"}),
        ('rml:object "o"@fr', {'"o"@fr'}),
        ("rml:objectMap [ rml:constant 5 ]", {'"5"^^<http://www.w3.org/2001/XMLSchema#integer>'}),
        (
            'rml:objectMap [ rml:reference "a" ; rml:datatype <http://example.org/d> ]',
            {'"x"^^<http://example.org/d>'},
        ),
        (
            'rml:objectMap [ rml:reference "a" ; rml:termType rml:IRI ]',
            {"<http://example.com/base/x>"},
        ),
    ],
)
def test_term_maps(outside: Any, body: str, objects: set[str]) -> None:
    made = outside.csv(TABLE, maps=pair(body))
    found = {line.removesuffix(" .").split(" ", 2)[2] for line in made.lines}
    assert objects <= found


def test_of_two_conditions_both_must_hold(outside: Any) -> None:
    """The pair has one, its predicate map another: no order of the two decides."""
    cells = ("true", "false", "", "other")
    rows = [f"{a or 'no'}-{b or 'no'},{a},{b}" for a in cells for b in cells]
    maps = (
        f'{HEAD} rml:predicateObjectMap [ rml:object ex:o ; rml:condition [ rml:reference "b" ] ;'
        ' rml:predicateMap [ rml:constant ex:p ; rml:condition [ rml:reference "a" ] ] ] .'
    )
    made = outside.csv("\n".join(["id,a,b", *rows, ""]), maps=maps)
    assert [line.split(" ")[0] for line in made.lines] == ["<http://example.org/true-true>"]


def test_classes_and_several_predicates(outside: Any) -> None:
    maps = HEAD.replace(" ] ;", " ; rml:class ex:C ] ;") + (
        "rml:predicateObjectMap [ rml:predicate ex:p , ex:q ; rml:object ex:o , ex:r ] ."
    )
    assert len(outside.csv("id\n1\n", maps=maps).lines) == 5


def test_a_parent_without_conditions_is_the_same_row(outside: Any) -> None:
    maps = pair("rml:objectMap [ rml:parentTriplesMap ex:P ]") + (
        " ex:P a rml:TriplesMap ; rml:logicalSource ex:S ;"
        ' rml:subjectMap [ rml:template "http://example.org/p/{a}" ; rml:class ex:C ] .'
    )
    found = outside.csv(TABLE, maps=maps).pairs
    assert {(s, o) for s, p, o in found if p == "p"} == {("1", "p/x"), ("2", "p/u")}


def test_a_join_meets_equal_cells(outside: Any) -> None:
    maps = pair(
        "rml:objectMap [ rml:parentTriplesMap ex:P ;"
        ' rml:joinCondition [ rml:child "a" ; rml:parent "b" ] ]'
    ) + (
        " ex:P a rml:TriplesMap ; rml:logicalSource ex:S ;"
        ' rml:subjectMap [ rml:template "http://example.org/p/{id}" ; rml:class ex:C ] .'
    )
    found = outside.csv("id,a,b\n1,x,z\n2,y,x\n3,y,x\n4,q,w\n", maps=maps).pairs
    assert {(s, o) for s, p, o in found if p == "p"} == {("1", "p/2"), ("1", "p/3")}


def test_columns_that_differ_in_case_or_are_named_as_our_own(outside: Any) -> None:
    made = outside.csv("id,Id,_row,_file,_record\n1,9,r,f,c\n", "id Id _row _file _record")
    assert {o for _, p, o in made.pairs if p != "p0"} == {"9", "r", "f", "c"}


def test_a_view_with_nested_iterables(outside: Any, tmp_path: Path) -> None:
    maps = """
    ex:V a rml:LogicalView ; rml:viewOn ex:S ;
      rml:field [ rml:fieldName "id" ; rml:reference "$.id" ] ,
        [ rml:fieldName "group" ; rml:iterator "$.groups.*" ;
          rml:field [ rml:fieldName "item" ; rml:iterator "$.*" ;
            rml:field [ rml:fieldName "key" ; rml:reference "~" ] ,
              [ rml:fieldName "on" ; rml:reference "$" ] ] ,
          [ rml:fieldName "name" ; rml:reference "~" ] ] .
    ex:T a rml:TriplesMap ; rml:logicalSource ex:V ;
      rml:subjectMap [ rml:template "http://example.org/{id}/{group.name}/{group.item.key}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:on ;
        rml:objectMap [ rml:reference "group.item.on" ] ] .
    """
    text = '{"id": 1, "groups": {"g": {"a": true, "b": false}, "h": {"c": "x"}, "none": {}}}'
    found = outside.json(text, maps=maps).pairs
    assert found == {
        ("1/g/a", "on", f'true"^^<{XSD}boolean'),
        ("1/g/b", "on", f'false"^^<{XSD}boolean'),
        ("1/h/c", "on", "x"),
    }
    document = tmp_path / "m.ttl"
    document.write_text(outside.mapping("t.json", "", iterator="$", maps=maps), encoding="utf-8")
    plan = compile_rml(document)
    names = (Iterable("group", "$.groups.*"), Iterable("group.item", "$.*"))
    assert plan.view("V").iterables == names
    subject = plan.triples("T").subject.expression
    assert isinstance(subject, Template)
    assert subject.parts[:2] == (Const("http://example.org/"), Ref("id"))


VALUE = 'rml:parameter dpcf:value ; rml:inputValueMap [ rml:reference "a" ]'
MISTAKES = {
    "no triples map": ("", ""),
    "no logical source": (f"ex:T a rml:TriplesMap ; {SUBJECT} .", "T"),
    "no subject map": ("ex:T a rml:TriplesMap ; rml:logicalSource ex:S .", "T"),
    "two subject maps": (f"{HEAD} {SUBJECT.replace('{id}', 'x{id}')} .", "T"),
    "a literal subject": (HEAD.replace(" ] ;", " ; rml:termType rml:Literal ] ;") + " .", "T"),
    "an open brace": (HEAD.replace("{id}", "{id") + " .", "T"),
    "a function of somebody else": (call("ex:system", VALUE), "T"),
    "an unknown function": (call("dpcf:system", VALUE), "T"),
    "an unknown parameter": (call("dpcf:integer", VALUE, VALUE.replace("value", "code")), "T"),
    "a parameter missing": (call("dpcf:present"), "T"),
    "no list": (call("dpcf:code", VALUE), "T"),
    "a list out of the data": (
        call(
            "dpcf:code",
            VALUE,
            'rml:parameter dpcf:scheme ; rml:inputValue "sex"',
            'rml:parameter dpcf:list ; rml:inputValueMap [ rml:reference "b" ]',
        ),
        "T",
    ),
    "an unknown precision": (
        call("dpcf:instant", VALUE, 'rml:parameter dpcf:precision ; rml:inputValue "fortnight"'),
        "T",
    ),
    "an unknown algorithm": (
        call("dpcf:hash", VALUE, 'rml:parameter dpcf:algorithm ; rml:inputValue "crc"'),
        "T",
    ),
    "an unknown parent": (pair("rml:objectMap [ rml:parentTriplesMap ex:None ]"), "T"),
    "an unknown record that must exist": (
        pair('rml:objectMap [ rml:template "http://e/{a}" ; dpcf:mustExist ex:None ]'),
        "T",
    ),
    "a language that is none": (
        pair('rml:objectMap [ rml:reference "a" ; rml:language "en\\" <x> . #" ]'),
        "T",
    ),
    "a datatype that is none": (
        pair('rml:objectMap [ rml:reference "a" ; rml:datatype "no iri" ]'),
        "T",
    ),
    "a term type that is none": (
        pair('rml:objectMap [ rml:reference "a" ; rml:termType ex:Tree ]'),
        "T",
    ),
    "an object map without content": (pair("rml:objectMap [ ]"), "T"),
    "another reference formulation": (
        HEAD.replace("ex:S", "ex:Q")
        + ' . ex:Q rml:source [ rml:path "t.csv" ] ; rml:referenceFormulation rml:Poetry .',
        "Q",
    ),
    "a field that the view does not declare": (
        HEAD.replace("ex:S", "ex:V")
        + ' . ex:V rml:viewOn ex:S ; rml:field [ rml:fieldName "x" ; rml:reference "id" ] .',
        "V",
    ),
    "a bad path into a literal": (
        HEAD.replace("ex:S", "ex:V").replace("{id}", "{i.x}")
        + ' . ex:V rml:viewOn ex:S ; rml:field [ rml:fieldName "i" ; rml:reference "a" ;'
        ' rml:iterator "$.x[" ; rml:field [ rml:fieldName "x" ; rml:reference "$" ] ] .',
        "",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_and_its_triples_map_named(outside: Any, name: str) -> None:
    body, term = MISTAKES[name]
    with pytest.raises(MappingError) as caught:
        outside.csv(TABLE, maps=body)
    assert caught.value.exit_code == 2
    assert term in (caught.value.term or ""), str(caught.value)
    assert "mapping.ttl" in str(caught.value)


def test_the_map_of_records_must_be_there(outside: Any) -> None:
    with pytest.raises(MappingError):
        outside.csv(TABLE, source='; dpcf:recordKey "id" ; dpcf:recordMap ex:None')


@pytest.mark.parametrize(
    ("path", "formulation"),
    [("$.a[", "json"), ("$.a[1:2]", "json"), ("a[", "xml"), ("f(a)", "xml")],
)
def test_a_bad_path_is_refused_with_its_triples_map(
    outside: Any, path: str, formulation: str
) -> None:
    lift, first = (outside.json, "$.id") if formulation == "json" else (outside.xml, "id")
    with pytest.raises(MappingError) as caught:
        lift(
            '{"id": 1}' if formulation == "json" else "<r><i><id>1</id></i></r>", f"{first} {path}"
        )
    assert "T" in (caught.value.term or "").replace(",", " ").split()


@pytest.mark.parametrize(
    "text",
    ["ex:T a ; .", "@prefix x", "nobody:T a ex:C .", "<a> <b> 'open ."],
    ids=["statement", "prefix", "unknown prefix", "string"],
)
def test_turtle_that_is_none_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    document = tmp_path / "m.ttl"
    document.write_text(f"PREFIX ex: <http://example.org/>\n\n{text}\n", encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        compile_rml(document)
    assert caught.value.line is not None
    assert "m.ttl" in str(caught.value)
