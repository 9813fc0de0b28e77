"""The targets of the alignments exist: counted in pinned files; and each way to find can fail."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import DPC, EXT, SKOS
from dpc_kg.model import crosswalk, targets
from dpc_kg.model.crosswalk import Mapping, MappingSet
from dpc_kg.model.finders import FINDERS, stub
from dpc_kg.model.targets import Pinned, Places, Standard, Tally

if TYPE_CHECKING:
    from pathlib import Path

LEAST = 300
"""Rows whose target was seen, stubs and gaps apart."""

STANDARDS = targets.standards()
NAMES = [one.name for one in STANDARDS]
BASE = "https://example.org/"
E = BASE.encode()
NO_PLACES = Places(None, ())


def packages(one: Tally) -> str:
    return ", ".join(sorted({name.split()[0] for name in one.absent}))


@pytest.fixture(scope="module")
def counted(shared: Path) -> dict[str, Tally]:
    found = targets.tallies(where=Places(shared, targets.places().packages))
    return {one.name: one for one in found}


def test_every_mapping_set_has_a_standard_and_the_other_way() -> None:
    assert sorted(NAMES) == sorted(one.name for one in crosswalk.load())


def test_enough_rows_have_a_target_that_was_seen(counted: dict[str, Tally]) -> None:
    assert sum(one.verified for one in counted.values()) >= LEAST


@pytest.mark.parametrize("name", NAMES)
def test_targets_said_to_be_seen_are_there(counted: dict[str, Tally], name: str) -> None:
    one = counted[name]
    assert (one.altered, one.missing) == ((), ())
    if one.absent:
        pytest.skip(f"not on this machine: {packages(one)}")
    assert one.rows == (
        one.verified + one.stubs_seen + one.stubs_unseen + one.gaps + one.unverified
    )


@pytest.mark.parametrize("name", NAMES)
def test_recalled_rows_are_those_that_were_not_seen(counted: dict[str, Tally], name: str) -> None:
    if counted[name].absent:
        pytest.skip(f"not on this machine: {packages(counted[name])}")
    rows = [row for row in crosswalk.mappings(name) if not row.is_gap]
    recalled = sum(row.justification == crosswalk.RECALLED for row in rows)
    assert recalled == counted[name].unverified + counted[name].stubs_unseen


def test_shared_files_are_never_absent_where_the_material_is(counted: dict[str, Tally]) -> None:
    absent = {name for one in counted.values() for name in one.absent}
    assert {name for name in absent if not name.startswith(("pypi:", "npm:"))} == set()


def test_the_table_has_a_line_a_standard_and_a_total(counted: dict[str, Tally]) -> None:
    lines = targets.table(counted.values()).splitlines()
    assert len(lines) == len(counted) + 2
    rows = sum(one.rows for one in counted.values())
    assert lines[-1].split()[:2] == ["total", str(rows)]


SCHEMA = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="https://other.org/"
 targetNamespace="https://example.org/"><xs:element name="A" type="o:B"/></xs:schema>"""
RDFLIB = b"class N(D):\n    A: URIRef  # a\n    _NS = Namespace('https://example.org/')\n"
PYTHON = b"class Task(B):\n    status: str = 1\n    for_fhir: str = 2\n"
STIX = b"class R(D):\n    _type = 'report'\n    _properties = O([('name', S(a=1)), ('id', I())])\n"
ENTITY = {
    "definitions": [
        {"traitName": "none"},
        {"entityName": "Need", "hasAttributes": [{"members": [{"name": "a", "dataType": "x"}]}]},
    ]
}


