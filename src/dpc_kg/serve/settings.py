"""What a server is told before it starts."""

from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True)
class ServeSettings:
    """Which view is served and within which limits.

    ``view`` is a read-only store (a snapshot, or a link to the current one). ``summary`` is the
    ``summary.json`` of a demonstration run, shown on the home page. ``hosts`` are the names a
    caller may address the server by, so that a foreign page cannot reach it through its own name.
    """

    view: Path
    title: str = "Digital protection of children: common data model"
    demo: bool = False
    summary: Path | None = None
    deadline_seconds: float = 10.0
    row_cap: int = 1_000_000
    memory_bytes: int = 2048 * MIB
    workers: int = 2
    audit: Path | None = None
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    lang: str = "en"

    @property
    def audit_file(self) -> Path:
        """Where the audit lines go: ``audit``, or ``audit.jsonl`` beside the view."""
        return self.audit or self.view.parent / "audit.jsonl"

    @property
    def byte_cap(self) -> int:
        """The largest result in bytes: 1 KiB for each row allowed."""
        return self.row_cap * 1024
