"""IRIs and keyed pseudonyms (DESIGN section 4: two key scopes)."""

import base64
import hashlib
import hmac
import re
from pathlib import Path

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import GRAPH, ID

SEPARATOR = "\x1f"
_ORG = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_SUBMISSION = re.compile(r"[a-z0-9][a-z0-9-]{2,62}")
_KEY_BYTES = 32


def valid_org(org: str) -> bool:
    """Tell whether ``org`` can name an organisation: lower-case letters, digits and hyphens."""
    return _ORG.fullmatch(org) is not None


def valid_submission(submission: str) -> bool:
    """Tell whether ``submission`` can name a submission."""
    return _SUBMISSION.fullmatch(submission) is not None


def check_org(org: str) -> str:
    """Give ``org`` back, or raise.

    Raises:
        DpcError: it cannot name an organisation.
    """
    if not valid_org(org):
        raise DpcError(
            "This cannot name an organisation.",
            advice="Use 2 to 63 lower-case letters, digits and hyphens, as in example-helpline.",
        )
    return org


def pseudonym(key: bytes, text: str) -> str:
    """Give the HMAC-SHA-256 of ``text`` under ``key`` as 64 hex digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def entity_text(org: str, kind: str, *local: str) -> str:
    """Give the text whose pseudonym names an entity: organisation, kind, local key parts."""
    return SEPARATOR.join((org, kind, *local))


def entity_iri(org: str, kind: str, key: bytes, *local: str) -> str:
    """Give the IRI of an entity in the partner's key scope."""
    return f"{ID}{org}/{kind}/{pseudonym(key, entity_text(org, kind, *local))}"


def hash_iri(key: bytes, algorithm: str, value: str) -> str:
    """Give the IRI of a media hash in the coalition's key scope: one per algorithm and value."""
    return f"{ID}coalition/hash/{pseudonym(key, f'{algorithm}:{value.lower()}')}"


def org_iri(org: str) -> str:
    """Give the IRI of an organisation."""
    return f"{ID}{org}/organization/{org}"


def graph_iri(org: str, submission: str) -> str:
    """Give the IRI of the graph of a submission; ``pending`` before it is packaged."""
    return f"{GRAPH}{org}/{submission}"


def submission_id(quad_digest: str, extracted_at: str) -> str:
    """Give 26 base32 characters made from the quad digest and ``extractedAt`` (DESIGN 6)."""
    raw = hashlib.sha256(f"{quad_digest}{SEPARATOR}{extracted_at}".encode()).digest()
    return base64.b32encode(raw).decode().lower()[:26]


def read_key(path: Path) -> bytes:
    """Give the 32-byte key stored as hex in a key file.

    Raises:
        DpcError: the file is missing or does not hold 64 hex digits.
    """
    try:
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except FileNotFoundError as e:
        raise DpcError(
            "There is no such key file.",
            file=str(path),
            advice="Make one with: dpc-kg key new -o FILE",
        ) from e
    except (OSError, ValueError) as e:
        raise DpcError("This is not a key file.", file=str(path), advice=_KEY_ADVICE) from e
    if len(key) != _KEY_BYTES:
        raise DpcError("The key has the wrong length.", file=str(path), advice=_KEY_ADVICE)
    return key


_KEY_ADVICE = "A key file holds 64 hexadecimal digits, as dpc-kg key new writes them."
