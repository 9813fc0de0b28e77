"""Ed25519 keys and detached signatures (RFC 7515 appendix F, RFC 7797, RFC 8037).

A few lines instead of a JOSE library: one algorithm, one header, and bytes that are compared, not
interpreted, so that there is exactly one accepted way to write a signature.
"""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from dpc_kg.base.errors import DpcError, PackageError
from dpc_kg.base.platform import fsync_dir, fsync_file

_RAW_BYTES = 32
_SIGNATURE_BYTES = 64
_KEY_FILE_BYTES = 4096
_ADVICE = "Make a pair of signing keys with: dpc-kg key new --signing -o FILE"


@dataclass(frozen=True)
class VerifyKey:
    """The public half of a signing key; ``kid`` is its RFC 7638 thumbprint."""

    raw: bytes

    @property
    def kid(self) -> str:
        """The name of the key: SHA-256 thumbprint of its JWK, base64url (RFC 7638)."""
        required = {"crv": "Ed25519", "kty": "OKP", "x": _b64(self.raw)}
        return _b64(hashlib.sha256(_compact(required)).digest())

    def as_jwk(self) -> dict[str, str]:
        """Give the public JWK (RFC 8037 section 2)."""
        return {"alg": "EdDSA", "crv": "Ed25519", "kid": self.kid} | {
            "kty": "OKP",
            "use": "sig",
            "x": _b64(self.raw),
        }

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object], *, file: str | None = None) -> "VerifyKey":
        """Read a public JWK.

        Raises:
            DpcError: it is not an Ed25519 key, or it holds the private half.
        """
        if "d" in jwk:
            raise DpcError(
                "This is a private key.",
                file=file,
                advice="It must never leave the organisation: give the public key file instead.",
            )
        return cls(_member(jwk, "x", file))

    @classmethod
    def load(cls, path: Path) -> "VerifyKey":
        """Read a public key file.

        Raises:
            DpcError: it is missing, not an Ed25519 JWK, or a private key.
        """
        return cls.from_jwk(_read_jwk(path), file=str(path))

    def save(self, path: Path) -> None:
        """Write a public key file.

        Raises:
            DpcError: the file exists already.
        """
        _write_jwk(path, self.as_jwk(), private=False)


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A private Ed25519 key; its text never shows the key."""

    raw: bytes

    def __repr__(self) -> str:
        return f"SigningKey(kid={self.public.kid!r})"

    @property
    def public(self) -> VerifyKey:
        """The key that others verify with."""
        public = self._private().public_key()
        return VerifyKey(
            public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        )

    @property
    def kid(self) -> str:
        """The name of the key, the same as of its public half."""
        return self.public.kid

    @classmethod
    def generate(cls) -> "SigningKey":
        """Make a new key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """Read a private key file.

        Raises:
            DpcError: it is missing, or not a private Ed25519 JWK whose halves belong together.
        """
        jwk = _read_jwk(path)
        if "d" not in jwk:
            raise DpcError(
                "This is a public key.",
                file=str(path),
                advice="Signing needs the private key file.",
            )
        key = cls(_member(jwk, "d", str(path)))
        if key.public.raw != _member(jwk, "x", str(path)):
            raise DpcError(
                "The two halves of the key do not belong together.", file=str(path), advice=_ADVICE
            )
        return key

    def save(self, path: Path) -> None:
        """Write a private key file that only its owner may read, where the system can say so.

        Raises:
            DpcError: the file exists already; a signing key is never overwritten.
        """
        _write_jwk(path, self.public.as_jwk() | {"d": _b64(self.raw)}, private=True)

    def sign(self, payload: bytes) -> bytes:
        """Give the 64 bytes of the Ed25519 signature; the same payload gives the same bytes."""
        return self._private().sign(payload)

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.raw)


def sign_detached(key: SigningKey, payload: bytes) -> bytes:
    """Give a detached compact JWS over the exact ``payload`` bytes (RFC 7797, ``b64`` false)."""
    header = _header(key.kid)
    return header + b".." + _b64(key.sign(header + b"." + payload)).encode()


