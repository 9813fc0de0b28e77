"""The page of the suites: a part for each, rewritten alone, with the reason of every miss."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
PAGE = REPOSITORY / "docs" / "reference" / "conformance.md"
_HEAD = "# "


@dataclass(frozen=True)
class Reason:
    """Why a case is missed, and the part of the specification that leaves it open."""

    why: str
    open: str


@dataclass(frozen=True)
class Miss:
    """A case that did not pass: its name, of which engine where there are several, what was seen.

    ``key`` is its name in the file of reasons.
    """

    name: str
    seen: str
    engine: str | None = None

    @property
    def key(self) -> str:
        """The name of its reason."""
        return f"{self.engine}/{self.name}" if self.engine else self.name


def reasons(part: str) -> dict[str, Reason]:
    """Give why cases of a part of the page are missed, by name (``rml.toml``, ``shacl.toml``)."""
    found = tomllib.loads((HERE / f"{part}.toml").read_text(encoding="utf-8"))
    return {name: Reason(**each) for name, each in found.items()}


def unexplained(misses: Iterable[Miss], known: dict[str, Reason]) -> list[str]:
    """Say which miss has no reason, and which reason no miss."""
    names = {miss.key for miss in misses}
    out = [f"{name} is missed without a reason." for name in sorted(names - set(known))]
    return out + [f"{name} passes, and has a reason." for name in sorted(set(known) - names)]


def missed(misses: Iterable[Miss], known: dict[str, Reason]) -> str:
    """Give the section of what was missed."""
    rows = []
    for miss in misses:
        reason = known.get(miss.key, Reason("not looked into", ""))
        name = f"`{miss.name}`" + (f", {miss.engine}" if miss.engine else "")
        cells = (name, miss.seen, reason.why, reason.open)
        rows.append(f"| {' | '.join(' '.join(c.split()).replace('|', ' ') for c in cells)} |\n")
    if not rows:
        return "\n## Missed\n\nNone.\n"
    head = "| case | what was seen | why | what the specification leaves open |\n"
    return "".join(["\n## Missed\n\n", head, "|---|---|---|---|\n", *rows])


def parts(text: str) -> dict[str, str]:
    """Give the parts of the page by their first lines.

    >>> parts("# A\\n\\nx\\n\\n# B\\n\\ny\\n")
    {'# A': '# A\\n\\nx\\n', '# B': '# B\\n\\ny\\n'}
    """
    found: dict[str, list[str]] = {}
    head = ""
    for line in text.splitlines(keepends=True):
        head = line.strip() if line.startswith(_HEAD) else head
        found.setdefault(head, []).append(line)
    return {name: "".join(lines).strip("\n") + "\n" for name, lines in found.items()}


def write(part: str) -> None:
    """Write one part of the page; the others stay as they are."""
    there = parts(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    there[part.splitlines()[0]] = part
    PAGE.write_text("\n".join(there.values()), encoding="utf-8", newline="\n")
