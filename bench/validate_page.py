"""The section of validation on the page of the benches, from its raw figures."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from bench.page import busy, middle, over, paragraphs, span, versions

_HEAD = """\
| data | triples | planted | side | wall s | CPU s | peak MiB | wall over ours | CPU over ours |
|---|---|---|---|---|---|---|---|---|
"""
_TITLES = {"model": "our shapes", "across": "shapes that read across"}
_WARM_GOAL, _CHANGED_GOAL = 50, 150
_TIMES = (
    (100_000, "pySHACL", 50),
    (300_000, "pySHACL", 100),
    (1_000_000, "", 3),
    (10_000_000, "", 3),
)
"""Goals in multiples of the wall time of ours: triples, the other engine (the fastest), times."""
_LARGE, _SECONDS, _MEBIBYTES = 10_000_000, 15, 150

Measured = dict[str, Any]


def validate_section(figures: dict[str, Any]) -> str:
    """Give the section in Markdown."""
    return paragraphs(_INTRO, _table(figures), _tasks(figures), _goals(figures), _reading(figures))


_INTRO = """
## Validation alone

Written by `python -m bench.validate`. *Our shapes*: one large submission, a lifted export with its
records copied under other pseudonyms, against the shapes of the full tier. *Shapes that read
across*: made-up cases and shapes with inverse paths, classes of referenced records and joined
queries. Every side was checked to find exactly what was planted (focus node and component)."""


def _table(figures: dict[str, Any]) -> str:
    rows = [_row(one, side) for one in figures["sets"] for side in one["sides"]]
    return _HEAD + "\n".join(rows)


def _row(one: Measured, side: str) -> str:
    runs, own = one["sides"][side], one["sides"]["ours"]
    more = over(runs)
    cells = [_TITLES[one["name"]], f"{one['triples']:,}", f"{one['planted']:,}", side]
    cells += [more + span(runs, key) for key in ("wall", "cpu")]
    cells.append(f"{middle(runs, 'peak'):,.0f}")
    for key in ("wall", "cpu"):
        ratio = middle(runs, key) / middle(own, key)
        cells.append("1" if side == "ours" else f"{more}{ratio:.1f}")
    return f"| {' | '.join(cells)} |"


def _tasks(figures: dict[str, Any]) -> str:
    """Tell the times of one warm process; the first round of each is left out."""
    lines = []
    for one in figures["sets"]:
        for key, what, goal in (
            ("warm", "ten records, again and again in one process", _WARM_GOAL),
            ("changed", "a hundred changed records in a store on disk", _CHANGED_GOAL),
        ):
            times = [1000 * seconds for seconds in one[key][1:]]
            if times:
                lines.append(
                    f"- {_TITLES[one['name']]}, {one['triples']:,} triples, {what}: median"
                    f" {median(times):.0f} ms ({min(times):.0f}-{max(times):.0f}; goal <= {goal})."
                )
    return "\n".join(lines)


def _goals(figures: dict[str, Any]) -> str:
    """Tell what each goal asks for and what was reached."""
    rows = [row for one in figures["sets"] for row in _of_set(one)]
    head = "| data | goal | figure | |\n|---|---|---|---|\n"
    return head + "\n".join(rows) if rows else ""


def _of_set(one: Measured) -> Iterator[str]:
    title, own = _TITLES[one["name"]], one["sides"]["ours"]
    triples = round(one["triples"], -5)
    for size, engine, times in _TIMES:
        others = [
            runs for name, runs in one["sides"].items() if name != "ours" and engine in ("", name)
        ]
        if size == triples and others:
            ratio = min(middle(runs, "wall") for runs in others) / middle(own, "wall")
            over_it = engine or "the fastest other engine"
            goal = f"{times} times as fast as {over_it} at {size:,} triples"
            yield _goal(title, goal, f"{ratio:.1f}", ratio >= times)
    if triples == _LARGE:
        wall, peak = middle(own, "wall"), middle(own, "peak")
        yield _goal(title, f"{_LARGE:,} triples in {_SECONDS} s", f"{wall:.1f}", wall <= _SECONDS)
        goal = f"{_LARGE:,} triples with {_MEBIBYTES} MiB"
        yield _goal(title, goal, f"{peak:.0f}", peak <= _MEBIBYTES)


def _goal(title: str, goal: str, figure: str, is_reached: bool) -> str:
    return f"| {title} | {goal} | {figure} | {'reached' if is_reached else 'missed'} |"


def _reading(figures: dict[str, Any]) -> str:
    counts = [len(one["sides"]["ours"]) for one in figures["sets"]]
    left = "".join(f" Not on hand: {_TITLES[name]}." for name in figures["skipped"])
    return f"""
Figures are medians of {max(counts, default=0)} runs (smallest-largest), start-up included; of
another engine once where a run took over 60 s, and none where it was stopped or the size is beyond
it. Other engines get the data and the class hierarchy as N-Triples and validate in one go.\
{left}{busy(figures["machine"])}

Ours runs `shacl` itself, on pieces, in two threads. To parse and index the text is most of the work
of that engine; ours also looks through it for where it may be cut, which nodes are chosen and which
literals are ill-formed.

{versions(figures)}."""
