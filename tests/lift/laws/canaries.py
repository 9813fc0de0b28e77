"""Invented names, phones, e-mails, addresses and handles, and a search for any trace of them."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

WORD, DIGITS = "Qzvknu", "990555098"
"""Every word of a canary holds the one or the other, so that a part of one is found too."""


class Canaries:
    """Gives one canary after the other; the same seed, the same canaries."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)
        self.given: list[str] = []

    def name(self) -> str:
        """Give a name that no person has."""
        return self._keep(f"{WORD}{self._tail()} {WORD}-{self._tail()}")

    def any(self) -> str:
        """Give a name, phone, e-mail, address or handle."""
        tail = self._tail()
        made = (
            f"{WORD}{tail} {WORD}ová-{tail}",
            f"+{DIGITS}{self.random.randrange(10**5):05}",
            f"{WORD.lower()}.{tail}@{WORD.lower()}{tail}.example",
            f"{DIGITS}{tail} {WORD}{tail}-Lane",
            f"@{WORD.lower()}_{tail}",
        )
        return self._keep(made[len(self.given) % len(made)])

    def _tail(self) -> str:
        return f"{self.random.randrange(10**6):06}"

    def _keep(self, text: str) -> str:
        self.given.append(text)
        return text


def _forms(text: str) -> Iterator[bytes]:
    """Give a text as it could hide in bytes: encoded, escaped, in hex, in base64."""
    raw = text.encode()
    yield raw
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield raw.hex().encode()
    yield "".join(f"%{b:02x}" for b in raw).encode()
    yield "".join(f"\\u{b:04x}" for b in raw).encode()
    yield "".join(f"&#{b};" for b in raw).encode()
    yield "".join(f"&#x{b:x};" for b in raw).encode()
    yield text[::-1].encode()


def _marks() -> set[bytes]:
    """Give what is looked for, in lower case, and base64 of each case and place."""
    found = {form.lower() for text in (WORD, DIGITS) for form in _forms(text)}
    found |= {form.lower() for text in (WORD.lower(), WORD.upper()) for form in _forms(text)}
    for text in (WORD, WORD.lower(), WORD.upper(), DIGITS):
        for skipped in range(3):
            whole = base64.b64encode(b"\0" * skipped + text.encode())
            # the first and last digits depend on what stands around
            inner = whole[(skipped * 8 + 5) // 6 : len(text.encode()) * 8 // 6]
            found.add(inner.lower())
    return {m for m in found if len(m) >= 6}


_MARKS = _marks()


def traces(data: bytes) -> list[bytes]:
    """Give the marks of canaries that stand in some bytes."""
    low = data.lower()
    return [mark for mark in _MARKS if mark in low]


def digests(texts: list[str]) -> set[str]:
    """Give the plain hashes of texts, as anybody could make them, in hex."""
    raw = [form for t in texts for form in (t.encode(), t.lower().encode(), t.strip().encode())]
    kinds = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)
    return {kind(r).hexdigest() for r in raw for kind in kinds}


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Give the bytes of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def seen(data: bytes) -> bool:
    """Tell whether JSON, decoded, holds a mark too."""
    try:
        text = json.dumps(json.loads(data), ensure_ascii=False)
    except ValueError:
        return False
    return bool(traces(text.encode()))
