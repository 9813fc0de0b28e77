"""What looks personal is refused by column with a count before anything leaves, never shown."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

import dpc_kg.validate
from dpc_kg.base.assets import mapping_dir, mapping_names
from dpc_kg.base.errors import MappingError, NotConforming
from dpc_kg.base.settings import LANGS
from dpc_kg.cli import main
from dpc_kg.cli.assign import assigned
from dpc_kg.cli.packaging import PackageOptions, make_package
from dpc_kg.exchange.signing import SigningKey
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.personal import Finding, look
from dpc_kg.lift.personal.uses import Use, uses
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.rml import compile_rml
from dpc_kg.validate.check import check, check_report
from dpc_kg.validate.forms.jsonform import to_json
from dpc_kg.validate.forms.text import to_text
from tests.lift.laws.exports import ORG, VARIANTS, export
from tests.lift.laws.sizes import FULL, size
from tests.lift.personal_names import name
from tests.schemas import breaches

RECORDS = size(25, 400)
FALSE = 0.01

MAPPING = """
PREFIX rml: <http://w3id.org/rml/>
PREFIX fn: <https://w3id.org/dpc/fn#>
PREFIX dpc: <https://w3id.org/dpc/cdm#>
PREFIX ex: <http://example.org/map#>
ex:Rows a rml:LogicalSource ; rml:referenceFormulation rml:CSV ;
  rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "rows.csv" ;
    fn:sourceName "rows" ] .
ex:Case a rml:TriplesMap ; rml:logicalSource ex:Rows ;
  rml:subjectMap [ rml:class dpc:Case ; rml:functionExecution [ rml:function fn:entity ;
    rml:input [ rml:parameter fn:type ; rml:inputValue "case" ] ,
    [ rml:parameter fn:key ; rml:inputValueMap [ rml:reference "id" ] ] ] ] ;
  rml:predicateObjectMap
  [ rml:predicate dpc:toolVersion ; rml:objectMap [ rml:reference "text" ] ] ,
  [ rml:predicate dpc:hasStatus ; rml:objectMap [ rml:functionExecution [ rml:function fn:code ;
    rml:input [ rml:parameter fn:list ; rml:inputValue "statuses" ] ,
    [ rml:parameter fn:scheme ; rml:inputValue "case-status" ] ,
    [ rml:parameter fn:value ; rml:inputValueMap [ rml:reference "status" ] ] ] ] ] .
