from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import DpcError, PackageError
from dpc_kg.base.identifiers import submission_id
from dpc_kg.base.vocab import DPC, GRAPH, ID, RDF_TYPE
from dpc_kg.exchange.archive import MEMBERS, Limits, pack
from dpc_kg.exchange.manifest import canonical, utc_instant
from dpc_kg.exchange.package import build, check_data, quad_digest, read, verify
from dpc_kg.exchange.signing import SigningKey, sign_detached

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.exchange.conftest import Maker

PENDING = f"{GRAPH}example-helpline/pending"
MINE = f"{ID}example-helpline/contact/{'0' * 64}"
TYPED = f"<{MINE}> <{RDF_TYPE}> <{DPC}HelplineContact> <{PENDING}> .\n"


def test_the_same_input_and_key_give_the_same_bytes(maker: Maker) -> None:
    assert maker.package() == maker.package()


def test_any_zip_reader_opens_it(maker: Maker) -> None:
    with zipfile.ZipFile(io.BytesIO(maker.package())) as archive:
        assert archive.testzip() is None
        assert tuple(archive.namelist()) == MEMBERS
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_members_and_manifest(maker: Maker) -> None:
    raw = maker.package(sequence=7, coalition_epoch="2026a")
    package = read(raw)
    verify(package, maker.key.public)
    found = check_data(package)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        bodies = {name: archive.read(name) for name in MEMBERS}
    pending = maker.data().read_bytes().splitlines(keepends=True)
    submission = submission_id(quad_digest(pending), "2026-01-31T00:00:00Z")
    graph = f"{GRAPH}example-helpline/{submission}"
    assert package.digest == hashlib.sha256(bodies["manifest.json"]).hexdigest()
    assert json.loads(bodies["manifest.json"]) == package.manifest
    assert package.manifest == {
        "counts": {
            "classes": {"HelplineContact": 3, "Organization": 1, "Submission": 1},
            "quads": 6 + 2 + 3 * 7,
            "subjects": 5,
            "withheld": 0,
        },
        "dataset": "contacts",
        "extractedAt": "2026-01-31T00:00:00Z",
        "format": "dpcsub",
        "formatVersion": 1,
        "graph": graph,
        "keys": {"coalition": "2026a", "signing": maker.key.kid},
        "mapping": {"name": "example", "sha256": "0" * 64},
        "members": {
            name: {"bytes": len(bodies[name]), "sha256": hashlib.sha256(bodies[name]).hexdigest()}
            for name in ("data.nq", "lift-report.json")
        },
        "mode": "snapshot",
        "organization": "example-helpline",
        "profile": "full",
        "quadDigest": quad_digest(bodies["data.nq"].splitlines(keepends=True)),
        "sequence": 7,
        "submission": submission,
    }
    assert found.digest == package.manifest["quadDigest"]


def test_the_quads_are_those_lifted_plus_the_description(maker: Maker) -> None:
    package = read(maker.package(submission="first-one"))
    graph = f"{GRAPH}example-helpline/first-one"
    lines = package.data.decode().splitlines(keepends=True)
    lifted = maker.data().read_text(encoding="utf-8").replace(PENDING, graph).splitlines(True)
    assert [line for line in lines if line in lifted[2:]] == lifted[2:]
    about = {line for line in lines if line not in lifted}
    assert {line.split()[1].rsplit("#")[-1].rstrip(">") for line in about} == {
        "type",
        "dataset",
        "extractedAt",
        "sequence",
        "submissionMode",
        "submittedBy",
    }
    quads = list(ox.parse(package.data, format=ox.RdfFormat.N_QUADS))
    assert len({str(quad) for quad in quads}) == len(lines)
    assert {quad.graph_name for quad in quads} == {ox.NamedNode(graph)}


