"""A seeded export of Primero: cases, incidents and transitions, as CSV and as JSON.

The tables imitate ``csv_exporter`` (raw codes, lists as Ruby literals). The folder ``json`` holds
the same records as the web service and the JSON exporter give them; it is an export of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.planted import GenerateRequest, Planted, write_planted
from dpc_kg.lift.generate.primero_cases import COLUMNS, CaseRow, case, older_version
from dpc_kg.lift.generate.primero_companions import (
    HEADERS,
    INCIDENTS,
    SLIPS,
    TRANSITIONS,
    Companion,
    Slip,
    companions,
    fitting,
)
from dpc_kg.lift.generate.primero_faults import Planting, choose
from dpc_kg.lift.generate.primero_files import FLAT, NESTED, Sheet
from dpc_kg.lift.generate.primero_values import code_lists

CASES = "cases"
IN_CASES = 40
"""How many faults stand in the cases before other files carry any."""
_JSON = {CASES: NESTED, INCIDENTS: FLAT, TRANSITIONS: FLAT}


def generate(request: GenerateRequest) -> Planted:
    """Write the tables and the folder ``json``; give what was planted in the tables.

    Some cases have an older version or an exact copy as a second row; these are no faults. A case
    does not depend on the faults but for its one wrong cell. Faults beyond ``IN_CASES`` stand in
    incidents and transitions as far as these can carry them.

    Raises:
        DpcError: more faults asked for than the export can carry.
    """
    planted = Planted("primero", request)
    sheets = {CASES: Sheet(CASES, COLUMNS)}
    sheets |= {name: Sheet(name, header) for name, header in HEADERS.items()}
    rows = [case(request.seed, request.org, n, code_lists()) for n in range(request.records)]
    slips = _slips(request, rows)
    chosen = _choose(request, rows, request.faults - len(slips)) if request.faults else {}
    _write_cases(planted, sheets[CASES], rows, chosen)
    _write_companions(planted, sheets, request, rows, slips)
    for sheet in sheets.values():
        sheet.write(request.out)
    _write_json(planted, sheets)
    return planted


def _write_cases(
    planted: Planted, sheet: Sheet, rows: Iterable[CaseRow], chosen: dict[int, Planting]
) -> None:
    twins: list[tuple[CaseRow, Planting]] = []
    for winner in rows:
        planting = chosen.get(winner.number)
        for row in _versions(winner):
            in_place = planting is not None and not planting.mistake.twin
            wrong = (planting.column, planting.text) if planting is not None and in_place else None
            at = sheet.add(row.fields, row.arrow, wrong)
            if row is winner:
                planted.unknown.extend(_unknown(winner, at))
                if planting is not None and in_place:
                    planted.faults.append(_fault(planting, at))
        if planting is not None and planting.mistake.twin:
            twins.append((winner, planting))
    for row, planting in twins:
        at = sheet.add(row.fields, row.arrow, (planting.column, planting.text))
        planted.faults.append(_fault(planting, at))


def _choose(request: GenerateRequest, rows: list[CaseRow], faults: int) -> dict[int, Planting]:
    order = list(range(request.records))
    Random(f"primero/{request.seed}/faults").shuffle(order)  # noqa: S311 - test data, not a secret
    return choose((rows[number] for number in order), faults)


def _slips(request: GenerateRequest, rows: list[CaseRow]) -> dict[str, Slip]:
    """Give the slips by the id of the record that carries them, each kind in its turn."""
    wanted = max(0, request.faults - IN_CASES)
    made: dict[str, Slip] = {}
    turn = 0
    for companion in _companions(request, rows) if wanted else ():
        kinds = [SLIPS[(turn + i) % len(SLIPS)] for i in range(len(SLIPS))]
        slip = next((s for s in kinds if fitting(companion, s)), None)
        if slip is not None and len(made) < wanted:
            made[str(companion.fields["id"])] = slip
            turn += 1
    return made


def _companions(request: GenerateRequest, rows: Iterable[CaseRow]) -> Iterator[Companion]:
    for row in rows:
        yield from companions(request.seed, request.org, row, code_lists())


def _write_companions(
    planted: Planted,
    sheets: dict[str, Sheet],
    request: GenerateRequest,
    rows: list[CaseRow],
    slips: dict[str, Slip],
) -> None:
    for companion in _companions(request, rows):
        sheet = sheets[companion.table]
        slip = slips.get(str(companion.fields["id"]))
        wrong = companion if slip is None else companion.having(slip.column, slip.make(companion))
        if slip is None or slip.twin:
            sheet.add(companion.fields, companion.arrow)
        if slip is not None:
            at = sheet.add(wrong.fields, companion.arrow)
            column = slip.blamed or slip.column
            file = f"{companion.table}.csv"
            planted.faults.append(Fault(file, None, at, column, slip.kind, slip.rules))


def _write_json(planted: Planted, sheets: dict[str, Sheet]) -> None:
    """Write the same records as JSON, with what of the faults JSON can hold."""
    out = planted.request.out / "json"
    out.mkdir(exist_ok=True)
    for name, sheet in sheets.items():
        sheet.write_json(out, _JSON[name])
    faults = [_in_json(f) for f in planted.faults if "source:column-count" not in f.rules]
    unknown = [{**u, "file": _renamed(u["file"]), "row": u["row"] - 1} for u in planted.unknown]
    write_planted(replace(planted, faults=faults, unknown=unknown), out)


def _in_json(fault: Fault) -> Fault:
    return replace(fault, file=_renamed(fault.file), row=(fault.row or 0) - 1)


def _renamed(file: str) -> str:
    return file.removesuffix(".csv") + ".json"


def _versions(winner: CaseRow) -> Iterator[CaseRow]:
    """Give the rows of a case; the older version stands on either side of the one that wins."""
    if winner.superseded and winner.number % 2:
        yield older_version(winner)
    yield winner
    if winner.superseded and winner.number % 2 == 0:
        yield older_version(winner)
    if winner.copied:
        yield winner.having("id", winner.fields["id"])


def _fault(planting: Planting, at: int) -> Fault:
    mistake = planting.mistake
    return Fault("cases.csv", None, at, planting.blamed, mistake.kind, mistake.rules)


def _unknown(row: CaseRow, at: int) -> list[dict[str, Any]]:
    return [{"file": "cases.csv", "row": at, "column": column} for column in row.unknown]
