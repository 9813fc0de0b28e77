"""A mapping against the files given with it: fields nobody decided about, dates, keys."""

from collections.abc import Iterator

from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.mapdraft.findings import FIELDS, NOTE, OPEN, Finding
from dpc_kg.lift.mapdraft.observed import Field, Observed
from dpc_kg.lift.plan import Call, Plan, calls, references
from dpc_kg.lift.privacy import Decisions

_MOMENTS = frozenset({"instant", "period", "seconds", "within"})


def found_in_files(
    plan: Plan, decisions: Decisions, observed: dict[str, Observed]
) -> Iterator[Finding]:
    """Give what the files hold that the mapping does not know or cannot read."""
    for name, file in observed.items():
        if _has_header(name, file, plan):
            yield from _undeclared(name, file, decisions)
        yield from _absent(name, file, plan)
        yield from _dates(name, file, plan)
        yield from _key(name, file, plan)
        yield from _looks_personal(name, file, plan)


def _has_header(name: str, file: Observed, plan: Plan) -> bool:
    """Tell whether a table has a header; else its names may be cells of a record, and not shown."""
    read = _read(name, plan)
    return file.formulation != "CSV" or not read or any(f.path in read for f in file.fields)


def _undeclared(name: str, file: Observed, decisions: Decisions) -> Iterator[Finding]:
    for field in file.fields:
        if field.cells and decisions.decide(name, field.path) is None:
            message = f"Nothing is decided about this field: {field.cells} cells are left out."
            advice = f"Add a line to {FIELDS}: placed, personal or none."
            yield Finding(OPEN, "undeclared", message, advice, file.file, None, field.path)


def _absent(name: str, file: Observed, plan: Plan) -> Iterator[Finding]:
    """Give the columns that are read and not in the table; in a document it would be a blank."""
    there = {f.path for f in file.fields}
    for path in sorted(_read(name, plan) - there):
        if file.formulation == "CSV":
            message = "The mapping reads this column, and the file has none of this name."
            advice = "Write its header as the file does, or export it."
            yield Finding(OPEN, "no-column", message, advice, file.file, file.header, path)


def _read(name: str, plan: Plan) -> set[str]:
    """Give the paths that the views of a source read outside of iterables."""
    return {
        declared_path(plan, view, field)
        for view in plan.views
        if view.source == name and not view.iterables
        for field, reference in view.fields
        if field != "#" and reference not in {"", "~"}
    }


def _dates(name: str, file: Observed, plan: Plan) -> Iterator[Finding]:
    fields = {f.path: f for f in file.fields}
    for path in sorted(_moments(name, plan) & set(fields)):
        count, both = fields[path].looks.day_first, fields[path].looks.both_ways
        if count:
            how = f"{both} of them can be read both ways" if both else "none can be read both ways"
            message = f"{count} dates do not begin with the year; {how}."
            advice = "Export them as YYYY-MM-DD: the lift refuses what it would have to guess."
            yield Finding(OPEN, "date-order", message, advice, file.file, None, path)


def _moments(name: str, plan: Plan) -> set[str]:
    """Give the paths of a source that are read as points in time."""
    found = set()
    for triples in plan.maps:
        view = plan.view(triples.view)
        if view.source != name:
            continue
        for pair in triples.pairs:
            for call in calls(pair.object.expression):
                if call.function in _MOMENTS:
                    found |= {declared_path(plan, view, f) for f in _times(call)}
    return found


def _times(call: Call) -> list[str]:
    wanted = ("value",) if call.function in {"instant", "period"} else ("from", "to")
    return [f for n in wanted if (arg := call.arg(n)) is not None for f in references(arg)]


def _key(name: str, file: Observed, plan: Plan) -> Iterator[Finding]:
    source = plan.source(name)
    key = _field(file, source.key)
    if key is None:
        return
    again = sum(key.values.values()) - len(key.values)
    if again and source.version is None:
        message = f"{again} records repeat the key of another, and no field says which is later."
        advice = "Name such a field with dpcf:recordVersion, or choose another key."
        yield Finding(OPEN, "key-repeats", message, advice, file.file, None, key.path)


def _field(file: Observed, reference: str | None) -> Field | None:
    return next((f for f in file.fields if reference in (f.reference, f.path)), None)


def _looks_personal(name: str, file: Observed, plan: Plan) -> Iterator[Finding]:
    """Give the fields that are read although their cells look like contact data or free text."""
    for field in file.fields:
        if field.path not in _read(name, plan) or field is _field(file, plan.source(name).key):
            continue
        if field.looks.contact or field.looks.text:
            message = "The mapping reads this field, and its cells look personal."
            advice = "Be sure that only codes, times or keyed names are made of it."
            yield Finding(NOTE, "looks-personal", message, advice, file.file, None, field.path)