def signer(jws: bytes) -> str:
    """Give the ``kid`` a detached JWS names; it proves nothing before ``verify_detached``.

    Raises:
        PackageError: it is not a detached JWS in our one form.
    """
    header, _, _ = jws.partition(b"..")
    try:
        kid = json.loads(_unb64(header.decode("ascii")))["kid"]
    except (ValueError, KeyError, TypeError, RecursionError) as e:
        raise PackageError(_NOT_A_JWS, advice=_JWS_ADVICE) from e
    if not isinstance(kid, str) or header != _header(kid):
        raise PackageError(_NOT_A_JWS, advice=_JWS_ADVICE)
    return kid


def verify_detached(key: VerifyKey, payload: bytes, jws: bytes) -> None:
    """Check a detached JWS over the exact ``payload`` bytes.

    Raises:
        PackageError: another key signed, the payload was changed, or the JWS is in another form.
    """
    kid = signer(jws)
    if kid != key.kid:
        raise PackageError(
            f"It is signed with key {_shown(kid)}, not with the registered key {key.kid}.",
            advice="Sign with the registered key, or have the new public key registered.",
        )
    header, _, signature = jws.partition(b"..")
    try:
        raw = _unb64(signature.decode("ascii"))
    except ValueError as e:
        raise PackageError(_NOT_A_JWS, advice=_JWS_ADVICE) from e
    if len(raw) != _SIGNATURE_BYTES:
        raise PackageError(_NOT_A_JWS, advice=_JWS_ADVICE)
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(raw, header + b"." + payload)
    except InvalidSignature as e:
        raise PackageError(
            "The signature does not fit: something was changed after signing.",
            advice="Make the package again with dpc-kg package.",
        ) from e


_NOT_A_JWS = "The signature is not a detached JWS of this format."
_JWS_ADVICE = "Write it with dpc-kg package: alg EdDSA, b64 false, crit b64, kid of the key."


def _header(kid: str) -> bytes:
    fields = {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": kid}
    return _b64(_compact(fields)).encode()


def _compact(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode("ascii")


def _shown(kid: str) -> str:
    return (
        kid
        if len(kid) <= 64 and kid.replace("-", "").replace("_", "").isalnum()
        else "(unreadable)"
    )


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _unb64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as e:
        raise ValueError("not base64url") from e
    # the last character may carry unused bits: only the one canonical spelling is accepted
    if _b64(raw) != text:
        raise ValueError("not canonical base64url")
    return raw


def _member(jwk: Mapping[str, object], name: str, file: str | None) -> bytes:
    value = jwk.get(name)
    try:
        if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(value, str):
            raise ValueError(name)
        raw = _unb64(value)
        if len(raw) != _RAW_BYTES:
            raise ValueError(name)
    except ValueError as e:
        raise DpcError("This is not an Ed25519 key (JWK).", file=file, advice=_ADVICE) from e
    return raw


def _read_jwk(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            jwk = json.loads(file.read(_KEY_FILE_BYTES))
    except FileNotFoundError as e:
        raise DpcError("There is no such key file.", file=str(path), advice=_ADVICE) from e
    except (OSError, ValueError, RecursionError) as e:
        raise DpcError("This is not a key file.", file=str(path), advice=_ADVICE) from e
    if not isinstance(jwk, dict):
        raise DpcError("This is not a key file.", file=str(path), advice=_ADVICE)
    return jwk


def _write_jwk(path: Path, jwk: dict[str, str], *, private: bool) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags, 0o600 if private else 0o644)
    except FileExistsError as e:
        raise DpcError(
            "There is a file of this name already; a key is never overwritten.",
            file=str(path),
            advice="Name another file.",
        ) from e
    with os.fdopen(handle, "wb") as file:
        file.write(_compact(jwk) + b"\n")
        fsync_file(file)
    fsync_dir(path.parent)
