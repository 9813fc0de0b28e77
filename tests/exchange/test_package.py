from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import DpcError, PackageError
from dpc_kg.base.identifiers import submission_id
from dpc_kg.base.vocab import GRAPH
from dpc_kg.exchange.archive import MEMBERS, pack
from dpc_kg.exchange.manifest import canonical, utc_instant
from dpc_kg.exchange.package import build, check_data, quad_digest, read, verify
from dpc_kg.exchange.signing import SigningKey, sign_detached

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Maker

PENDING = f"{GRAPH}example-helpline/pending"


def test_the_same_input_and_key_give_the_same_bytes(maker: Maker) -> None:
    assert maker.package() == maker.package()


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


def test_making_a_package_needs_neither_store_nor_rdf_library() -> None:
    program = (
        "import sys, dpc_kg.exchange.package, dpc_kg.exchange.signing, dpc_kg.exchange\n"
        "found = {'pyoxigraph', 'rdflib', 'duckdb', 'fastapi', 'fcntl'} & sys.modules.keys()\n"
        "print(', '.join(sorted(found)))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