def test_a_quad_lifted_with_two_records_is_written_once(maker: Maker, tmp_path: Path) -> None:
    twice = tmp_path / "twice.nq"
    once = maker.data().read_bytes()
    twice.write_bytes(once + once)
    report: dict[str, Any] = {"mapping": "example", "records": 3, "withheld": []}
    assert build(maker.request(), twice, report, maker.key) == maker.package()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"_:b <{RDF_TYPE}> <{DPC}Case> <{PENDING}> .\n", "blank node"),
        (f"<{MINE}> <{DPC}hasStatus> _:b <{PENDING}> .\n", "blank node"),
        (f"<{MINE}> <{RDF_TYPE}> <{DPC}Case> .\n", "outside any graph"),
        (f'<{MINE}> <{DPC}dataset> "_:b" .\n', "outside any graph"),
        (f"<{MINE}> <{DPC}hasStatus> <{DPC}x> <{GRAPH}other/pending> .\n", "another graph"),
        (f"<{MINE}> <{DPC}hasStatus> <{DPC}x> <{PENDING}2> .\n", "another graph"),
        (f"<{ID}other/case/1> <{RDF_TYPE}> <{DPC}Case> <{PENDING}> .\n", "not a record of"),
        (f"<{PENDING}> <{DPC}sequence> <{DPC}x> <{PENDING}> .\n", "submission itself"),
        (f"<{MINE}> <{DPC}isReferralOf> <{PENDING}> <{PENDING}> .\n", "inside a quad"),
        (f"<{MINE}2> <{DPC}hasStatus> <{DPC}x> <{PENDING}> .\n", "no class"),
        (f"<{MINE}> <{RDF_TYPE}> <https://example.org/C> <{PENDING}> .\n", "not one of the model"),
        (f"<{MINE}> <{DPC}x> <javascript:alert> <{PENDING}> .\n", "plain form"),
        (f"<{MINE}> <{DPC}x> <file:///etc/passwd> <{PENDING}> .\n", "plain form"),
        (f"<{MINE}> <{DPC}x> <https://a@b.org/> <{PENDING}> .\n", "plain form"),
        (f"<{MINE}> <{DPC}x> <https://b.org/\\u0041> <{PENDING}> .\n", "plain form"),
        (f"<{MINE}> <{DPC}x> <https://b.org/%0A> <{PENDING}> .\n", "invisible"),
        (f"<{MINE}> <{DPC}x> <https://b.org/\u202e> <{PENDING}> .\n", "invisible"),
        (f"<{MINE}> <{DPC}x> <https://b.org/e\u0301> <{PENDING}> .\n", "NFC"),
        (f'<{MINE}> <{DPC}x> "a" <{PENDING}>  .\n', "plain form"),
        (f'<{MINE}> <{DPC}x> "a\\x" <{PENDING}> .\n', "plain form"),
        (f"<{MINE}> <{DPC}x> << <{MINE}> <{MINE}> <{MINE}> >> <{PENDING}> .\n", "plain form"),
        (f'<{MINE}> <{DPC}x> "a" <{PENDING}> .\r\n', "CR LF"),
        (f'<{MINE}> <{DPC}x> "a" <{PENDING}> .', "no line feed"),
        (f'<{MINE}> <{DPC}x> "{"a" * 200_000}" <{PENDING}> .\n', "too long"),
        ("# a comment\n", "plain form"),
        ("\n", "plain form"),
    ],
)
def test_lines_that_may_not_travel(maker: Maker, tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "bad.nq"
    path.write_bytes((TYPED + line).encode())
    with pytest.raises(PackageError, match=problem) as refused:
        build(maker.request(), path, {}, maker.key)
    assert refused.value.line == 2
    assert "Jane" not in str(refused.value)


def test_a_line_that_is_not_utf8_is_refused(maker: Maker, tmp_path: Path) -> None:
    path = tmp_path / "bad.nq"
    path.write_bytes(
        (TYPED + f'<{MINE}> <{DPC}x> "?" <{PENDING}> .\n').encode("utf-8").replace(b"?", b"\xe9")
    )
    with pytest.raises(PackageError, match="UTF-8"):
        build(maker.request(), path, {}, maker.key)


def test_shared_subjects_may_travel(maker: Maker, tmp_path: Path) -> None:
    path = tmp_path / "good.nq"
    lines = [
        TYPED,
        f'<{MINE}> <{DPC}rawNotation> "a \\"b\\" \u00e9"@fr <{PENDING}> .\n',
        f"<{ID}coalition/hash/{'a' * 64}> <{RDF_TYPE}> <{DPC}HashReference> <{PENDING}> .\n",
        f"<{ID}ncmec/organization/ncmec> <{RDF_TYPE}> <{DPC}Organization> <{PENDING}> .\n",
    ]
    path.write_bytes("".join(lines).encode())
    package = read(build(maker.request(), path, {"withheld": [{}, {}]}, maker.key))
    assert check_data(package).classes["HashReference"] == 1
    assert package.manifest["counts"]["withheld"] == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"org": "No Org"},
        {"dataset": "../x"},
        {"extracted_at": "yesterday"},
        {"mode": "merge"},
        {"profile": "none"},
        {"submission": "pending"},
        {"submission": "Bad Name"},
        {"sequence": -1},
        {"mapping": ""},
        {"mapping_digest": "abc"},
    ],
)
def test_a_request_that_cannot_be_met(maker: Maker, changes: dict[str, Any]) -> None:
    with pytest.raises(DpcError):
        build(maker.request(**changes), maker.data(), {}, maker.key)


