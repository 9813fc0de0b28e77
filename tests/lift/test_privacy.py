"""The gate for personal data: nothing decided personal leaves, in whatever form it leaves."""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import dpc_kg.validate
from dpc_kg.base.assets import ontology_files, shape_files
from dpc_kg.base.errors import MappingError
from dpc_kg.cli.packaging import PackageOptions, make_package
from dpc_kg.exchange.signing import SigningKey
from dpc_kg.lift import LiftRequest, open_lift, report_bytes
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.lift.paths import member
from dpc_kg.lift.privacy import Decisions, FieldDecision, read_fields
from dpc_kg.lift.ruby import parse_ruby
from dpc_kg.lift.walkers import XmlWalker
from dpc_kg.validate.check import check, check_report
from dpc_kg.validate.forms.jsonform import to_json
from dpc_kg.validate.forms.text import to_text

ORG, LONG_ENOUGH = "example-org", 5
# short runs of hexadecimal digits stand in pseudonyms by chance, the first of a month in any date
BY_CHANCE = re.compile(r"[0-9a-f]{1,11}|\d{4}-\d\d-01")
# words that our own messages use are no sign of a leak
VALIDATE = Path(dpc_kg.validate.__file__).parent
OWN_WORDS = "".join(p.read_text(encoding="utf-8") for p in sorted(VALIDATE.glob("*.toml")))
OWN_WORDS += "".join(p.read_text(encoding="utf-8") for p in [*ontology_files(), *shape_files()])
FILES = {
    "aselo": {"contacts": "."},
    "cybertipline": {"report": "reports.xml", "files": "files.xml"},
    "primero": {"cases": "cases.csv"},
}


def json_texts(node: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, item in node.items():
            yield from json_texts(item, member(at, key))
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from json_texts(item, f"{at}[{i}]")
    elif isinstance(node, str | int | float) and not isinstance(node, bool):
        yield at, str(node)


def xml_texts(record: Any) -> Iterator[tuple[str, str]]:
    for element in record.iter(etree.Element):
        names = [e.tag for e in [element, *element.iterancestors()]]
        at = "/".join(reversed(names[: names.index(record.tag, 0 if element is record else 1)]))
        prefix = f"{at}/" if at else ""
        yield from ((f"{prefix}@{name}", str(value)) for name, value in element.attrib.items())
        if element.text and element is not record:
            yield at, element.text


def texts(name: str, source: str, path: Path) -> Iterator[tuple[str, str]]:
    """Give (path of a field, text) of everything an export holds."""
    if name == "aselo":
        for file in sorted(path.rglob("*.json")):
            if file.name != "planted.json":
                yield from json_texts(json.loads(file.read_text(encoding="utf-8")))
    elif name == "cybertipline":
        for record in etree.parse(str(path)).getroot().iter("submission"):
            yield from xml_texts(record)
    else:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for column, value in row.items():
                    if isinstance(value, str):
                        yield column, value
                        yield from json_texts(literal(value), column)
    assert source


def literal(value: str) -> Any:
    try:
        return parse_ruby(value) if value[:1] == "[" else None
    except ValueError:
        return None


def secrets_of(name: str, folder: Path, sources: dict[str, Path]) -> set[str]:
    """Give the texts of fields decided personal or not declared, long enough to be told apart."""
    decisions = read_fields(folder)
    assert decisions is not None
    found, open_texts = set(), set()
    for source, path in sources.items():
        for field, text in texts(name, source, path):
            decision = decisions.decide(source, field)
            text = text.strip()
            if decision is None or decision.status == "personal":
                found.add(text)
            else:
                open_texts.add(text)
    return {
        text
        for text in found - open_texts
        if len(text) >= LONG_ENOUGH and not BY_CHANCE.fullmatch(text) and text not in OWN_WORDS
    }


@pytest.mark.parametrize("name", FILES)
def test_nothing_personal_leaves(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes, name: str
) -> None:
    folder = tmp_path / "in"
    generate(name, GenerateRequest(40, 13, 12, folder, ORG))
    sources = {source: folder / path for source, path in FILES[name].items()}
    request = LiftRequest(name, sources, ORG, "test", partner_key, coalition_key)
    left: dict[str, bytes] = {}
    with check(request) as checked:
        report = check_report(checked)
        for lang in ("en", "fr", "es", "ar"):
            left[f"text {lang}"] = to_text(report, lang).encode()
        left["json"] = to_json(report).encode()
        # all that a lift writes, what a check withholds too
        quads = checked.lifted.write(tmp_path / "data.nq")
        left["report"] = report_bytes(checked.lifted.report(quads))
        hidden = secrets_of(name, checked.lifted.folder, sources)
        left["data"] = (tmp_path / "data.nq").read_bytes()
    left |= packaged(request, tmp_path)
    assert len(hidden) > 100
    for place, data in left.items():
        assert [text for text in hidden if text.encode() in data] == [], place


def packaged(request: LiftRequest, folder: Path) -> dict[str, bytes]:
    key, out = folder / "signing.key", folder / "a.dpcsub"
    SigningKey(b"s" * 32).save(key)
    make_package(request, PackageOptions("2026-01-31T00:00:00Z", key), out)
    with zipfile.ZipFile(out) as archive:
        return {f"package {n}": archive.read(n) for n in archive.namelist()}


def test_the_name_of_an_undeclared_column_stays_at_the_partner(
    tmp_path: Path, partner_key: bytes, repository: Path
) -> None:
    text = (repository / "mappings/lift/primero/sample.csv").read_text(encoding="utf-8")
    path = tmp_path / "cases.csv"
    path.write_text(text.replace(",module_id", ",module_id,Zephyrine", 1), encoding="utf-8")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    at = header.index("Zephyrine")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *([*row[:at], "x", *row[at:]] for row in rows)])
    request = LiftRequest("primero", {"cases": path}, ORG, "test", partner_key)
    left = packaged(request, tmp_path)
    assert any("data.nq" in name for name in left)
    assert [name for name, data in left.items() if b"Zephyrine" in data] == []


