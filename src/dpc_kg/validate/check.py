"""Check a partner's export before it leaves: lift, validate, and trace every fault to its cell."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dpc_kg.base.errors import SourceError, VacuousValidation
from dpc_kg.base.faults import SOURCE, Fault, More
from dpc_kg.lift import Lifted, LiftRequest, open_lift
from dpc_kg.lift.examples import examples_of
from dpc_kg.lift.meant import meant_codes
from dpc_kg.lift.personal import Finding, look
from dpc_kg.lift.placing import faults_of, hints_of, own_numbers
from dpc_kg.lift.tally import Settled
from dpc_kg.lift.unusable import no_rows
from dpc_kg.validate.engines import pass_results
from dpc_kg.validate.findings import CAP, Findings, withheld_by
from dpc_kg.validate.messages import kind_of
from dpc_kg.validate.pieces import CHUNK_BYTES
from dpc_kg.validate.report import CheckReport, FieldCount, Hint
from dpc_kg.validate.results import Result

LEFT_OUT = frozenset({"personal", "none", "undeclared", "key"})
"""What a field can be besides placed."""

_PERSONAL = f"{SOURCE}personal"


@dataclass(frozen=True)
class Checked:
    """A checked export, still open: its faults, the records they withhold, the lift to write from.

    ``refused`` counts the rows or records left out. ``warnings`` refuse nothing. ``results`` are
    those of the shapes, each with the fault it was traced to. Of each rule only the first faults
    are here (``findings.CAP``): ``more`` counts the others, ``withheld`` holds all records, and
    ``settled`` knows every cell.
    """

    lifted: Lifted
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    withheld: dict[str, tuple[str, ...]]
    refused: int
    results: tuple[tuple[Result, Fault], ...]
    more: tuple[More, ...]
    settled: Settled

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
    request: LiftRequest,
    *,
    profile: str = "full",
    engine: str = "auto",
    cap: int = CAP,
    chunk_bytes: int = CHUNK_BYTES,
) -> Iterator[Checked]:
    """Lift and validate an export and hold the outcome open.

    Of each rule and kind the first ``cap`` faults are told one by one. ``chunk_bytes`` changes
    speed and memory only.

    Raises:
        SourceError: a file cannot be used at all, or no table holds a row.
        MappingError: the mapping cannot be used.
        VacuousValidation: it makes nothing that any rule looks at.
    """
    with open_lift(request) as lifted, TemporaryDirectory(prefix="dpc-check-") as folder:
        data = Path(folder) / "data.nq"
        lifted.write(data)
        found = Findings(lifted, cap)
        _run(lifted, data, found, profile, engine, chunk_bytes)
        yield _checked(lifted, found)


def _run(
    lifted: Lifted, data: Path, found: Findings, profile: str, engine: str, chunk_bytes: int
) -> None:
    """Run the shapes; without a focus node only source faults can say why nothing was met."""
    try:
        pass_results(data, found, profile=profile, engine=engine, chunk_bytes=chunk_bytes)
    except VacuousValidation as e:
        if lifted.rejects:
            return
        if not lifted.read_rows and all(source.optional for source in lifted.plan.sources):
            files = sorted(f for one in lifted.loaded.values() for f in one.files)
            raise no_rows(files[0]) from e
        raise VacuousValidation(
            "The mapping makes nothing that a rule of the model looks at, so nothing was checked.",
            term=lifted.request.name,
            advice="Check its classes against docs/reference/model.md.",
        ) from e


def _checked(lifted: Lifted, found: Findings) -> Checked:
    settled = found.settle(_personal(lifted, column) for column in look(lifted))
    faults, more = settled.told()
    withheld = withheld_by(found, settled)
    return Checked(
        lifted,
        tuple(fault for fault in faults if fault.severity == "Violation"),
        tuple(fault for fault in faults if fault.severity != "Violation"),
        withheld.nodes,
        withheld.refused,
        found.results.all(),
        tuple(more),
        settled,
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
    noted = checked.settled.is_at(slips)
    notes = tuple(slip for slip, is_noted in zip(slips, noted, strict=True) if not is_noted)
    places = {fault.place for fault in checked.faults}
    likely = hints_of(lifted.rejects, lifted.loaded, places)
    hints = {place: Hint(key) for place, key in likely.items()}
    hints |= {cell.place: hint for cell, hint in listed.items()}
    headers = {one.files[0]: one.header for one in lifted.loaded.values() if one.header}
    return CheckReport(
        records=lifted.read_records,
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
        more=checked.more,
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
