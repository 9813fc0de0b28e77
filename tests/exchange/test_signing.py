import base64
import json
import os
import random
import sys
import warnings
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from dpc_kg.base.errors import DpcError, PackageError
from dpc_kg.exchange.signing import SigningKey, VerifyKey, sign_detached, signer, verify_detached

KEY = SigningKey(bytes(range(32)))
PAYLOAD = b'{"a":"b.c"}'


def test_the_same_key_and_payload_give_the_same_signature() -> None:
    first = sign_detached(KEY, PAYLOAD)
    assert first == sign_detached(KEY, PAYLOAD)
    verify_detached(KEY.public, PAYLOAD, first)
    assert signer(first) == KEY.kid


def test_another_library_accepts_the_signature_and_names_the_key_alike() -> None:
    header, _, signature = sign_detached(KEY, PAYLOAD).decode().split(".")
    public = OKPKey.import_key(KEY.public.as_jwk())  # type: ignore[arg-type]
    assert public.thumbprint() == KEY.kid
    with warnings.catch_warnings():
        # RFC 9864 gives EdDSA a second name; ours is the one every library reads
        warnings.simplefilter("ignore", SecurityWarning)
        # with the payload in place of the gap, RFC 7797 section 4 forbids the dot: sign without
        undotted = sign_detached(KEY, b"payload").replace(b"..", b".payload.").decode()
        checked = jws.deserialize_compact(undotted, public, algorithms=["EdDSA"])
    assert checked.payload == b"payload"
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {
        "alg": "EdDSA",
        "b64": False,
        "crit": ["b64"],
        "kid": KEY.kid,
    }
    assert signature


def test_rfc_8037_example_key_has_its_thumbprint() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert VerifyKey.from_jwk(jwk).kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_any_changed_byte_of_signature_or_payload_is_refused() -> None:
    signature = sign_detached(KEY, PAYLOAD)
    chance = random.Random(1)
    for at in range(len(signature)):
        changed = bytearray(signature)
        changed[at] ^= 1 << chance.randrange(8)
        with pytest.raises(PackageError):
            verify_detached(KEY.public, PAYLOAD, bytes(changed))
    for at in range(len(PAYLOAD)):
        changed = bytearray(PAYLOAD)
        changed[at] ^= 1
        with pytest.raises(PackageError, match="changed after signing"):
            verify_detached(KEY.public, bytes(changed), signature)


@pytest.mark.parametrize("spelling", [b"", b"..", b"a..b", b"..." * 9, b"bnVsbA..AA", b"W10..AA"])
def test_other_spellings_are_refused(spelling: bytes) -> None:
    with pytest.raises(PackageError, match="not a detached JWS"):
        verify_detached(KEY.public, PAYLOAD, spelling)


def test_a_short_signature_is_refused() -> None:
    header = sign_detached(KEY, PAYLOAD).partition(b"..")[0]
    with pytest.raises(PackageError, match="not a detached JWS"):
        verify_detached(KEY.public, PAYLOAD, header + b"..AAAA")


def test_a_header_with_another_algorithm_is_refused() -> None:
    fields = {"alg": "none", "b64": False, "crit": ["b64"], "kid": KEY.kid}
    raw = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    header = base64.urlsafe_b64encode(raw).rstrip(b"=")
    with pytest.raises(PackageError, match="alg EdDSA"):
        verify_detached(KEY.public, PAYLOAD, header + b"..")


def test_another_key_is_named() -> None:
    other = SigningKey.generate()
    with pytest.raises(PackageError, match=other.kid) as refused:
        verify_detached(KEY.public, PAYLOAD, sign_detached(other, PAYLOAD))
    assert KEY.kid in str(refused.value)


def test_key_files(tmp_path: Path) -> None:
    KEY.save(tmp_path / "private.jwk")
    KEY.public.save(tmp_path / "public.jwk")
    assert SigningKey.load(tmp_path / "private.jwk") == KEY
    assert VerifyKey.load(tmp_path / "public.jwk") == KEY.public
    assert b'"d"' not in (tmp_path / "public.jwk").read_bytes()
    if sys.platform != "win32":
        assert (tmp_path / "private.jwk").stat().st_mode & 0o777 == 0o600
    with pytest.raises(DpcError, match="never overwritten"):
        SigningKey.generate().save(tmp_path / "private.jwk")
    with pytest.raises(DpcError, match="must never leave"):
        VerifyKey.load(tmp_path / "private.jwk")
    with pytest.raises(DpcError, match="public key"):
        SigningKey.load(tmp_path / "public.jwk")


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 5000, '{"kty":"RSA","d":"AA"}', "\x00"])
def test_what_is_not_a_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DpcError):
        SigningKey.load(path)
    with pytest.raises(DpcError):
        VerifyKey.load(path)
    with pytest.raises(DpcError, match="no such key file"):
        VerifyKey.load(tmp_path / "absent")


def test_halves_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    jwk = SigningKey.generate().public.as_jwk() | {"d": base64.urlsafe_b64encode(KEY.raw).decode()}
    jwk["d"] = jwk["d"].rstrip("=")
    path = tmp_path / "key"
    path.write_text(json.dumps(jwk), encoding="utf-8")
    with pytest.raises(DpcError, match="do not belong together"):
        SigningKey.load(path)


def test_a_key_never_shows_itself() -> None:
    assert KEY.raw.hex() not in repr(KEY)
    assert repr(KEY.raw) not in repr(KEY)
    assert os.fsencode(KEY.kid).decode() in repr(KEY)