DECISIONS = Decisions(
    [
        FieldDecision("s", "a", "placed", "dpc:x", ""),
        FieldDecision("s", "b.*", "personal", "", "r"),
        FieldDecision("s", "b.c", "none", "", "r"),
        FieldDecision("s", "list[*].k", "placed", "dpc:y", ""),
        FieldDecision("s", "x/*", "personal", "", "r"),
        FieldDecision("s", "x/y", "placed", "dpc:z", ""),
        FieldDecision("t", "q", "placed", "dpc:q", ""),
    ]
)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("a", "placed"),
        ("a.z", None),
        ("aa", None),
        ("b.c", "none"),
        ("b.d", "personal"),
        ("b.d.e[*].f", "personal"),
        ("b['Online harm']", "personal"),
        ("bb.c", None),
        ("list[0].k", "placed"),
        ("list[*].k", "placed"),
        ("list[*].z", None),
        ("x/y", "placed"),
        ("x/z", "personal"),
        ("x/z/@n", "personal"),
        ("xx/z", None),
        ("q", None),
    ],
)
def test_the_most_particular_decision_counts(path: str, status: str | None) -> None:
    decision = DECISIONS.decide("s", path)
    assert (None if decision is None else decision.status) == status


def test_a_field_with_an_unknown_status_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fields.csv").write_text(
        "source,path,status,term,reason\ns,a,placed,dpc:x,\ns,b,maybe,,\n", encoding="utf-8"
    )
    with pytest.raises(MappingError) as caught:
        read_fields(tmp_path)
    assert (caught.value.row, caught.value.column) == (3, "status")
    assert "personal" in (caught.value.advice or "")


def test_counts_say_what_became_of_every_field(tmp_path: Path, partner_key: bytes) -> None:
    """Of each column: as many cells counted as a person counts in the file."""
    generate("primero", GenerateRequest(30, 3, 0, tmp_path, ORG))
    path = tmp_path / "cases.csv"
    with open_lift(LiftRequest("primero", {"cases": path}, ORG, "t", partner_key)) as lifted:
        counted = {c.path: c.cells for c in lifted.fields()}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in rows[0]:
        assert counted[column] == sum(bool(row[column].strip()) for row in rows), column


def test_walkers_and_this_file_name_fields_alike(tmp_path: Path) -> None:
    generate("cybertipline", GenerateRequest(5, 3, 0, tmp_path, ORG))
    root = etree.parse(str(tmp_path / "reports.xml")).getroot()
    for record in root.iter("submission"):
        leaves = {path for path, holds in XmlWalker().leaves(record) if holds}
        assert leaves <= {path for path, _ in xml_texts(record)}
