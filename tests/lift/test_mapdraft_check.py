"""``map check``: each way to spoil a mapping's folder is found, at its line, without a value."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import URIRef

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.mapdraft import Finding, draft, examine
from dpc_kg.lift.mapdraft.findings import BROKEN, CODES, FIELDS, MAPPING, NOTE, grouped, line_of
from tests.lift.mapdraft_export import CANARIES, RARE, write

SOME = -1
"""Some line or other: it stands in a document whose lines follow from its blank nodes."""

Spoil = Callable[[Path], None]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft whose guesses have all been looked at, with its export beside it."""
    folder = tmp_path_factory.mktemp("whole")
    draft([write(folder)], folder / "ours")
    for name in (FIELDS, CODES):
        path = folder / "ours" / name
        path.write_text(path.read_text(encoding="utf-8").replace("draft: ", ""), encoding="utf-8")
    return folder


@pytest.fixture
def ours(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return tmp_path / "ours"


def found(ours: Path) -> tuple[Finding, ...]:
    return examine(ours, {"contacts": ours.parent / "contacts.csv"}).findings


def replace(name: str, old: str, new: str, count: int = -1) -> Spoil:
    def spoil(ours: Path) -> None:
        text = (ours / name).read_text(encoding="utf-8")
        assert old in text
        (ours / name).write_text(text.replace(old, new, count), encoding="utf-8")

    return spoil


def cells(name: str, column: str, old: str, new: str, within: str = "") -> Spoil:
    """Write over the cells of one column."""

    def spoil(ours: Path) -> None:
        with (ours / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        hit = [r for r in rows if r[column] == old and (not within or within in r.values())]
        assert hit
        for row in hit:
            row[column] = new
        with (ours / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    return spoil


def added(name: str, line: str) -> Spoil:
    def spoil(ours: Path) -> None:
        with (ours / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return spoil


def export(change: Callable[[str], str]) -> Spoil:
    def spoil(ours: Path) -> None:
        path = ours.parent / "contacts.csv"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return spoil


def emptied_of_pair(ours: Path) -> None:
    """Take the kind of contact out of the mapping."""
    from dpc_kg.base.rdfio import canonical_turtle, read
    from dpc_kg.base.vocab import RML

    graph, predicate = read(ours / MAPPING), URIRef(RML + "predicate")
    for pair in list(graph.subjects(predicate)):
        if str(graph.value(pair, predicate)).endswith("#callType"):
            graph.remove((None, None, pair))
    (ours / MAPPING).write_text(canonical_turtle(graph), encoding="utf-8")


SPOILT: dict[str, tuple[Spoil, tuple[str, str, int | None, str | None]]] = {
    "no table": (lambda ours: (ours / CODES).unlink(), ("missing-file", CODES, None, None)),
    "no Turtle": (replace(MAPPING, "@prefix rml:", "prefix rml"), ("mapping", MAPPING, SOME, None)),
    "function": (
        replace(MAPPING, "dpcf:ageBand", "dpcf:ageBond"),
        ("mapping", MAPPING, SOME, None),
    ),
    "semicolons": (replace(FIELDS, ",", ";"), ("columns", FIELDS, 1, None)),
    "column": (replace(CODES, "value,code", "value,kode", 1), ("columns", CODES, 1, None)),
    "status": (
        cells(FIELDS, "status", "personal", "secret"),
        ("field-status", FIELDS, SOME, "status"),
    ),
    "value twice": (added(CODES, "contacts-channel,Phone,,x"), ("value-twice", CODES, 7, "value")),
    "personal read": (
        cells(FIELDS, "status", "placed", "personal", "Channel"),
        ("personal-read", MAPPING, SOME, None),
    ),
    "undeclared read": (
        replace(FIELDS, "contacts,Channel,", "contacts,Chanel,"),
        ("undeclared-read", MAPPING, SOME, None),
    ),
    "undeclared": (
        export(lambda t: t.replace("Xyzzy", "Plugh")),
        ("undeclared", "contacts.csv", None, "Plugh"),
    ),
    "not read": (
        cells(FIELDS, "status", "personal", "placed", "Xyzzy"),
        ("not-read", FIELDS, 13, "status"),
    ),
    "term": (
        replace(FIELDS, "dpc:callType", "dpc:calType"),
        ("term", FIELDS, SOME, "term"),
    ),
    "no term": (
        replace(FIELDS, "placed,dpc:callType", "placed,"),
        ("term", FIELDS, SOME, "term"),
    ),
    "field twice": (added(FIELDS, "contacts,Xyzzy,none,,"), ("field-twice", FIELDS, 14, "path")),
    "source": (added(FIELDS, "kontakts,a,none,,"), ("source", FIELDS, 14, "source")),
    "property": (
        replace(MAPPING, "rml:predicate dpc:callType", "rml:predicate dpc:calType"),
        ("term", MAPPING, SOME, None),
    ),
    "class": (
        replace(MAPPING, "rml:class dpc:HelplineContact", "rml:class dpc:HelpContact"),
        ("class", MAPPING, SOME, None),
    ),
    "abstract class": (
        replace(MAPPING, "rml:class dpc:HelplineContact", "rml:class dpc:Record"),
        ("class", MAPPING, SOME, None),
    ),
    "domain": (
        replace(MAPPING, "rml:predicate dpc:repeatContact", "rml:predicate dpc:isReopened"),
        ("does-not-fit", MAPPING, SOME, None),
    ),
    "required": (emptied_of_pair, ("required", MAPPING, SOME, None)),
    "key": (replace(MAPPING, 'dpcf:recordKey "contact_id" ;', ""), ("key", MAPPING, SOME, None)),
    "unread list": (
        added(CODES, "contacts-chanel,Fax,channel/other,x,"),
        ("unread-list", CODES, 7, "list"),
    ),
    "empty list": (
        cells(CODES, "list", "contacts-channel", "other-list"),
        ("empty-list", MAPPING, SOME, None),
    ),
    "no such code": (
        replace(CODES, "channel/phone", "channel/phon"),
        ("code", CODES, SOME, "code"),
    ),
    "other list's code": (
        replace(CODES, "channel/phone", "sex/girl"),
        ("code", CODES, SOME, "code"),
    ),
    "no code at all": (replace(CODES, "channel/phone", "phone"), ("code", CODES, SOME, "code")),
    "no such list": (
        replace(MAPPING, 'inputValue "channel"', 'inputValue "chanel"'),
        ("scheme", MAPPING, SOME, None),
    ),
    "another list": (
        replace(MAPPING, 'inputValue "channel"', 'inputValue "sex"'),
        ("scheme", MAPPING, SOME, None),
    ),
    "guess of a field": (
        replace(FIELDS, "the name is a label", "draft: the name is a label", 1),
        ("guess", FIELDS, SOME, "reason"),
    ),
    "guess of a code": (
        replace(CODES, "a label of", "draft: a label of", 1),
        ("guess", CODES, 2, "reason"),
    ),
    "header": (
        export(lambda t: t.replace("Channel", "Chanel", 1)),
        ("no-column", "contacts.csv", 1, "Channel"),
    ),
    "dates": (
        export(lambda t: t.replace("2025-01-10", "10/01/2025")),
        ("date-order", "contacts.csv", None, "Received at"),
    ),
}


def test_a_whole_folder_is_found_whole(ours: Path) -> None:
    assert [f for f in found(ours) if f.severity != NOTE] == []
    assert examine(ours, {}).whole


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_is_said_with_its_place(name: str, ours: Path) -> None:
    spoil, (rule, file, line, column) = SPOILT[name]
    spoil(ours)
    hit = [f for f in found(ours) if f.rule == rule and f.file == file]
    assert hit, [f.rule for f in found(ours)]
    for one in hit:
        assert one.message.endswith(".")
        assert one.column == column
        assert one.line == line if line != SOME else one.line
    assert any(f.severity != NOTE for f in hit)
    text = "".join(f"{f.place}{f.message}{f.advice}" for f in found(ours))
    assert [c for c in (*CANARIES, RARE, "C-10") if c in text] == []


def test_a_broken_folder_is_not_lifted(ours: Path) -> None:
    SPOILT["personal read"][0](ours)
    examined = examine(ours, {})
    assert not examined.whole
    assert {f.rule for f in examined.findings if f.severity == BROKEN} == {"personal-read"}


def test_near_names_are_offered(ours: Path) -> None:
    for name in ("term", "no such code", "unread list"):
        SPOILT[name][0](ours)
    advice = " ".join(f.advice for f in found(ours))
    assert "dpc:callType" in advice
    assert "Near it: phone" in advice
    assert "Take it out" in advice


def test_a_repeated_key_needs_a_version(ours: Path) -> None:
    replace(MAPPING, 'dpcf:recordVersion "Updated at" ;', "")(ours)
    export(lambda t: t.replace("C-1001", "C-1000"))(ours)
    (hit,) = [f for f in found(ours) if f.rule == "key-repeats"]
    assert (hit.file, hit.column) == ("contacts.csv", "contact_id")
    assert hit.message.startswith("1 records repeat")


def test_cells_that_look_personal_are_told(ours: Path) -> None:
    export(lambda t: t.replace(",Phone,", f",{CANARIES[1]},"))(ours)
    (hit,) = [f for f in found(ours) if f.rule == "looks-personal"]
    assert (hit.severity, hit.column) == (NOTE, "Channel")


def test_a_spreadsheets_mark_at_the_beginning_does_no_harm(ours: Path) -> None:
    for name in (FIELDS, CODES):
        path = ours / name
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert [f for f in found(ours) if f.severity != NOTE] == []


def test_shipped_mappings_use_terms_and_codes_that_there_are(repository: Path) -> None:
    """What is placed and not read yet is said of them too; nothing else is open.

    A hotline adds the numbers of countries itself, and its exchange has no records to tell apart.
    """
    rules = {"not-read", "source"}
    meant = {("hotline", "empty-list"), ("hotline", "key")}
    folders = sorted((repository / "mappings/lift").glob("*/mapping.rml.ttl"))
    assert len(folders) > 3
    wrong = {
        f"{path.parent.name}: {f.place}: {f.message}"
        for path in folders
        for f in examine(path.parent, {}).findings
        if f.severity != NOTE and f.rule not in rules and (path.parent.name, f.rule) not in meant
    }
    assert wrong == set()


def test_no_folder_and_no_source(ours: Path) -> None:
    with pytest.raises(DpcError, match="no such folder"):
        examine(ours / "nowhere", {})
    with pytest.raises(DpcError, match="no source named cases"):
        examine(ours, {"cases": ours.parent / "contacts.csv"})


def test_findings_of_one_kind_are_said_together() -> None:
    same = [Finding("open", "r", "m.", "a.", "f.csv", n, "c", f"t{n}") for n in (2, 3, 4, 9)]
    (group,) = grouped(same)
    assert group.place == "f.csv, lines 2-4, 9, column c, t2, t3, t4, t9"
    assert line_of('a\nb\n  rml:x "two" ;\n', "two") == 3
    assert line_of("a\nb\n", "c") is None
