"""What travels between the server and a query worker: one kind byte, a length, that many bytes."""

import json
import struct
from typing import Any

HEADER = struct.Struct(">cI")
CHUNK = 64 * 1024

ASK = b"Q"
"""To the worker: a request, as JSON."""
READY = b"R"
"""From the worker: the view is open."""
DATA = b"D"
"""A piece of the result."""
END = b"E"
"""The result is whole; JSON with ``rows`` (None where there are none) and ``bytes``."""
REFUSED = b"X"
"""No (further) result; JSON with ``reason`` and what may be told about it."""

Message = dict[str, Any]


def pack(kind: bytes, body: bytes = b"") -> bytes:
    """Give one frame."""
    return HEADER.pack(kind, len(body)) + body


def pack_json(kind: bytes, message: Message) -> bytes:
    """Give one frame that holds JSON."""
    return pack(kind, json.dumps(message).encode())


def unpack_json(body: bytes) -> Message:
    """Give the JSON object of a frame's body."""
    message: Message = json.loads(body)
    return message
