"""Submission packages ``*.dpcsub``: what travels from a partner to a hub (DESIGN section 2)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError, PackageError
from dpc_kg.base.identifiers import check_org, graph_iri, submission_id, valid_submission
from dpc_kg.base.settings import PROFILES
from dpc_kg.exchange.archive import Limits, pack, unpack
from dpc_kg.exchange.manifest import (
    FORMAT,
    FORMAT_VERSION,
    MODES,
    canonical,
    check_manifest,
    read_canonical,
    utc_instant,
    valid_dataset,
)
from dpc_kg.exchange.quads import Scan, description, quad_digest, scan, split_lines
from dpc_kg.exchange.signing import SigningKey, VerifyKey, sign_detached, signer, verify_detached

PENDING = "pending"


@dataclass(frozen=True)
class PackageRequest:
    """What the maker of a package decides.

    Attributes:
        org: the organisation that submits.
        dataset: the data set; a snapshot replaces the earlier ones of the same data set.
        extracted_at: when the data was exported, from the export, never from the clock.
        mapping: the mapping's name, and ``mapping_digest`` its SHA-256 in hex.
        mode: snapshot, delta or correction.
        sequence: tells packages of one ``extracted_at`` apart; the higher is the newer.
        submission: the submission's name; without one it follows from the data.
        profile: the tier of shapes the data was validated against.
        coalition_epoch: the epoch of the coalition key that keyed media hashes, if any.
    """

    org: str
    dataset: str
    extracted_at: str | datetime
    mapping: str
    mapping_digest: str
    mode: str = "snapshot"
    sequence: int = 1
    submission: str | None = None
    profile: str = "full"
    coalition_epoch: str | None = None


@dataclass(frozen=True)
class Package:
    """A package as read: digests and form are right, the signature is not yet checked."""

    manifest: dict[str, Any]
    data: bytes
    report: dict[str, Any]
    digest: str
    """The submission digest: SHA-256 of ``manifest.json``, hex."""

    manifest_bytes: bytes
    signature: bytes

    @property
    def org(self) -> str:
        """The organisation the manifest names."""
        return str(self.manifest["organization"])

    @property
    def graph(self) -> str:
        """The IRI of the submission's graph."""
        return str(self.manifest["graph"])


def build(
    request: PackageRequest, data: Path, report: Mapping[str, Any], signing_key: SigningKey
) -> bytes:
    """Give the package of pending N-Quads; same input and key, same bytes.

    Args:
        request: what the maker decides.
        data: N-Quads in the organisation's pending graph, as lift writes them.
        report: the lift report; its ``withheld`` list is counted in the manifest.
        signing_key: the organisation's private key.

    Raises:
        PackageError: the data has a blank node, a quad outside the pending graph, or another
            organisation's record; says the line.
        DpcError: the request or the file cannot be used.
    """
    _check_request(request)
    extracted_at = utc_instant(request.extracted_at)
    pending = graph_iri(request.org, PENDING)
    # nodes that several records share may be lifted with each of them
    found = scan(_read_lines(data), org=request.org, graph=pending, unique=False)
    if not found.quads:
        raise PackageError(
            "There is no quad to submit.", file=str(data), advice="Lift the export again."
        )
    submission = request.submission or submission_id(found.digest, extracted_at)
    graph = graph_iri(request.org, submission)
    about = description(
        org=request.org,
        graph=graph,
        dataset=request.dataset,
        extracted_at=extracted_at,
        sequence=request.sequence,
        mode=request.mode,
    )
    body = _join(about, data, pending, graph)
    report_bytes = _report_bytes(report)
    final = _scan_final(body, request.org, graph, about)
    manifest = canonical(
        {
            "counts": {
                "classes": final.classes,
                "quads": final.quads,
                "subjects": final.subjects,
                "withheld": _withheld(report),
            },
            "dataset": request.dataset,
            "extractedAt": extracted_at,
            "format": FORMAT,
            "formatVersion": FORMAT_VERSION,
            "graph": graph,
            "keys": {"coalition": request.coalition_epoch, "signing": signing_key.kid},
            "mapping": {"name": request.mapping, "sha256": request.mapping_digest},
            "members": {"data.nq": _member(body), "lift-report.json": _member(report_bytes)},
            "mode": request.mode,
            "organization": request.org,
            "profile": request.profile,
            "quadDigest": final.digest,
            "sequence": request.sequence,
            "submission": submission,
        }
    )
    check_manifest(read_canonical(manifest, "manifest.json"))
    return pack([manifest, body, report_bytes, sign_detached(signing_key, manifest)])


