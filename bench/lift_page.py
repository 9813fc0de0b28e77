"""The section of the lift on the page of the benches, from its raw figures."""

from typing import Any

from bench.page import busy, middle, over, paragraphs, span, versions

_HEAD = """\
| export | side | wall s | CPU s | peak MiB | CPU over ours | goal | triples |
|---|---|---|---|---|---|---|---|
"""
_MAPLIB_GOAL = 5
_FLOOR_GOAL = 2.0
_LOAD_GOAL = 1.2
_PEAK_GOAL = 600
_FLAT = 1.1
_FLAT_PEAK = 1.5

Measured = dict[str, Any]


def lift_section(figures: dict[str, Any]) -> str:
    """Give the section in Markdown."""
    return paragraphs(_intro(figures), _table(figures), _goals(figures), _reading(figures))


def _intro(figures: dict[str, Any]) -> str:
    sizes = "\n".join(
        f"- {one['title']}: {one['records']:,} records, {one['bytes_in'] / 1e6:.1f} MB, become"
        f" {one['triples']:,} triples ({one['bytes_out'] / 1e6:.0f} MB)."
        for one in figures["exports"]
    )
    return f"""
## The lift alone

Written by `python -m bench.lift`. Made-up exports: case rows that name their workers by a code
(a join), nested contacts with lists and nulls, reports with items. Peers run in environments of
their own, on the same files and the same rules.

{sizes}"""


def _table(figures: dict[str, Any]) -> str:
    rows = []
    for one in figures["exports"]:
        for name, side in one["sides"].items():
            if name != "load alone" and name != "lift and load":
                rows.append(_row(one, name, side))
    return _HEAD + "\n".join(rows)


def _row(one: Measured, name: str, side: dict[str, Any]) -> str:
    runs = side["runs"]
    more = over(runs)
    own = middle(one["sides"]["ours"]["runs"], "cpu")
    ratio = f"{more}{middle(runs, 'cpu') / own:.2f}" if name != "ours" else "1"
    goal = {"morph-kgc": f">= {one['goal']:g}", "maplib": f">= {_MAPLIB_GOAL}"}.get(name, "")
    cells = [one["title"], name, more + span(runs, "wall"), more + span(runs, "cpu")]
    cells += [f"{middle(runs, 'peak'):,.0f}", ratio, goal, _share(name, side)]
    return f"| {' | '.join(cells)} |"


def _share(name: str, side: dict[str, Any]) -> str:
    share = side["share"]
    if name == "ours" or name == "bytes written":
        return ""
    if share is None:
        return "not compared"
    if share["ours"] == share["both"] == share["other"]:
        return "equal"
    equal = f"{100 * share['both'] / share['ours']:.1f} % of ours"
    if share["other"] == share["both"]:
        return equal
    return f"{100 * share['other'] / share['ours']:.1f} % in number, {equal} in the same form"


def _goals(figures: dict[str, Any]) -> str:
    cases = next((one for one in figures["exports"] if one["name"] == "cases"), None)
    if cases is None:
        return ""
    sides = {name: side["runs"] for name, side in cases["sides"].items()}
    floor = middle(sides["ours"], "cpu") / middle(sides["built by hand"], "cpu")
    loads = middle(sides["lift and load"], "wall") / middle(sides["load alone"], "wall")
    memory = middle(sides["ours"], "peak") / middle(sides["maplib"], "peak")
    lines = [
        f"- CSV, CPU of ours over the plan made by hand: {floor:.2f} (goal <= {_FLOOR_GOAL:g}).",
        f"- CSV, peak of ours over that of maplib: {memory:.2f} (goal <= 1).",
        f"- Lift and load, wall over load alone: {loads:.2f} (goal <= {_LOAD_GOAL:g});"
        f" {span(sides['lift and load'], 'wall')} s and {span(sides['load alone'], 'wall')} s.",
    ]
    grown = figures["grown"]
    if grown:
        lines.append(_growth(cases, grown))
    return "\n".join(lines)


def _growth(cases: Measured, grown: Measured) -> str:
    """Tell whether ten times the rows take ten times the CPU, and the same memory."""
    small, large = (one["sides"]["ours"]["runs"] for one in (cases, grown))
    each = middle(large, "cpu") / grown["records"]
    more = each / (middle(small, "cpu") / cases["records"])
    memory = middle(large, "peak") / middle(small, "peak")
    return (
        f"- CSV of {grown['records']:,} rows ({grown['bytes_out'] / 1e9:.2f} GB out):"
        f" {span(large, 'wall')} s, CPU {span(large, 'cpu')} s,"
        f" peak {middle(large, 'peak'):,.0f} MiB"
        f" (goal <= {_PEAK_GOAL}), {memory:.2f} of that of {cases['records']:,} rows:"
        f" {_state(memory, _FLAT_PEAK)}; CPU a row {more:.2f} of theirs: {_state(more, _FLAT)}."
    )


def _state(ratio: float, most: float) -> str:
    return "flat" if ratio <= most else "not flat"


def _reading(figures: dict[str, Any]) -> str:
    counts = sorted({len(one["sides"]["ours"]["runs"]) for one in figures["exports"]})
    machine = figures["machine"]
    return f"""
Figures are medians of {counts[-1]} runs (smallest-largest), start-up included; of a peer once where
a run took over 60 s. CPU is user and system time of the whole process tree; the peak is that of its
largest process. The plan made by hand is SQL written for these rows alone; the bytes written are
those of our file, by a process that does nothing else. Lift and load is two processes with a pipe
between them. morph-kgc leaves out what stands beside a null in a JSON object. maplib has
no RML and types its columns: its rules are written by hand in stOTTR, and moments, numbers and
languages come out in another form.{busy(machine)}

{versions(figures)}."""