def workbook(*rows: tuple[str, ...]) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    cells = "".join(
        "<t:table-row>"
        + "".join(f"<t:table-cell><x:p>{cell}</x:p></t:table-cell>" for cell in row)
        + "</t:table-row>"
        for row in rows
    )
    text = f'<o xmlns:t="{office}table:1.0" xmlns:x="{office}text:1.0">{cells}</o>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("content.xml", text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("find", "content", "options", "wanted"),
    [
        ("rdf", b"<" + E + b"A> a <" + E + b"B> .", {}, {"A"}),
        ("rdf", b"<" + E + b"A> <" + E + b"p> <" + E + b"B> .", {"format": "nt"}, {"A"}),
        ("csv", b"n,v\nhs:A,1\nnc:B,2\n", {"column": "n", "prefix": "hs:", "base": BASE}, {"A"}),
        (
            "csv",
            b"n,v\nx,A|B c\ny,D\n",
            {"column": "v", "key": "n", "value": "x", "split": "|", "base": BASE},
            {"A", "B%20c"},
        ),
        ("cdm", json.dumps(ENTITY).encode(), {"base": BASE}, {"Need", "Need/a"}),
        (
            "ods",
            workbook(("Other", "Name"), ("no", "org_A"), ("no", "")),
            {"column": "Name", "base": BASE},
            {"org_A"},
        ),
        ("json", b'[{"#t": "#a,#b"}, {}]', {"member": "#t", "base": BASE}, {"%23a", "%23b"}),
        ("rdflib", RDFLIB, {}, {"A"}),
        ("python", PYTHON, {"base": BASE}, {"Task", "Task.status", "Task.for"}),
        ("stix", STIX, {"base": BASE}, {"report", "report/name", "report/id"}),
    ],
)
def test_terms_are_found(
    find: str, content: bytes, options: dict[str, str], wanted: set[str]
) -> None:
    assert set(FINDERS[find](content, options)) == {BASE + name for name in wanted}


def test_a_schema_gives_what_it_declares_and_refers_to() -> None:
    assert set(FINDERS["xsd"](SCHEMA, {})) == {BASE + "A", "https://other.org/B"}


def row(target: str, justification: str = crosswalk.SEEN) -> Mapping:
    return Mapping(
        subject=f"{DPC}Report",
        subject_label="Report",
        predicate=f"{SKOS}closeMatch",
        object=target,
        object_label="A",
        justification=justification,
        confidence=0.8,
        comment="",
        file="sample.sssom.tsv",
        line=9,
    )


def mapping_set(*targets_: str) -> MappingSet:
    rows = tuple(row(target) for target in targets_)
    return MappingSet("sample", "", "", "", "", "", (), (), rows, "sample.sssom.tsv")


@pytest.fixture
def pinned(tmp_path: Path) -> tuple[Standard, Places]:
    content = b"n\nA\n"
    (tmp_path / "a.csv").write_bytes(content)
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "a.csv").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    options = (("base", BASE), ("column", "n"))
    return Standard("sample", "", (Pinned("", "a.csv", digest, "csv", options),)), Places(
        tmp_path, (tmp_path,)
    )


def with_file(standard: Standard, **change: str) -> Standard:
    one = standard.files[0]
    new = Pinned(
        change.get("package", one.package),
        change.get("path", one.path),
        change.get("sha256", one.sha256),
        one.find,
        one.options,
    )
    return Standard(standard.name, standard.title, (new,))


def test_rows_are_counted_by_what_is_known(pinned: tuple[Standard, Places]) -> None:
    standard, where = pinned
    some = mapping_set(BASE + "A", BASE + "Z", EXT + "x/1", crosswalk.NO_TERM_FOUND)
    one = targets.tally(some, standard, where)
    assert (one.rows, one.verified, one.unverified) == (4, 1, 1)
    assert (one.stubs_seen, one.stubs_unseen, one.gaps) == (0, 1, 1)
    assert not one.sound
    assert one.missing == (
        f"sample.sssom.tsv, line 9: {BASE}Z",
        f"sample.sssom.tsv, line 9: {EXT}x/1",
    )


def test_a_stub_counts_as_seen_where_its_notation_stands_in_the_file(
    pinned: tuple[Standard, Places],
) -> None:
    standard, where = pinned
    file = standard.files[0]
    options = (("base", EXT + "x/"), ("column", "n"))
    stubs = Standard("sample", "", (Pinned("", file.path, file.sha256, "csv", options),))
    one = targets.tally(mapping_set(EXT + "x/A"), stubs, where)
    assert (one.verified, one.stubs_seen, one.sound) == (0, 1, True)