"""
FIELDS = (
    "source,path,status,term,reason,holds\nrows,id,placed,dpc:Case,key,\n"
    "rows,text,placed,dpc:toolVersion,r,{text}\nrows,status,placed,dpc:hasStatus,r,{status}\n"
    "rows,told,personal,,r,\n"
)
CODES = "list,value,code,scheme\nstatuses,open,case-status/open,made-up\n"

Cells = list[tuple[str, ...]]
Look = Callable[..., list[Finding]]


@pytest.fixture
def mapped(tmp_path: Path) -> Callable[..., LiftRequest]:
    """Give the request of a mapping with a key, a text, a code and a personal field."""

    def make(rows: Cells, *, text: str = "", status: str = "", extra: str = "more") -> LiftRequest:
        folder = tmp_path / "mapping"
        folder.mkdir()
        (folder / "mapping.rml.ttl").write_text(MAPPING, encoding="utf-8")
        held = FIELDS.format(text=text, status=status)
        (folder / "fields.csv").write_text(held, encoding="utf-8")
        (folder / "codes.csv").write_text(CODES, encoding="utf-8")
        path = tmp_path / "rows.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "text", "status", "told", extra), *rows])
        return LiftRequest(
            str(folder / "mapping.rml.ttl"), {"rows": path}, ORG, "d", partner_key=b"k" * 32
        )

    return make


@pytest.fixture
def looked(mapped: Callable[..., LiftRequest]) -> Look:
    def make(rows: Cells, **more: str) -> list[Finding]:
        with open_lift(mapped(rows, **more)) as lifted:
            return look(lifted)

    return make


def rows(count: int = 40, **cells: Sequence[str]) -> Cells:
    """Give rows whose cells are harmless, but for those of some columns."""
    plain = {"id": "n{}", "text": "1.{}", "status": "open", "told": "", "more": ""}
    made = {c: cells.get(c, [text.format(n) for n in range(count)]) for c, text in plain.items()}
    return [tuple(made[c][n % len(made[c])] for c in plain) for n in range(count)]


def people(count: int) -> list[str]:
    random = Random("people")
    return [name(random, "latin") for _ in range(count)]


def test_harmless_columns_pass(looked: Look) -> None:
    assert looked(rows()) == []


def test_an_identifier_in_a_text_is_refused(looked: Look) -> None:
    made = rows(text=["1.0", "one@example.org", "1.1", "1.2"])
    (found,) = looked(made)
    assert (found.column, found.looks, found.refuses) == ("text", (("e-mail", 10),), True)
    assert found.rows == (3, 7, 11, 15, 19)


def test_names_in_a_text_are_refused(looked: Look) -> None:
    (found,) = looked(rows(text=people(40)))
    assert (found.column, found.looks, found.refuses) == ("text", (("name", 40),), True)


def test_sentences_in_a_text_are_refused(looked: Look) -> None:
    said = [f"seen at home in week {n} and asked for help with school once more" for n in range(9)]
    (found,) = looked(rows(text=said))
    assert (found.looks, found.refuses) == ((("free-text", 40),), True)


def test_an_identifier_among_codes_is_refused(looked: Look) -> None:
    (found,) = looked(rows(status=["open", "open", "+44 7700 900123"]))
    assert (found.column, found.looks, found.refuses) == ("status", (("phone", 13),), True)


def test_names_among_codes_are_told(looked: Look) -> None:
    """Nothing of them leaves: what no list has is counted, as text it is never written."""
    (found,) = looked(rows(count=80, status=people(80)))
    assert (found.column, found.looks, found.refuses) == ("status", (("name", 80),), False)


def test_what_leaves_only_keyed_is_what_it_is_declared(looked: Look) -> None:
    assert looked(rows(id=[f"{n}@example.org" for n in range(40)])) == []


def test_what_is_declared_personal_is_not_looked_at(looked: Look) -> None:
    assert looked(rows(told=people(40))) == []


@pytest.mark.parametrize(
    ("extra", "cells", "kind"),
    [
        ("more", ["a@example.org", "b@example.org"], "e-mail"),
        ("Téléphone", ["12 34", "56 78", "11 22", "33 44"], "phone"),
        ("اسم الطفل", ["x1", "x2", "x3", "x4"], "name"),
        ("answered by phone", ["yes", "no"], None),
        ("colour", ["red", "green"], None),
    ],
)
def test_a_column_nobody_declared_is_told(
    looked: Look, extra: str, cells: list[str], kind: str | None
) -> None:
    found = looked(rows(more=cells), extra=extra)
    assert [(f.column, f.looks, f.refuses) for f in found] == (
        [(extra, ((kind, 40),), False)] if kind else []
    )


def test_names_in_a_column_nobody_declared_are_told(looked: Look) -> None:
    (found,) = looked(rows(more=people(40)))
    assert (found.column, found.looks, found.refuses) == ("more", (("name", 40),), False)


@pytest.mark.parametrize(
    ("column", "held", "cells", "passes"),
    [
        ("status", "e-mail", ["one@example.org"], True),
        ("status", "phone", ["one@example.org"], False),
        ("text", "name", people(40), True),
        ("text", "e-mail", ["one@example.org"], False),
    ],
)
def test_what_a_mapping_may_declare(
    looked: Look, column: str, held: str, cells: list[str], passes: bool
) -> None:
    """Of a text that leaves as it stands only what is a guess; of codes every kind."""
    assert (looked(rows(40, **{column: cells}), **{column: held}) == []) is passes


def test_a_kind_that_there_is_not(looked: Look) -> None:
    with pytest.raises(MappingError, match="no kind of personal data named mail"):
        looked(rows(), text="mail")


def test_a_mapping_of_others_is_not_looked_at(mapped: Callable[..., LiftRequest]) -> None:
    request = mapped(rows(text=["one@example.org"]))
    (Path(request.mapping).parent / "fields.csv").unlink()
    with open_lift(request) as lifted:
        assert look(lifted) == []


# -- what is said and done


def test_nothing_leaves_and_no_value_is_shown(
    mapped: Callable[..., LiftRequest], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hidden = ["zephyrine@example.org", "+44 7700 900123"]
    request = mapped(rows(text=hidden, status=hidden, more=hidden))
    said = []
    with check(request) as checked:
        report = check_report(checked)
        assert not checked.conforms
        assert sorted(f.column or "" for f in checked.personal) == ["status", "text"]
        assert [f.column for f in checked.warnings if f.looks] == ["more"]
        said += [to_text(report, lang) for lang in LANGS]
        said += [to_json(report, lang) for lang in LANGS]
    key, out = tmp_path / "signing", tmp_path / "a.dpcsub"
    SigningKey(b"s" * 32).save(key)
    with pytest.raises(NotConforming, match="2 columns look personal") as caught:
        make_package(request, PackageOptions("2026-01-31T00:00:00Z", key), out)
    (tmp_path / "key").write_text("6b" * 32, encoding="ascii")
    options = ["--org", ORG, "--dataset", "d", "--key-file", str(tmp_path / "key")]
    options += ["--mapping", request.mapping, "--source", f"rows={request.sources['rows']}"]
    assert main(["lift", *options, "-o", str(tmp_path / "data.nq")]) == 1
    assert main(["validate", *options[:2], *options[4:]]) == 1
    assert not out.exists()
    assert not (tmp_path / "data.nq").exists()
    said += [str(caught.value), *capfd.readouterr()]
    assert all("e-mail" in text for text in said[:1])
    for text in said:
        assert "zephyrine" not in text.casefold()
        assert "900123" not in text


def test_the_report_names_columns_kinds_and_counts(mapped: Callable[..., LiftRequest]) -> None:
    with check(mapped(rows(text=["one@example.org", "1.0"], more=["@one_two"]))) as checked:
        report = check_report(checked)
    told = json.loads(to_json(report))
    schema = Path(dpc_kg.validate.__file__).with_name("report.schema.json")
    assert breaches(told, json.loads(schema.read_text(encoding="utf-8"))) == []
    (fault,) = (f for f in told["faults"] if f["rule"] == "source:personal")
    assert (fault["file"], fault["column"], fault["letter"]) == ("rows.csv", "text", "B")
    assert (fault["kind"], fault["rule"], fault["row"]) == ("file", "source:personal", None)
    assert fault["looks"] == [{"kind": "e-mail", "count": 20}]
    assert fault["first"] == [2, 4, 6, 8, 10]
    assert [w["looks"] for w in told["warnings"] if w["looks"]] == [
        [{"kind": "account", "count": 40}]
    ]
    text = to_text(report)
    assert text.startswith("This export cannot be packaged")
    assert "rows.csv, column text (B): e-mail address (20), first in rows 2, 4, 6, 8, 10." in text


# -- no false alarm


def refused(made: LiftRequest) -> tuple[int, list[Finding]]:
    """Give how many columns a mapping reads in clear, and those that are refused."""
    with open_lift(made) as lifted:
        clear = [slot for slot, use in uses(lifted.plan).items() if use is not Use.KEYED]
        return len(clear), [found for found in look(lifted) if found.refuses]


@pytest.mark.parametrize("generator", VARIANTS)
@pytest.mark.parametrize("faults", [0, 12] if FULL else [0])
def test_no_generated_export_is_refused(generator: str, faults: int, tmp_path: Path) -> None:
    made = export(generator, tmp_path / "export", RECORDS, faults)
    request = LiftRequest(made.mapping, made.sources, ORG, "d", b"k" * 32, b"c" * 32)
    columns, found = refused(request)
    print(f"{generator}: {len(found)} of {columns} columns refused")
    assert found == []


BARE = {"aselo": {"contacts": "sample.json"}, "primero": {"cases": "sample.csv"}}
"""The samples that do not bear the name of their source."""


def sampled(plan: Plan, folder: Path) -> Mapping[str, Path]:
    """Give the samples of a mapping by their sources: those of their name, else that they fit."""
    given = [f for s in folder.glob("sample*") for f in (s.iterdir() if s.is_dir() else [s])]
    stems = {f.name.removeprefix("sample.").partition(".")[0]: f for f in sorted(given)}
    found = {s: folder / f for s, f in BARE.get(folder.name, {}).items()}
    for source in sorted({s.given for s in plan.sources}):
        own = [f for stem, f in stems.items() if source == stem or source.endswith(f"-{stem}")]
        found |= dict.fromkeys([source], own[0]) if own else {}
    return found if len(found) > 1 else assigned(plan, sorted(given))


@pytest.mark.parametrize("mapping", mapping_names())
def test_no_sample_is_refused(mapping: str) -> None:
    folder = mapping_dir(mapping)
    sources = sampled(compile_rml(folder / "mapping.rml.ttl"), folder)
    columns, found = refused(LiftRequest(mapping, sources, ORG, "d", b"k" * 32, b"c" * 32))
    print(f"{mapping}: {len(found)} of {columns} columns refused")
    assert len(found) <= FALSE * columns
