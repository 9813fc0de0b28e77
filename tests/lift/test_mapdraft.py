"""``map init``: what is recognised, what stays personal, what is never written."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.errors import DpcError, NotSupported, SourceError
from dpc_kg.base.rdfio import is_canonical
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.mapdraft import draft, examine, redraft
from dpc_kg.lift.mapdraft.observe import observe
from dpc_kg.lift.mapdraft.values import may_be_written
from dpc_kg.lift.mapdraft.words import listed
from dpc_kg.lift.rml import compile_rml
from tests.lift.mapdraft_export import CANARIES, HEADERS, PLACED, RARE, write

if TYPE_CHECKING:
    from pathlib import Path

FILES = ["README.md", "codes.csv", "fields.csv", "mapping.rml.ttl"]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def placed(folder: Path) -> dict[str, str]:
    rows = table(folder, "fields.csv")
    return {row["path"]: row["term"] for row in rows if row["status"] == "placed"}


def correct(folder: Path, path: str, status: str, term: str = "") -> None:
    """Do what a person does: write a decision over a guess."""
    rows = table(folder, "fields.csv")
    for row in rows:
        if row["path"] == path:
            row.update(status=status, term=term, reason="decided")
    with (folder / "fields.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("lang", HEADERS)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_table_is_recognised_by_the_words_of_the_model(
    tmp_path: Path, lang: str, delimiter: str
) -> None:
    out = tmp_path / "ours"
    draft([write(tmp_path, lang=lang, delimiter=delimiter)], out)
    assert placed(out) == {HEADERS[lang][k]: term for k, term in PLACED.items()}
    assert sorted(p.name for p in out.iterdir()) == FILES
    codes = {row["value"]: row["code"] for row in table(out, "codes.csv")}
    assert codes["Phone"] == "channel/phone"
    assert codes["child-calling"] == "call-type/child-calling"


@pytest.mark.parametrize("ending", ["csv", "json", "xml"])
def test_every_kind_of_file_gives_the_same_terms(tmp_path: Path, ending: str) -> None:
    file, out = write(tmp_path, ending), tmp_path / "ours"
    (made,) = draft([file], out)
    assert sorted(placed(out).values()) == sorted(PLACED.values())
    plan = compile_rml(out / "mapping.rml.ttl")
    assert is_canonical(out / "mapping.rml.ttl")
    assert made.observed.iterator == {"json": "$.contacts[*]", "xml": "/export/list/contact"}.get(
        ending
    )
    request = LiftRequest(
        str(out / "mapping.rml.ttl"), {"contacts": file}, "example-org", "test", b"k" * 32
    )
    with open_lift(request) as lifted:
        quads = lifted.write(tmp_path / "data.nq")
        assert (lifted.read_rows, list(lifted.rejects)) == (24, [])
    text = (tmp_path / "data.nq").read_text(encoding="utf-8")
    assert quads > 24 * len(PLACED)
    assert [plan.sources[0].name, plan.sources[0].version is not None] == ["contacts", True]
    assert [c for c in (*CANARIES, RARE) if c in text] == []


@pytest.mark.parametrize("ending", ["csv", "json", "xml"])
def test_no_personal_and_no_rare_value_is_written(tmp_path: Path, ending: str) -> None:
    out = tmp_path / "ours"
    draft([write(tmp_path, ending)], out)
    text = "".join(p.read_text(encoding="utf-8") for p in out.iterdir())
    assert [c for c in (*CANARIES, RARE, "C-10") if c in text] == []
    rows = {row["path"]: row for row in table(out, "fields.csv")}
    kept = {path for path in rows if path not in placed(out)}
    assert all(rows[path]["status"] == "personal" for path in kept)
    assert len(kept) >= 5
    assert all(row["reason"].startswith("draft: ") for row in rows.values())
    assert all(row["reason"].startswith("draft: ") for row in table(out, "codes.csv"))


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    file = write(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        draft([file], tmp_path / name / "ours")
    for name in FILES:
        texts = {(tmp_path / n / "ours" / name).read_bytes() for n in ("one", "two")}
        assert len(texts) == 1, name


def test_a_name_with_a_personal_word_stays_personal(tmp_path: Path) -> None:
    """Even where the cells are codes of a list that the model has."""
    said = sorted(" ".join(w) for w in listed("personal"))
    assert len(said) > 80
    headers = ["id", "Received at", "Channel", *(f"{word} channel" for word in said)]
    rows = [[f"C-{i}", "2025-01-01", *["Phone"] * (len(said) + 1)] for i in range(9)]
    file, out = tmp_path / "contacts.csv", tmp_path / "ours"
    text = "\n".join(",".join(row) for row in [headers, *rows])
    file.write_text(text, encoding="utf-8")
    draft([file], out, "HelplineContact")
    assert set(placed(out)) == {"id", "Received at", "Channel"}


@pytest.mark.parametrize(
    ("value", "count", "known", "written"),
    [
        ("Phone", 3, True, True),
        ("Phone", 2, True, False),
        ("by letter", 9, False, True),
        ("Example Person", 9, False, False),
        ("In Person", 9, True, True),
        ("someone@example.org", 9, False, False),
        ("ask for +00 000 000 0000", 9, False, False),
        ("file 1234567", 9, True, False),
        ("a sentence that is much too long to be a word of a list", 9, False, False),
    ],
)
def test_which_values_may_be_written(value: str, count: int, known: bool, written: bool) -> None:
    assert may_be_written(value, count, 3, known=known) is written


@pytest.mark.parametrize("lang", HEADERS)
def test_a_list_has_a_short_name_in_every_script(tmp_path: Path, lang: str) -> None:
    """The shapes refuse another one as the source of a value without a code."""
    draft([write(tmp_path, lang=lang)], tmp_path / "ours")
    names = {row["list"] for row in table(tmp_path / "ours", "codes.csv")}
    assert len(names) == 2
    assert all(re.fullmatch("[a-z0-9][a-z0-9._-]{0,63}", name) for name in names)
    if lang == "ar":
        assert names == {"contacts-channel", "contacts-call-type"}


def test_two_lists_never_share_a_name(tmp_path: Path) -> None:
    """Decisions may place two columns whose names differ in an accent only."""
    file, out = write(tmp_path, lang="fr"), tmp_path / "ours"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Xyzzy", "Canàl", 1), encoding="utf-8")
    draft([file], out)
    correct(out, "Canal", "placed", "dpc:channel")
    correct(out, "Canàl", "placed", "dpc:riskLevel")
    redraft([file], out)
    names = {row["list"] for row in table(out, "codes.csv")}
    assert names == {"contacts-canal", "contacts-canal-2", "contacts-type-de-contact"}


def test_the_key_is_whole_unique_and_called_one(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    body = "".join(f"{i},{i // 2},N-{i},Phone,2025-01-0{1 + i % 9}\n" for i in range(12))
    file.write_text(f"row,id,contact no,Channel,Received at\n{body}", encoding="utf-8")
    (made,) = draft([file], tmp_path / "ours", "HelplineContact")
    assert made.key.path == "contact no"
    file.write_text("id,Channel\n" + "A,Phone\n" * 12, encoding="utf-8")
    (made,) = draft([file], tmp_path / "again", "HelplineContact")
    assert "NOT unique, 11 rows repeat one" in made.choices[0].reason


def test_fields_of_one_name_are_left_to_people(tmp_path: Path) -> None:
    file = tmp_path / "contacts.json"
    one = '{{"id": "{0}", "channel": "Phone", "child": {{"age": 9}}, "caller": {{"age": 40}}}}'
    file.write_text(f"[{', '.join(one.format(i) for i in range(9))}]", encoding="utf-8")
    draft([file], tmp_path / "ours", "HelplineContact")
    assert placed(tmp_path / "ours") == {"channel": "dpc:channel", "id": "dpc:HelplineContact"}


def test_several_files_become_several_sources(tmp_path: Path) -> None:
    first, second = write(tmp_path), tmp_path / "cases.csv"
    body = "".join(f"K-{i},open,2025-01-01,Girl\n" for i in range(9))
    second.write_text(f"case id,Status,Received at,Sex\n{body}", encoding="utf-8")
    made = draft([first, second], tmp_path / "ours")
    assert [(d.observed.name, d.cls.rpartition("#")[2]) for d in made] == [
        ("cases", "Case"),
        ("contacts", "HelplineContact"),
    ]
    assert len(compile_rml(tmp_path / "ours" / "mapping.rml.ttl").sources) == 2


def test_a_required_field_nobody_has_is_said(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    body = "".join(f"C-{i},Phone\n" for i in range(9))
    file.write_text(f"id,Channel\n{body}", encoding="utf-8")
    (made,) = draft([file], tmp_path / "ours", "HelplineContact")
    assert {iri.rpartition("#")[2] for iri in made.missing} == {"callType", "receivedAt"}
    text = (tmp_path / "ours" / "README.md").read_text(encoding="utf-8")
    assert "nothing fills `dpc:callType`" in text
    assert "`dpc:ageBand` is `age-band/unknown` in every record" in text


def test_dates_that_begin_with_the_day_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    body = "".join(f"C-{i},Phone,{i + 9:02}/03/2025\n" for i in range(9))
    file.write_text(f"id,Channel,Received at\n{body}", encoding="utf-8")
    draft([file], tmp_path / "ours", "HelplineContact")
    text = (tmp_path / "ours" / "README.md").read_text(encoding="utf-8")
    assert "9 values that do not begin with the year | 4 of them can be read both ways" in text
    assert "09/03/2025" not in text


BAD = {
    "empty.csv": ("", SourceError, "empty"),
    "header.csv": ("id,Channel\n", SourceError, "no record"),
    "quote.csv": ('id,Channel\n1,"a\n', SourceError, "quotation mark"),
    "cut.json": ('[{"id": 1}, {"id"', SourceError, "middle of a record"),
    "bad.json": ('[{"id": 1,}]', SourceError, "well-formed JSON"),
    "bad.xml": ("<a><b></a>", SourceError, "well-formed XML"),
    "dtd.xml": ("<!DOCTYPE a><a><b><c>1</c></b></a>", SourceError, "document type"),
    "ns.xml": ('<a xmlns="x:y"><b><c>1</c></b><b><c>2</c></b></a>', NotSupported, "namespace"),
    "book.pdf": ("PK", NotSupported, "workbook .* or a CSV, JSON or XML"),
    "page.xls": ("<html><table></table></html>", SourceError, "no workbook, though it is called"),
    "cut.xlsx": ("PK\3\4", SourceError, "cut off or damaged"),
    "short.xlsx": ("PK", SourceError, "no record"),
    "names.csv": ("name,surname\nx,y\n", DpcError, "can be the key"),
    "odd.csv": ("id,plugh\n1,2\n2,4\n", DpcError, "not clear what a record"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_drafted_is_refused_whole(name: str, tmp_path: Path) -> None:
    text, kind, words = BAD[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(kind, match=words) as told:
        draft([tmp_path / name], tmp_path / "ours")
    assert name in str(told.value)
    assert not (tmp_path / "ours").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = write(tmp_path)
    draft([file], tmp_path / "ours")
    with pytest.raises(DpcError, match="exists already"):
        draft([file], tmp_path / "ours")
    with pytest.raises(DpcError, match="Records cannot be of this class"):
        draft([file], tmp_path / "new", "Nonsense")


def test_the_name_of_a_field_is_the_last_part_of_its_path(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("No. of contacts,Sex/gender,a['b']\n1,2,3\n", encoding="utf-8")
    assert [f.name for f in observe(file).fields] == ["No. of contacts", "Sex/gender", "a['b']"]
    file = tmp_path / "t.json"
    file.write_text('[{"a": {"b c": [1], "d.e": 1}, "f": 1}]', encoding="utf-8")
    assert sorted(f.name for f in observe(file).fields) == ["b c", "d.e", "f"]
    file = tmp_path / "t.xml"
    file.write_text('<r><i><a b="1">2</a></i><i><a b="1">2</a></i></r>', encoding="utf-8")
    assert [f.name for f in observe(file).fields] == ["a", "b"]


def test_a_wide_document_is_read_once(tmp_path: Path) -> None:
    observed = observe(write(tmp_path, "json"))
    paths = {f.path: f for f in observed.fields}
    assert paths["notes[*].text"].many
    assert paths["child.Age_band"].reference == "$.child.Age_band"
    assert paths["notes[*].text"].cells == 48


def test_members_that_are_words_are_not_fields(tmp_path: Path) -> None:
    """An object may be keyed by people: their names are no names of fields."""
    file, out = tmp_path / "contacts.json", tmp_path / "ours"
    records = [
        {"id": f"C-{i}", "channel": "Phone", "seen by": {f"Canary {i}": {"on": "2025-01-01"}}}
        for i in range(40)
    ]
    file.write_text(json.dumps(records), encoding="utf-8")
    draft([file], out, "HelplineContact")
    assert "Canary" not in "".join(p.read_text(encoding="utf-8") for p in out.iterdir())
    rows = {row["path"]: row["status"] for row in table(out, "fields.csv")}
    assert rows == {"id": "placed", "channel": "placed", "['seen by'].*": "personal"}
    findings = examine(out, {"contacts": file}).findings
    assert "undeclared" not in {f.rule for f in findings}


# -- again, from what people decided


def test_a_draft_again_follows_the_decisions(tmp_path: Path) -> None:
    file, out = write(tmp_path), tmp_path / "ours"
    draft([file], out)
    before = (out / "mapping.rml.ttl").read_text(encoding="utf-8")
    redraft([file], out)
    assert (out / "mapping.rml.ttl").read_text(encoding="utf-8") == before
    correct(out, "Xyzzy", "placed", "dpc:riskLevel")
    correct(out, "Channel", "none")
    redraft([file], out)
    plan = compile_rml(out / "mapping.rml.ttl")
    read = {name for view in plan.views for name, _ in view.fields}
    assert "Xyzzy" in read
    assert "Channel" not in read
    codes = table(out, "codes.csv")
    assert {row["list"] for row in codes} == {"contacts-kind-of-contact", "contacts-xyzzy"}
    assert "choose risk-level/low or risk-level/medium" in codes[-1]["reason"]
    row = next(r for r in table(out, "fields.csv") if r["path"] == "Xyzzy")
    assert row["reason"] == "decided"


@pytest.mark.parametrize(
    ("path", "status", "term", "words"),
    [
        ("Xyzzy", "placed", "dpc:nonsense", "A cell alone cannot fill dpc:nonsense"),
        ("Xyzzy", "placed", "dpc:isAbout", "A cell alone cannot fill dpc:isAbout"),
        ("Xyzzy", "placed", "dpc:channel", "placed on dpc:channel already"),
        ("Xyzzy", "perhaps", "", "This is no status"),
        ("contact_id", "personal", "", "is the key of a record"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_named(
    tmp_path: Path, path: str, status: str, term: str, words: str
) -> None:
    file, out = write(tmp_path), tmp_path / "ours"
    draft([file], out)
    before = (out / "mapping.rml.ttl").read_bytes()
    correct(out, path, status, term)
    with pytest.raises(DpcError, match=words) as told:
        redraft([file], out)
    assert told.value.file == "fields.csv"
    assert (told.value.row == 13) is (path == "Xyzzy")
    assert (out / "mapping.rml.ttl").read_bytes() == before
