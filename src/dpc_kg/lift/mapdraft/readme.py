"""The README of a draft: how to go on, and every guess that a person must look at."""

from dpc_kg.base.vocab import CODES, local_name
from dpc_kg.lift.mapdraft.choose import SourceDraft
from dpc_kg.lift.mapdraft.codes import ListDraft, lists
from dpc_kg.lift.mapdraft.observed import LOOKED_AT, Sheet

_TEXT = """# {name}: draft of a mapping

Written by `dpc-kg map init`. Nothing in it has been decided by a person: every line whose reason
begins with `draft:` in `fields.csv` and `codes.csv` is a guess. Look at it, correct it, and take
the word `draft:` away. A field that stands as `personal` never leaves your organisation.

    dpc-kg map check {name} {sources}
    dpc-kg lift --mapping {name}/mapping.rml.ttl {sources} \\
      --org ORG --dataset {name} --key-file KEY -o data.nq

To place another field, or to place one elsewhere, correct its line in `fields.csv` (status and
term) and have the mapping written anew; your own lines in both tables stay as they are:

    dpc-kg map init --again {files} -o {name}

`map check` says what is still open, with file and line. Run it until it says nothing.
"""


def readme(name: str, drafts: tuple[SourceDraft, ...]) -> str:
    """Give the text of the README."""
    shown = (f"--source {d.observed.name}=FILE.{d.observed.ending}" for d in drafts)
    files = (f"{d.observed.name}.{d.observed.ending}" for d in drafts)
    parts = [_TEXT.format(name=name, sources=" ".join(shown), files=" ".join(files))]
    parts += ["\n".join(_source(d)) for d in drafts]
    return "\n".join(parts)


def _source(draft: SourceDraft) -> list[str]:
    observed = draft.observed
    placed = sum(c.status == "placed" for c in draft.choices)
    lines = [
        f"## Source `{observed.name}`",
        "",
        f"{observed.records} records, {len(draft.choices)} fields: {placed} placed,"
        f" {len(draft.choices) - placed} personal.",
        "",
        "| guess | why, and what to look at |",
        "|---|---|",
        f"| a record is a `dpc:{local_name(draft.cls)}` | most of its fields fit"
        f"{_others(draft)}. Another one: `map init --class NAME` |",
        f"| `{draft.key.path}` is its key | it must name one record for ever, in every export |",
    ]
    if observed.sheet is not None:
        lines += _sheet(observed.sheet)
    if draft.version is not None:
        why = "of two rows with one key the later by it counts"
        lines.append(f"| `{draft.version.path}` is its version | {why} |")
    lines += [_constant(prop, value) for prop, value in draft.constants]
    lines += [
        f"| nothing fills `dpc:{local_name(p)}` | the model demands it |" for p in draft.missing
    ]
    lines += [_dates(path, *found) for path, found in _day_first(draft)]
    lines += [_list(one) for one in lists(draft)]
    if observed.records > LOOKED_AT:
        lines.append(f"| the rest is like the beginning | {LOOKED_AT} records were looked at |")
    return [*lines, ""]


def _sheet(sheet: Sheet) -> list[str]:
    where = f"| its sheet is `{sheet.title}`, its header in row {sheet.header}"
    lines = [f"{where} | so it must stay in every export; else: `map init --sheet TITLE` |"]
    if sheet.nameless:
        lines.append(
            f"| cells in columns without a header: {sheet.nameless} | they are not read: write a"
            " header above them, if they matter |"
        )
    return lines


def _others(draft: SourceDraft) -> str:
    near = ", ".join(f"`dpc:{name}`" for name in draft.others)
    return f"; near it: {near}" if near else ""


def _constant(prop: str, value: str) -> str:
    name = local_name(prop)
    if not value:
        return f"| `dpc:{name}` is your organisation | the model demands it, no field has it |"
    code = value.removeprefix(CODES)
    return f"| `dpc:{name}` is `{code}` in every record | the model demands it, no field has it |"


def _day_first(draft: SourceDraft) -> list[tuple[str, tuple[int, int]]]:
    placed = (c for c in draft.choices if c.match is not None and c.match.way == "instant")
    looks = ((c.field.path, c.field.looks) for c in placed)
    return [(path, (one.day_first, one.both_ways)) for path, one in looks if one.day_first]


def _dates(path: str, count: int, both: int) -> str:
    how = f"{both} of them can be read both ways" if both else "none can be read both ways"
    return (
        f"| `{path}` has {count} values that do not begin with the year | {how}; the lift"
        " refuses them: export dates as YYYY-MM-DD |"
    )


def _list(one: ListDraft) -> str:
    known = sum(bool(line.code) for line in one.lines)
    left = f"; too rare to be written here: {one.rare}, in cells: {one.cells}" if one.rare else ""
    return (
        f"| `{one.field}` holds codes of `{one.scheme}` | {len(one.lines)} values,"
        f" {known} with a code{left} |"
    )