def test_nothing_to_submit(maker: Maker, tmp_path: Path) -> None:
    empty = tmp_path / "empty.nq"
    empty.write_bytes(b"")
    with pytest.raises(PackageError, match="no quad"):
        build(maker.request(), empty, {}, maker.key)
    with pytest.raises(DpcError, match="cannot be read"):
        build(maker.request(), tmp_path / "absent.nq", {}, maker.key)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("2026-01-31T02:00:00+02:00", "2026-01-31T00:00:00Z"),
        ("2026-01-31T00:00:00.5Z", "2026-01-31T00:00:00.500000Z"),
        ("0900-01-31T00:00:00", "0900-01-31T00:00:00Z"),
    ],
)
def test_points_in_time_are_utc(given: str, text: str) -> None:
    assert utc_instant(given) == text


def test_reads_a_file(maker: Maker, tmp_path: Path) -> None:
    path = tmp_path / "a.dpcsub"
    path.write_bytes(maker.package())
    assert read(path) == read(maker.package())
    with pytest.raises(PackageError, match="cannot be read"):
        read(tmp_path / "absent.dpcsub")


def altered(raw: bytes, places: int) -> list[bytes]:
    chance = random.Random(42)
    out = []
    for _ in range(places):
        changed = bytearray(raw)
        changed[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        out.append(bytes(changed))
    return out


def test_a_byte_changed_anywhere_is_refused(maker: Maker) -> None:
    raw = maker.package()
    for changed in altered(raw, 1000):
        with pytest.raises(PackageError):
            verify(read(changed), maker.key.public)


def test_every_cut_and_every_addition_is_refused(maker: Maker) -> None:
    raw = maker.package()
    for size in random.Random(7).sample(range(len(raw)), 300):
        with pytest.raises(PackageError):
            read(raw[:size])
    for more in (b"\0", b"PK", raw, raw[-22:]):
        with pytest.raises(PackageError):
            read(raw + more)
        with pytest.raises(PackageError):
            read(more + raw)


def rezip(change: Callable[[list[tuple[zipfile.ZipInfo, bytes]]], None], raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    change(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, body in members:
            archive.writestr(info, body)
    return out.getvalue()


def named(name: str) -> tuple[zipfile.ZipInfo, bytes]:
    return zipfile.ZipInfo(name), b"x"


def compress(members: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
    members[1][0].compress_type = zipfile.ZIP_DEFLATED


def date(members: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
    members[0][0].date_time = (2026, 1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda m: m.append(named("notes.txt")), "unknown name"),
        (lambda m: m.append(named("../../etc/passwd")), "leads outside"),
        (lambda m: m.insert(0, named("/etc/passwd")), "absolute path"),
        (lambda m: m.append(named("C:\\x")), "absolute path"),
        (lambda m: m.append(named("a/b")), "folders"),
        (lambda m: m.pop(), "lacks signature.jws"),
        (lambda m: m.reverse(), "another order"),
        (compress, "compressed"),
        (date, "1980-01-01"),
    ],
)
def test_other_zips_are_refused_in_words(
    maker: Maker, change: Callable[[list[tuple[zipfile.ZipInfo, bytes]]], None], problem: str
) -> None:
    with pytest.raises(PackageError, match=problem):
        read(rezip(change, maker.package()))


def test_a_doubled_member_is_refused_in_words(maker: Maker) -> None:
    def double(members: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        members.append(members[0])

    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        pytest.raises(PackageError, match="twice"),
    ):
        read(rezip(double, maker.package()))


def test_a_zip_of_very_many_names_is_refused_before_it_is_listed(maker: Maker) -> None:
    def many(members: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        members.extend(named(f"{number:050d}") for number in range(2000))

    with pytest.raises(PackageError, match="far more"):
        read(rezip(many, maker.package()))


@pytest.mark.parametrize("raw", [b"", b"PK", b"hello", b"PK\5\6" + bytes(18), b"PK\3\4" * 99])
def test_what_is_no_package_is_refused(raw: bytes) -> None:
    with pytest.raises(PackageError, match="package"):
        read(raw)


@pytest.mark.parametrize("field", ["package", "manifest", "data", "report", "signature"])
def test_sizes_are_limited(maker: Maker, field: str) -> None:
    with pytest.raises(PackageError, match="At most 10"):
        read(maker.package(), limits=Limits(**{field: 10}))


def forged(maker: Maker, key: SigningKey, **changes: Any) -> bytes:
    """A package whose manifest says something else, signed as it should be."""
    package = read(maker.package())
    manifest = canonical(package.manifest | changes)
    report = canonical(package.report)
    return pack([manifest, package.data, report, sign_detached(key, manifest)])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"format": "zip"}, "another format"),
        ({"formatVersion": 2}, "another format"),
        ({"note": "a child's name"}, "unknown member"),
        ({"organization": "../x"}, "organization"),
        ({"graph": f"{GRAPH}other/x"}, "graph"),
        ({"sequence": 1.5}, "sequence"),
        ({"sequence": True}, "sequence"),
        ({"extractedAt": "2026-01-31"}, "extractedAt"),
        ({"extractedAt": "2026-02-31T00:00:00Z"}, "extractedAt"),
        ({"counts": {}}, "counts"),
        ({"counts": None}, "counts"),
        ({"keys": {"coalition": None, "signing": "x"}}, "keys.signing"),
        ({"mode": []}, "mode"),
        ({"members": {}}, "members"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(
    maker: Maker, changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(PackageError, match=problem) as refused:
        read(forged(maker, maker.key, **changes))
    assert "child" not in str(refused.value)


def test_a_manifest_that_is_not_canonical_is_refused(maker: Maker) -> None:
    package = read(maker.package())
    spaced = json.dumps(package.manifest).encode()
    doubled = package.manifest_bytes[:-1] + b',"mode":"snapshot"}'
    for manifest in (spaced, doubled, b"[]", b"{", b"[" * 50_000, b'{"a":NaN}', b'"\\ud800"'):
        members = [manifest, package.data, canonical(package.report)]
        with pytest.raises(PackageError, match=r"manifest\.json"):
            read(pack([*members, sign_detached(maker.key, manifest)]))


def test_a_signature_of_another_key_than_the_manifest_names_is_refused(maker: Maker) -> None:
    with pytest.raises(PackageError, match="another key"):
        read(forged(maker, SigningKey.generate()))


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": 2},
        {"dataset": "cases"},
        {"quadDigest": "0" * 64},
        {"counts": {"classes": {}, "quads": 29, "subjects": 5, "withheld": 0}},
    ],
)
def test_a_manifest_that_does_not_describe_the_quads_is_refused(
    maker: Maker, changes: dict[str, Any]
) -> None:
    package = read(forged(maker, maker.key, **changes))
    verify(package, maker.key.public)
    with pytest.raises(PackageError, match=r"data\.nq"):
        check_data(package)