def test_an_altered_file_counts_for_nothing(pinned: tuple[Standard, Places]) -> None:
    standard, where = pinned
    altered = with_file(standard, sha256="0" * 64)
    one = targets.tally(mapping_set(BASE + "A"), altered, where)
    assert (one.verified, one.altered, one.sound) == (0, ("a.csv",), False)
    with pytest.raises(DpcError, match="SHA-256"):
        targets.terms(altered.files[0], where)


def test_an_absent_file_is_named_and_accuses_nobody(pinned: tuple[Standard, Places]) -> None:
    standard, where = pinned
    absent = with_file(standard, path="none.csv")
    one = targets.tally(mapping_set(BASE + "A"), absent, where)
    assert (one.verified, one.absent, one.missing) == (0, ("none.csv",), ())
    assert targets.terms(standard.files[0], NO_PLACES) is None


def test_a_set_without_standard_that_says_seen_is_not_sound() -> None:
    one = targets.tally(mapping_set(BASE + "A"), None, NO_PLACES)
    assert (one.unverified, one.sound) == (1, False)


@pytest.mark.parametrize(
    ("package", "marker"),
    [("pypi:Some.Package==1.2", "some_package-1.2.dist-info"), ("npm:@a/b@1.2", "")],
)
def test_a_package_counts_only_in_its_version(
    pinned: tuple[Standard, Places], tmp_path: Path, package: str, marker: str
) -> None:
    standard, where = pinned
    named = with_file(standard, package=package, path="pkg/a.csv")
    assert targets.tally(mapping_set(BASE + "A"), named, where).absent
    if marker:
        (tmp_path / marker).mkdir()
    else:
        (tmp_path / "@a" / "b").mkdir(parents=True)
        (tmp_path / "@a" / "b" / "package.json").write_text('{"version": "1.2"}')
    assert targets.tally(mapping_set(BASE + "A"), named, where).verified == 1
    later = with_file(named, package=package.replace("1.2", "1.3"))
    assert targets.tally(mapping_set(BASE + "A"), later, where).verified == 0


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        "[a]\n",
        '[a]\ntitle="t"\n[[a.file]]\npath="p"\nfind="rdf"\n',
        '[a]\ntitle="t"\n[[a.file]]\npath="p"\nsha256="0"\nfind="guess"\n',
    ],
    ids=["syntax", "no-title", "no-sha256", "unknown-way"],
)
def test_a_targets_file_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DpcError) as told:
        targets.standards(path)
    assert told.value.file == "targets.toml"


def test_places_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DPC_SHARED", str(tmp_path))
    monkeypatch.setenv(targets.ENVIRONMENT, str(tmp_path))
    assert targets.places().shared == tmp_path
    assert targets.places().packages[-1] == tmp_path
    monkeypatch.setenv("DPC_SHARED", str(tmp_path / "none"))
    assert targets.places().shared is None


def test_the_program_ends_with_one_where_a_file_was_altered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = Tally("a", 2, 1, 0, 0, 1, 0, ("pypi:x==1 f",), (), ())
    monkeypatch.setattr(targets, "tallies", lambda: (sound,))
    assert targets.main() == 0
    assert "not on this machine: pypi:x==1 f" in capsys.readouterr().err
    altered = Tally("b", 1, 0, 0, 0, 0, 1, (), ("file",), ("b, line 3: x",))
    monkeypatch.setattr(targets, "tallies", lambda: (sound, altered))
    assert targets.main() == 1
    shown = capsys.readouterr()
    assert "not the pinned file" in shown.err and "not found: b, line 3" in shown.err
    assert shown.out.splitlines()[-1].split() == ["total", "3", "1", "0", "0", "1", "1"]


def test_notations_are_percent_encoded_and_slashes_stay() -> None:
    assert stub(EXT + "x/", "a/b c,d") == EXT + "x/a/b%20c%2Cd"


def test_pinned_files_lie_outside_the_project() -> None:
    inside = [
        one.path for standard in STANDARDS for one in standard.files
        if not one.package and (assets.root() / one.path).exists()
    ]  # fmt: skip
    assert inside == []
