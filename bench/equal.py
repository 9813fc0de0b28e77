"""Whether two sides gave the same: a bench of unequal work says nothing.

``python -m bench.equal A B`` compares two N-Triples files as sets of lines, spacing aside, in a
process of its own (see ``measure`` for why). With ``--share`` it tells how many lines each has and
how many they share, for a peer that is known to lose or change some.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_SHOWN = 3


class Unequal(Exception):
    """The two sides differ; the message shows a few of the lines that do."""


def check(what: str, ours: Iterable[str], others: Iterable[str], name: str) -> int:
    """Give how many distinct lines both sides have.

    Raises:
        Unequal: one side has a line that the other has not.
    """
    left, right = set(ours), set(others)
    if left == right:
        return len(left)
    parts = [f"The {what} differ: {len(left)} lines of ours, {len(right)} of {name}."]
    for side, extra in (("ours", left - right), (name, right - left)):
        parts += [f"  only {side} ({len(extra)}): {line}" for line in sorted(extra)[:_SHOWN]]
    raise Unequal("\n".join(parts))


def lines(path: Path) -> list[str]:
    """Give the lines of a small file."""
    return path.read_text(encoding="utf-8").splitlines()


def triples(path: Path) -> set[str]:
    """Give the distinct triples of an N-Triples file, without the space before the full stop."""
    with path.open(encoding="utf-8", newline="\n") as file:
        return {line.rstrip(" .\n") for line in file if not line.isspace()}


@dataclass(frozen=True)
class Share:
    """How many distinct triples of ours there are, how many of another, and how many of both."""

    ours: int
    other: int
    both: int


def share(ours: Path, other: Path) -> Share:
    """Give what two N-Triples files share."""
    left, right = triples(ours), triples(other)
    return Share(len(left), len(right), len(left & right))


def main(arguments: Sequence[str]) -> int:
    """Print the number of triples, or how the files differ; with ``--share`` what they share."""
    ours, other = (Path(a) for a in arguments[-2:])
    if arguments[0] == "--share":
        sys.stdout.write(json.dumps(asdict(share(ours, other))) + "\n")
        return 0
    try:
        count = check("triples", triples(ours), triples(other), "the usual stack")
    except Unequal as e:
        sys.stdout.write(f"{e}\n")
        return 1
    sys.stdout.write(f"{count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
