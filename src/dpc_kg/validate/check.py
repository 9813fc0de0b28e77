"""Check a partner's export before it leaves: lift, validate, and trace every fault to its cell."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dpc_kg.base.errors import SourceError, VacuousValidation
from dpc_kg.base.faults import SOURCE, Fault, merge
from dpc_kg.lift import Lifted, LiftRequest, open_lift
from dpc_kg.lift.examples import examples_of
from dpc_kg.lift.meant import meant_codes
from dpc_kg.lift.personal import Finding, look
from dpc_kg.lift.placing import faults_of, hints_of, own_numbers
from dpc_kg.lift.trace import Asked, Place
from dpc_kg.lift.unusable import no_rows
from dpc_kg.validate.engines import validate_quads
from dpc_kg.validate.messages import kind_of
from dpc_kg.validate.report import CheckReport, FieldCount, Hint
from dpc_kg.validate.results import Result
from dpc_kg.validate.rules import rules

LEFT_OUT = frozenset({"personal", "none", "undeclared", "key"})
"""What a field can be besides placed."""

_TWIN = f"{SOURCE}duplicate"
_PERSONAL = f"{SOURCE}personal"


@dataclass(frozen=True)
class Checked:
    """A checked export, still open: its faults, the records they withhold, the lift to write from.

    ``refused`` counts the rows or records left out. ``warnings`` refuse nothing. ``results`` are
    those of the shapes, each with the fault it was traced to.
    """

    lifted: Lifted
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    withheld: dict[str, list[str]]
    refused: int
    results: tuple[tuple[Result, Fault], ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether every record may be sent."""
        return not self.faults

    @property
    def personal(self) -> tuple[Fault, ...]:
        """The columns that look personal though the mapping reads them: nothing may leave."""
        return tuple(fault for fault in self.faults if fault.looks)

    def write(self, out: Path) -> int:
        """Write the quads of the records that may be sent; give how many."""
        return self.lifted.write(out, set(self.withheld))


@contextmanager
def check(
    request: LiftRequest, *, profile: str = "full", engine: str = "auto"
) -> Iterator[Checked]:
    """Lift and validate an export and hold the outcome open.

    Raises:
        SourceError: a file cannot be used at all, or no table holds a row.
        MappingError: the mapping cannot be used.
        VacuousValidation: it makes nothing that any rule looks at.
    """
    with open_lift(request) as lifted, TemporaryDirectory(prefix="dpc-check-") as folder:
        data = Path(folder) / "data.nq"
        lifted.write(data)
        results = _results(lifted, data, profile, engine)
        yield _checked(lifted, results)


def _results(lifted: Lifted, data: Path, profile: str, engine: str) -> tuple[Result, ...]:
    """Run the shapes; without a focus node only source faults can say why nothing was met."""
    try:
        return validate_quads(data, profile=profile, engine=engine).results
    except VacuousValidation as e:
        if lifted.rejects:
            return ()
        if not lifted.read_rows and all(source.optional for source in lifted.plan.sources):
            files = sorted(f for one in lifted.loaded.values() for f in one.files)
            raise no_rows(files[0]) from e
        raise VacuousValidation(
            "The mapping makes nothing that a rule of the model looks at, so nothing was checked.",
            term=lifted.request.name,
            advice="Check its classes against docs/reference/model.md.",
        ) from e


def _checked(lifted: Lifted, results: tuple[Result, ...]) -> Checked:
    traced = _traced(lifted, results)
    sourced = lifted.faults(kind_of)
    told = tuple(zip(results, traced, strict=True))
    traced += [_personal(lifted, found) for found in look(lifted)]
    violations = merge([*sourced, *(f for f in traced if f.severity == "Violation")])
    warnings = merge(f for f in traced if f.severity != "Violation")
    withheld: dict[str, list[str]] = {r: [_TWIN] for r in lifted.refused_records}
    for fault in violations:
        if fault.record is not None:
            _add(withheld, fault.record, fault.rules)
    # the rows of a contradicted record are that one record, however many they are
    own = [f for f in violations if f.record is None and not f.looks]
    loose = {(f.file, f.row) for f in own if f.rule != _TWIN}
    refused = len(withheld) + len(loose)
    _withhold_beside_records(lifted, violations, results, withheld)
    return Checked(lifted, tuple(violations), tuple(warnings), withheld, refused, told)


def _withhold_beside_records(
    lifted: Lifted,
    violations: list[Fault],
    results: tuple[Result, ...],
    withheld: dict[str, list[str]],
) -> None:
    """Withhold what no record takes along: nodes of rows without one, and shared nodes."""
    rows: dict[tuple[str, int], list[str]] = {}
    for fault in violations:
        if fault.record is None and fault.row is not None:
            rows.setdefault((fault.file, fault.row), []).extend(fault.rules)
    broken: dict[str, list[str]] = {}
    for result in results:
        if result.is_violation:
            _add(broken, result.focus, (result.rule,))
    made, shared = lifted.beside_records(rows, broken)
    for row, nodes in made.items():
        for node in nodes:
            _add(withheld, node, rows[row])
    for node in shared:
        _add(withheld, node, broken[node])


