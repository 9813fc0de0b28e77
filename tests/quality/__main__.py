"""Run the checks of the model: ``python -m tests.quality [--write] [NUMBER ...]``.

One line a check, problems below it. ``--write`` also writes ``docs/reference/quality.md``. Exit
code 1 if a check fails or could not look, 2 if the arguments are wrong.
"""

import sys
from collections.abc import Sequence

from tests.quality.context import Context
from tests.quality.parts import parts
from tests.quality.report import checks, judge, lines, page, summary
from tests.quality.tree import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "quality.md"


def main(arguments: Sequence[str]) -> int:
    """Run the checks named by number, or all; give the exit code."""
    write = "--write" in arguments
    named = [text for text in arguments if text != "--write"]
    known = {str(check.number) for check in checks()}
    if not set(named) <= known or (write and named):
        sys.stderr.write("usage: python -m tests.quality [--write | NUMBER ...]\n")
        return 2
    context, found, results = Context.here(), parts(), []
    for check in checks():
        if not named or str(check.number) in named:
            results.append(judge(check, found, context))
            sys.stdout.write("\n".join(lines(results[-1])) + "\n")
            sys.stdout.flush()
    sys.stdout.write(summary(results) + "\n")
    if write:
        PAGE.write_text(page(results), encoding="utf-8", newline="\n")
    return 0 if all(result.state in ("ok", "not yet") for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
