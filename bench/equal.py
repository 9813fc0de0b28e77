"""Whether two sides gave the same: a bench of unequal work says nothing.

``python -m bench.equal A B`` compares two N-Triples files as sets of lines, spacing aside, in a
process of its own (see ``measure`` for why).
"""

import sys
from collections.abc import Iterable
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


def main(ours: Path, other: Path) -> int:
    """Print the number of triples, or how the files differ."""
    try:
        count = check("triples", triples(ours), triples(other), "the usual stack")
    except Unequal as e:
        sys.stdout.write(f"{e}\n")
        return 1
    sys.stdout.write(f"{count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
