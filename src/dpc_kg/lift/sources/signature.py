"""What a file is, by its first bytes and then by its ending: a name alone proves nothing."""

import re
from dataclasses import dataclass
from pathlib import Path

from dpc_kg.lift.sources.container import directory
from dpc_kg.lift.unusable import unreadable

CSV, JSON, WORKBOOK, XLS, SQLITE, PARQUET = "csv", "json", "workbook", "xls", "sqlite", "parquet"
ARCHIVES = ("gzip", "zip", "xz", "bzip2")

_MARKS = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"SQLite format 3\x00", SQLITE),
    (b"PAR1", PARQUET),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLS),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_HEAD = 4096
_TEXT_ENDINGS = {".csv", ".tsv", ".tab", ".txt"}
_DOCUMENT = re.compile(rb"\s*[\[{]\s*[\[{\"\]}0-9tfn-]")


def kind_of(path: Path, name: str | None = None) -> str:
    """Give what a file is: one of the kinds above or an archive; text is CSV unless it is JSON.

    Raises:
        SourceError: it is a zip that cannot be read, or a workbook in a binary form.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = kind_of_bytes(head)
    if kind == "zip":
        return _zip_kind(path, name or path.name)
    if kind is not None:
        return kind
    ending = Path(name or path.name).suffix.lower()
    text = head.removeprefix(b"\xef\xbb\xbf")
    is_json = ending not in _TEXT_ENDINGS and _DOCUMENT.match(text) is not None
    return JSON if is_json or ending == ".json" else CSV


def kind_of_bytes(head: bytes) -> str | None:
    """Give the kind that the first bytes show; None for text."""
    return next((kind for mark, kind in _MARKS if head.startswith(mark)), None)


def _zip_kind(path: Path, name: str) -> str:
    parts = {info.filename for info in directory(path, name)}
    if "xl/workbook.bin" in parts:
        raise unreadable(name, "Binary workbooks (XLSB) are not read.", "Save it as XLSX or CSV.")
    if "xl/workbook.xml" in parts or {"mimetype", "content.xml"} <= parts:
        return WORKBOOK
    return "zip"


@dataclass(frozen=True)
class Packed:
    """How a file is packed: the archive's kind, and whether a tar is inside."""

    kind: str
    is_tar: bool = False


_DECLARED = {
    "none": None,
    "gzip": Packed("gzip"),
    "zip": Packed("zip"),
    "xz": Packed("xz"),
    "bzip2": Packed("bzip2"),
    "targzip": Packed("gzip", True),
    "targz": Packed("gzip", True),
    "tarxz": Packed("xz", True),
}
_TAR_ENDINGS = re.compile(r"\.(tar\.[a-z0-9]+|tgz|txz|tbz2?)$", re.IGNORECASE)


def packing(path: Path, declared: str | None) -> Packed | None:
    """Give how a file is packed, None if it is not.

    ``declared`` is the name of a compression of RML-IO (``gzip``, ``zip``, ``tarxz``, ``targz``,
    ``none``), as IRI or bare; without one the first bytes decide.

    Raises:
        SourceError: the declared compression is unknown, or the file is packed in another way.
    """
    if declared is None:
        kind = kind_of(path)
        is_tar = _TAR_ENDINGS.search(path.name) is not None
        return Packed(kind, is_tar) if kind in ARCHIVES else None
    name = re.split(r"[/#:]", declared)[-1].lower()
    if name not in _DECLARED:
        raise unreadable(
            path.name,
            f"The mapping declares the compression {name}, which is not known.",
            f"Known are: {', '.join(_DECLARED)}.",
        )
    packed = _DECLARED[name]
    with path.open("rb") as file:
        found = kind_of_bytes(file.read(_HEAD))
    if packed is not None and found != packed.kind:
        raise unreadable(
            path.name,
            f"The mapping declares {name}, and the file is not packed so.",
            "Give the file as the mapping says, or correct the mapping.",
        )
    return packed
