"""A synthetic export of an Aselo helpline's cases, beside the contacts that led to them."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.aselo_case import case
from dpc_kg.lift.generate.aselo_contact import Document, ExportFile, contact, moment
from dpc_kg.lift.generate.planted import GenerateRequest, Planted, refuse_overlap

_DATA = "sectionTypeSpecificData"


@dataclass(frozen=True)
class Mistake:
    """One wrong cell: its kind, the rules it trips, its path and its wrong value."""

    kind: str
    rules: tuple[str, ...]
    path: tuple[str, ...]
    value: Callable[[Document], Any]

    @property
    def column(self) -> str:
        """The cell's path from the record, as a report writes it."""
        return ".".join(self.path).replace(".[", "[")

    def spoil(self, document: Document) -> Document:
        """Give the case with this mistake."""
        made = deepcopy(document)
        node: Any = made
        for step in self.path[:-1]:
            node = node[0] if step == "[0]" else node[step]
        node[self.path[-1]] = self.value(document)
        return made


def _section(kind: str, *rest: str) -> tuple[str, ...]:
    return ("sections", kind, "[0]", *rest)


def _day_first(document: Document) -> str:
    return moment(document["createdAt"]).strftime("%d/%m/%Y")


def _referred_day_first(document: Document) -> str:
    data = document["sections"]["referral"][0][_DATA]
    if isinstance(data["referredTo"], list) or data["hotlineList"]:
        raise LookupError  # the date stands for several referrals
    return _day_first(document)


def _no_such_day(document: Document) -> str:
    return f"{document['createdAt'][:4]}-02-30"


_RECEIVED = ("CaseShape-receivedAt", "CaseShape-receivedAtPrecision")

MISTAKES: tuple[Mistake | None, ...] = (
    Mistake("missing", ("source:missing-key",), ("id",), lambda _: None),
    Mistake(
        "missing", ("CaseShape-hasStatus", "StatusEntryShape-hasStatus"), ("status",), lambda _: ""
    ),
    Mistake("missing", _RECEIVED, ("createdAt",), lambda _: None),
    Mistake("format", ("source:date",), ("info", "followUpDate"), _no_such_day),
    Mistake("format", ("source:date-order",), ("info", "followUpDate"), _day_first),
    Mistake("format", ("source:date",), _section("incident", _DATA, "date"), _no_such_day),
    Mistake("range", ("source:age",), _section("perpetrator", _DATA, "age"), lambda _: "212"),
    Mistake("range", ("source:age",), _section("household", _DATA, "age"), lambda _: "abc"),
    Mistake(
        "format", ("source:date-order",), _section("referral", _DATA, "date"), _referred_day_first
    ),
    None,  # written twice: one key and version, other content
)


def generate(request: GenerateRequest) -> Planted:
    """Write cases and as many contacts below ``request.out/hrm-data``; give what was planted.

    Contacts are without mistakes. The same seed and size give the same bytes.

    Raises:
        DpcError: too few records for the faults, or an overlap was asked for.
    """
    refuse_overlap(request)
    if request.faults > request.records:
        raise DpcError("There are too few cases for that many mistakes.")
    order = list(range(request.records))
    Random(f"aselocases:{request.seed}:faults").shuffle(order)  # noqa: S311
    spoilt = {index: number for number, index in enumerate(order[: request.faults])}
    planted = Planted("aselo", request)
    for index in range(request.records):
        good = contact(request.seed, index)
        _write(request, good.current, *good.others)
        planted.unknown.extend(
            {"file": good.current.path, "row": 1, "column": column} for column in good.unknown
        )
        _write_case(request, planted, index, spoilt.get(index))
    return planted


def _write_case(request: GenerateRequest, planted: Planted, index: int, number: int | None) -> None:
    good = case(request.seed, index)
    if number is None:
        _write(request, good.file)
        planted.unknown.extend(
            {"file": good.file.path, "row": 1, "column": column} for column in good.unknown
        )
        return
    plain = case(request.seed, index, unknown=False).file
    mistake, document = _spoilt(number, plain.document)
    if mistake is None:
        twin = deepcopy(plain.document)
        twin["info"]["childIsAtRisk"] = not twin["info"]["childIsAtRisk"]
        later = ExportFile(plain.path.replace("/cases/", "/late/cases/"), twin)
        _write(request, plain, later)
        fault = Fault(later.path, None, 1, "id", "duplicate", ("source:duplicate",))
    else:
        _write(request, ExportFile(plain.path, document))
        fault = Fault(plain.path, None, 1, mistake.column, mistake.kind, mistake.rules)
    planted.faults.append(fault)


def _spoilt(number: int, document: Document) -> tuple[Mistake | None, Document]:
    """Give the mistake of that number, or the next that this case has a cell for."""
    while True:
        mistake = MISTAKES[number % len(MISTAKES)]
        try:
            return mistake, mistake.spoil(document) if mistake else document
        except LookupError:
            number += 1


def _write(request: GenerateRequest, *files: ExportFile) -> None:
    for file in files:
        path = request.out / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content())
