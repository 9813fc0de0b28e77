"""Receipts: what a hub says, signed, about a package it took or let go."""

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import PackageError, StoreError
from dpc_kg.base.platform import fsync_dir, write_durably
from dpc_kg.exchange.manifest import canonical, read_canonical
from dpc_kg.exchange.signing import SigningKey, VerifyKey, sign_detached, verify_detached

STORED = "stored"
SUPERSEDED = "superseded"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Receipt:
    """A signed statement of the hub; it outlives the data only after withdrawal, without digest.

    Attributes:
        id: the receipt's name; says nothing of the package.
        outcome: stored, superseded (kept, but newer data is shown) or withdrawn.
        organization: who submitted.
        position: where in the journal it stands; a withdrawal's is that of the tombstone.
        chain: the journal's hash (hex) at that position, which vouches for all before it.
        received_at: UTC, by the hub's clock.
        hub: the name of the hub's key.
        dataset, submission, graph, digest, extracted_at, sequence, quads: of the package; None
            once it is withdrawn.
        of: the receipt a withdrawal ends.
        signature: detached JWS over the canonical JSON of all the other members.
    """

    id: str
    outcome: str
    organization: str
    position: int
    chain: str
    received_at: str
    hub: str
    dataset: str | None = None
    submission: str | None = None
    graph: str | None = None
    digest: str | None = None
    extracted_at: str | None = None
    sequence: int | None = None
    quads: int | None = None
    of: str | None = None
    signature: str = ""

    def to_json(self) -> bytes:
        """Give the canonical JSON, signature included; members that are None are left out."""
        return canonical(self._fields())

    def signed(self, key: SigningKey) -> "Receipt":
        """Give this receipt with the hub's signature."""
        named = replace(self, hub=key.kid, signature="")
        return replace(named, signature=sign_detached(key, named.to_json()).decode("ascii"))

    def verify(self, key: VerifyKey) -> None:
        """Check the hub's signature.

        Raises:
            PackageError: another key signed, or the receipt was changed.
        """
        plain = replace(self, signature="")
        verify_detached(key, plain.to_json(), self.signature.encode("utf-8"))

    @classmethod
    def from_json(cls, raw: bytes) -> "Receipt":
        """Read a receipt; its signature is checked by ``verify``.

        Raises:
            PackageError: it is not a receipt.
        """
        fields = read_canonical(raw, "receipt")
        try:
            return cls(**{_PYTHON.get(key, key): value for key, value in fields.items()})
        except TypeError as e:
            raise PackageError("This is not a receipt.", advice="Name a receipt file.") from e

    def _fields(self) -> Mapping[str, Any]:
        return {
            _JSON.get(key, key): value
            for key, value in asdict(self).items()
            if value is not None and value != ""
        }


def new_receipt_id() -> str:
    """Give 26 base32 characters nobody can guess."""
    return base64.b32encode(secrets.token_bytes(16)).decode().lower()[:26]


def keep_files(folder: Path, receipts: Iterable[Receipt]) -> None:
    """Bring the files of ``folder`` in line with ``receipts``: one each, and no other.

    Raises:
        StoreError: a file cannot be written or removed.
    """
    wanted = {f"{receipt.id}.json": receipt for receipt in receipts}
    try:
        there = {path.name for path in folder.iterdir()}
        for name in sorted(wanted.keys() - there):
            write_durably(folder / name, wanted[name].to_json() + b"\n", private=True)
        for name in sorted(there - wanted.keys()):
            (folder / name).unlink()
        fsync_dir(folder)
    except OSError as e:
        raise StoreError(
            "The receipts cannot be written.",
            file=str(folder),
            advice="What was received is kept; make room and send it again for the receipt.",
        ) from e


_JSON = {"received_at": "receivedAt", "extracted_at": "extractedAt"}
_PYTHON = {value: key for key, value in _JSON.items()}
