from __future__ import annotations

import contextlib
import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from dpc_kg.base.identifiers import org_iri
from dpc_kg.base.vocab import CODES, DPC, GRAPH, ID, RDF_TYPE, SKOS, XSD
from dpc_kg.exchange.package import PackageRequest, build, read
from dpc_kg.exchange.receive import Hub
from dpc_kg.exchange.signing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

ORG = "example-helpline"
KEY = SigningKey(hashlib.sha256(b"example-helpline").digest())
OTHER_KEY = SigningKey(hashlib.sha256(b"other").digest())
FIRST, SECOND = f"{GRAPH}{ORG}/first", f"{GRAPH}{ORG}/second"
REPORT: dict[str, Any] = {"mapping": "example", "records": 3, "withheld": []}


def record_lines(org: str, number: int, seed: str = "") -> list[str]:
    """A helpline contact as lift writes it: sorted lines in the pending graph."""
    name = hashlib.sha256(f"{org} {seed} {number}".encode()).hexdigest()
    subject = f"{ID}{org}/contact/{name}"
    month = 1 + number % 12
    quads = [
        (RDF_TYPE, f"<{DPC}HelplineContact>"),
        (DPC + "ageBand", f"<{CODES}age-band/10-12>"),
        (DPC + "callType", f"<{CODES}call-type/child-calling>"),
        (DPC + "channel", f"<{CODES}channel/phone>"),
        (DPC + "receivedAt", f'"2025-{month:02d}-01T00:00:00Z"^^<{XSD}dateTime>'),
        (DPC + "receivedAtPrecision", f"<{CODES}precision/month>"),
        (DPC + "receivedBy", f"<{org_iri(org)}>"),
    ]
    return sorted(f"<{subject}> <{p}> {o} <{GRAPH}{org}/pending> .\n" for p, o in quads)


@dataclass
class Maker:
    """Makes packages of one organisation."""

    folder: Path
    org: str = ORG
    key: SigningKey = field(default=KEY)

    def data(self, records: int = 3, seed: str = "") -> Path:
        # as lift may: the organisation's own quads are there already
        shared = [
            f'<{org_iri(self.org)}> <{SKOS}notation> "{self.org}" <{GRAPH}{self.org}/pending> .\n',
            f"<{org_iri(self.org)}> <{RDF_TYPE}> <{DPC}Organization> "
            f"<{GRAPH}{self.org}/pending> .\n",
        ]
        lines = [line for n in range(records) for line in record_lines(self.org, n, seed)]
        path = self.folder / f"{self.org}-{seed}-{records}.nq"
        path.write_text("".join([*shared, *lines]), encoding="utf-8", newline="")
        return path

    def request(self, **changes: Any) -> PackageRequest:
        fields: dict[str, Any] = {
            "org": self.org,
            "dataset": "contacts",
            "extracted_at": "2026-01-31",
            "mapping": "example",
            "mapping_digest": "0" * 64,
        }
        return PackageRequest(**(fields | changes))

    def package(self, records: int = 3, seed: str = "", **changes: Any) -> bytes:
        return build(self.request(**changes), self.data(records, seed), REPORT, self.key)


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def other(tmp_path: Path) -> Maker:
    return Maker(tmp_path, "other-hotline", OTHER_KEY)


def traces(folder: Path, raw: bytes) -> list[str]:
    """Give the files of a hub that hold in the clear an IRI of a record or the graph of ``raw``."""
    names = {word.split(b">")[0] for word in read(raw).data.split(b"<")}
    own = [name for name in names if b"/contact/" in name or name.startswith(GRAPH.encode())]
    assert len(own) > 1
    files = every_file(folder).items()
    return [name for name, content in files if any(word in content for word in own)]


def dump(hub: Hub) -> bytes:
    out = io.BytesIO()
    hub.store.dump(out)
    return out.getvalue()


def every_file(folder: Path, *, but: Sequence[str] = ()) -> dict[str, bytes]:
    """Give the files of a hub; all are read again if the engine removed one meanwhile."""
    while True:
        paths = (path for path in folder.rglob("*") if path.is_file())
        names = {path.relative_to(folder).as_posix(): path for path in paths}
        wanted = sorted(name for name in names if not name.startswith(tuple(but)))
        with contextlib.suppress(FileNotFoundError):
            return {name: names[name].read_bytes() for name in wanted}


def accept(data: Path, profile: str) -> Sequence[str]:
    """A validator that finds nothing wrong."""
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Hub.create(tmp_path / "hub", validator=accept) as hub:
        hub.add_organization(ORG, KEY.public)
    return tmp_path / "hub"


@pytest.fixture
def reopen(folder: Path) -> Callable[[], Hub]:
    return lambda: Hub.open(folder, validator=accept)


@pytest.fixture
def hub(reopen: Callable[[], Hub]) -> Iterator[Hub]:
    with reopen() as hub:
        yield hub