def _add(withheld: dict[str, list[str]], record: str, rules: Iterable[str]) -> None:
    known = withheld.setdefault(record, [])
    known += [r for r in dict.fromkeys(rules) if r not in known]


def _traced(lifted: Lifted, results: tuple[Result, ...]) -> list[Fault]:
    """Give the validation results as faults, each at the cell that made it."""
    blamed = rules()
    wanted: list[Asked] = []
    for result in results:
        rule = blamed.get(result.rule)
        other = rule.blames if rule else None
        if other and other != result.path:
            wanted.append(Asked(result.focus, other))
        else:
            wanted.append(Asked(result.focus, result.path, result.value))
    places = lifted.trace().places(wanted)
    return [_fault(result, places.get(key)) for result, key in zip(results, wanted, strict=True)]


def _fault(result: Result, place: Place | None) -> Fault:
    kind = kind_of(result.component, result.rule)
    severity = result.severity.rsplit("#", 1)[-1]
    if place is None:
        return Fault("", None, None, None, kind, (result.rule,), result.focus, severity)
    return Fault(
        place.file,
        place.sheet,
        place.row,
        place.column,
        kind,
        (result.rule,),
        place.record,
        severity,
        letter=place.letter,
    )


def _personal(lifted: Lifted, found: Finding) -> Fault:
    """Give the fault of a column that looks personal; one that is dropped anyway is a warning."""
    return Fault(
        found.file,
        lifted.loaded[found.source].sheet,
        None,
        found.column,
        kind_of(_PERSONAL),
        (_PERSONAL,),
        severity="Violation" if found.refuses else "Warning",
        looks=found.looks,
        rows=found.rows,
    )


def unusable(error: SourceError) -> tuple[Fault, ...]:
    """Give the faults of a file that cannot be used at all: one, or one a column."""
    rule = f"{SOURCE}{error.rule}"
    columns = error.columns or (error.column,)
    return tuple(
        Fault(
            error.file or "",
            error.where.sheet,
            error.row,
            column,
            kind_of(rule),
            (rule,),
            line=error.line,
        )
        for column in columns
    )


def check_report(checked: Checked) -> CheckReport:
    """Give the report of a checked export."""
    lifted = checked.lifted
    left_out = [c for c in lifted.fields() if c.status in LEFT_OUT and c.cells]
    slips, listed = _slips(lifted)
    noted = {(f.file, f.row, f.column) for f in (*checked.faults, *checked.warnings)}
    notes = tuple(f for f in slips if (f.file, f.row, f.column) not in noted)
    hints = {place: Hint(key) for place, key in hints_of(lifted.rejects, lifted.loaded).items()}
    hints |= {cell.place: hint for cell, hint in listed.items()}
    headers = {one.files[0]: one.header for one in lifted.loaded.values() if one.header}
    return CheckReport(
        records=lifted.read_rows,
        refused=checked.refused,
        faults=checked.faults,
        warnings=checked.warnings,
        dropped=tuple(FieldCount(c.path, c.cells, c.source, c.status) for c in left_out),
        unknown=tuple(FieldCount(u.path, u.cells, u.source, "unknown") for u in lifted.unknown()),
        headers=headers,
        notes=notes,
        numbers=own_numbers(
            lifted.con,
            lifted.plan,
            lifted.loaded,
            lifted.decisions,
            _rows([*checked.faults, *checked.warnings, *notes]),
        ),
        hints=hints,
        examples=examples_of(lifted.con, lifted.plan, lifted.loaded) if checked.faults else {},
        results=checked.results,
    )


def _slips(lifted: Lifted) -> tuple[list[Fault], dict[Fault, Hint]]:
    """Give the cells that are like a code of their list without being one, and that code."""
    meant = meant_codes(lifted.con, lifted.plan, lifted.resolved.values(), lifted.loaded)
    told = [m for m in meant if m.listed is not None]
    cells = faults_of([m.cell for m in told], lifted.loaded, {}, kind_of)
    cells = [replace(cell, severity="Info") for cell in cells]
    return cells, {c: Hint("code", m.listed or "") for c, m in zip(cells, told, strict=True)}


def _rows(faults: Iterable[Fault]) -> set[tuple[str, str | None, int]]:
    return {(fault.file, fault.sheet, fault.row) for fault in faults if fault.row is not None}


def unusable_report(error: SourceError) -> CheckReport:
    """Give the report of an export one of whose files cannot be used at all."""
    name = error.file or ""
    headers = {} if name.endswith((".json", ".xml")) else {name: ()}
    return CheckReport(records=0, refused=0, faults=unusable(error), headers=headers)