def read(source: Path | bytes, *, limits: Limits | None = None) -> Package:
    """Read a package and check its form, sizes and digests; nothing is written to disk.

    The signature, and what the quads are about, are checked by ``verify`` and ``check_data``.

    Raises:
        PackageError: it is not exactly a package of this format; says what differs.
    """
    limits = limits or Limits()
    members = unpack(_raw(source, limits), limits)
    manifest_bytes = members["manifest.json"]
    manifest = read_canonical(manifest_bytes, "manifest.json")
    check_manifest(manifest)
    for name, said in manifest["members"].items():
        if said != _member(members[name]):
            raise PackageError(
                "Its SHA-256 is not the one in the manifest: it was changed after packaging.",
                file=name,
                advice="Make the package again with dpc-kg package.",
            )
    report = read_canonical(members["lift-report.json"], "lift-report.json")
    signature = members["signature.jws"]
    if signer(signature) != manifest["keys"]["signing"]:
        raise PackageError(
            "The signature names another key than the manifest.",
            file="signature.jws",
            advice="Make the package again with dpc-kg package.",
        )
    digest = hashlib.sha256(manifest_bytes).hexdigest()
    return Package(manifest, members["data.nq"], report, digest, manifest_bytes, signature)


def verify(package: Package, key: VerifyKey) -> None:
    """Check the signature over the exact bytes of ``manifest.json``.

    Raises:
        PackageError: another key signed, or the manifest was changed.
    """
    verify_detached(key, package.manifest_bytes, package.signature)


def check_data(package: Package) -> Scan:
    """Check that every quad is in the submission's graph, belongs to the organisation and counts.

    Raises:
        PackageError: names the line, or the count or digest that differs.
    """
    manifest = package.manifest
    about = description(
        org=package.org,
        graph=package.graph,
        dataset=manifest["dataset"],
        extracted_at=manifest["extractedAt"],
        sequence=manifest["sequence"],
        mode=manifest["mode"],
    )
    if not package.data.startswith(b"".join(about)):
        raise PackageError(
            "It does not open with the description of the submission that the manifest gives.",
            file="data.nq",
            advice="Make the package with dpc-kg package.",
        )
    found = _scan_final(package.data, package.org, package.graph, about)
    counts = manifest["counts"]
    said = (counts["quads"], counts["subjects"], counts["classes"], manifest["quadDigest"])
    if said != (found.quads, found.subjects, found.classes, found.digest):
        raise PackageError(
            "The quads are not those the manifest counts.",
            file="data.nq",
            advice="Make the package with dpc-kg package.",
        )
    return found


def _scan_final(body: bytes, org: str, graph: str, about: list[bytes]) -> Scan:
    return scan(split_lines(body), org=org, graph=graph, about=frozenset(about))


def _check_request(request: PackageRequest) -> None:
    check_org(request.org)
    if request.submission is not None and (
        not valid_submission(request.submission) or request.submission == PENDING
    ):
        raise DpcError(
            "This cannot name a submission.",
            advice="Use 3 to 63 lower-case letters, digits and hyphens, not the word pending.",
        )
    for kind, name in (("data set", request.dataset), ("mapping", request.mapping)):
        if not valid_dataset(name):
            raise DpcError(
                f"This cannot name a {kind}.",
                advice="Use 1 to 63 letters, digits, dots, hyphens and underscores.",
            )
    for kind, value, known in (
        ("mode", request.mode, MODES),
        ("profile", request.profile, PROFILES),
    ):
        if value not in known:
            raise DpcError(
                f"There is no such {kind}.", advice=f"Right is one of {', '.join(known)}."
            )
    if request.sequence < 0:
        raise DpcError("The sequence number is negative.", advice="Count from 1.")


def _read_lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as e:
        raise DpcError("The file cannot be read.", file=str(path), advice="Lift again.") from e


def _join(about: list[bytes], data: Path, pending: str, graph: str) -> bytes:
    """Give the description, then lift's lines in their order, each once, in the new graph."""
    out = bytearray(b"".join(about))
    known = set(about)
    old = f" <{pending}> .\n".encode()
    new = f" <{graph}> .\n".encode()
    for number, line in enumerate(_read_lines(data), 1):
        head = line.removesuffix(old)
        if f"<{pending}>".encode() in head:
            raise PackageError(
                "The pending graph is named inside a quad.",
                file=str(data),
                line=number,
                advice="It may stand only as the graph of a quad.",
            )
        moved = head + new
        if moved not in known:
            known.add(moved)
            out += moved
    return bytes(out)


def _withheld(report: Mapping[str, Any]) -> int:
    withheld = report.get("withheld", ())
    return len(withheld) if isinstance(withheld, list | tuple) else int(withheld)


def _report_bytes(report: Mapping[str, Any]) -> bytes:
    try:
        return canonical(dict(report))
    except (ValueError, TypeError) as e:
        raise DpcError(
            "The lift report cannot be written as JSON.", advice="Lift the export again."
        ) from e


def _member(body: bytes) -> dict[str, int | str]:
    return {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def _raw(source: Path | bytes, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as file:
            return file.read(limits.package + 1)
    except OSError as e:
        raise PackageError(
            "The package cannot be read.", file=str(source), advice="Name a *.dpcsub file."
        ) from e


__all__ = [
    "Package",
    "PackageRequest",
    "Scan",
    "build",
    "check_data",
    "quad_digest",
    "read",
    "verify",
]
