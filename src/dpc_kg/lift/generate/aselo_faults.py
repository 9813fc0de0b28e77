"""The mistakes planted in a synthetic Aselo export: each is one wrong cell of one contact.

A mistake is a function from a correct contact to the wrong one, or ``None`` where the contact
has no such cell.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.aselo_contact import (
    Contact,
    Document,
    ExportFile,
    contact,
    moment,
    path_of,
    stamp,
)

_HELPLINE, _REFERRAL = "HelplineContactShape-", "ReferralShape-"


@dataclass(frozen=True)
class Spoilt:
    """A contact with its mistake: the files to write, and where the mistake is."""

    files: tuple[ExportFile, ...]
    fault: Fault


@dataclass(frozen=True)
class Mistake:
    """A kind of mistake: its place, the rules it trips, and the wrong value of the cell.

    ``value`` gives the wrong value, or raises ``LookupError`` where there is no such cell.
    ``step`` names an array whose last element holds the cell.
    """

    kind: str
    rules: tuple[str, ...]
    path: tuple[str, ...]
    value: Callable[[Document], object]
    step: str | None = None

    def __call__(self, correct: Contact) -> Spoilt | None:
        """Give the contact with this mistake, or nothing if it has no such cell."""
        document = deepcopy(correct.current.document)
        try:
            holder, prefix = _holder(document, self.step, self.path[:-1])
            holder[self.path[-1]] = self.value(document)
        except LookupError:
            return None
        column = prefix + ".".join(self.path)
        spoilt = ExportFile(correct.current.path, document)
        fault = Fault(spoilt.path, None, 1, column, self.kind, self.rules)
        return Spoilt((spoilt, *correct.others), fault)


def _holder(
    document: Document, step: str | None, path: tuple[str, ...]
) -> tuple[dict[str, Any], str]:
    node: Any = document
    prefix = ""
    if step is not None:
        last = len(node[step]) - 1
        node, prefix = node[step][last], f"{step}[{last}]."
    for name in path:
        node = node[name]
    return node, prefix


def _written_twice(correct: Contact) -> Spoilt | None:
    """Write the contact again in a later folder: same id and version, another duration."""
    document = deepcopy(correct.current.document)
    document["conversationDuration"] += 30
    later = moment(document["updatedAt"]) + timedelta(days=2)
    twin = ExportFile(path_of(document["id"], later), document)
    fault = Fault(twin.path, None, 1, "id", "duplicate", ("source:duplicate",))
    return Spoilt((correct.current, *correct.others, twin), fault)


def _day_first(document: Document) -> str:
    return moment(document["timeOfContact"]).strftime("%d/%m/%Y %H:%M")


def _two_days_before(document: Document) -> str:
    return stamp(moment(document["timeOfContact"]) - timedelta(days=2))


def _no_such_day(document: Document) -> str:
    return f"{document['timeOfContact'][:4]}-02-30T10:00:00.000Z"


def _age(document: Document) -> str:
    if not document["rawJson"]["childInformation"]:
        raise LookupError
    return "212"


def _no_channel(document: Document) -> None:
    if document["rawJson"]["contactlessTask"]["channel"]:
        raise LookupError  # an offline contact has its channel in another cell


_CHILD_AGE = ("rawJson", "childInformation", "age")
_RECEIVED = (f"{_HELPLINE}receivedAt", f"{_HELPLINE}receivedAtPrecision")
_SENT = (f"{_REFERRAL}sentAt", f"{_REFERRAL}sentAtPrecision")
_SECONDS = (f"{_REFERRAL}reportToReferralSeconds",)

# one of each kind first, those that fit few contacts before the others
MISTAKES: tuple[Callable[[Contact], Spoilt | None], ...] = (
    Mistake("reference", ("source:reference",), ("contactId",), lambda _: "1", "csamReports"),
    Mistake("order", _SECONDS, ("referredAt",), _two_days_before, "referrals"),
    _written_twice,
    Mistake("format", ("source:date-order",), ("timeOfContact",), _day_first),
    Mistake("range", ("source:age",), _CHILD_AGE, _age),
    Mistake("missing", _RECEIVED, ("timeOfContact",), lambda _: None),
    Mistake("missing", _SENT, ("referredAt",), lambda _: None, "referrals"),
    Mistake("format", ("source:date",), ("referredAt",), _no_such_day, "referrals"),
    Mistake("missing", (f"{_HELPLINE}channel",), ("channel",), _no_channel),
    Mistake("missing", ("source:missing-key",), ("id",), lambda _: None),
    Mistake("range", (f"{_HELPLINE}contactSeconds",), ("conversationDuration",), lambda _: -5),
    Mistake("missing", (f"{_HELPLINE}callType",), ("rawJson", "callType"), lambda _: ""),
    Mistake("format", ("source:number",), ("conversationDuration",), lambda _: "7 min"),
)


def plan(seed: int, records: int, faults: int) -> dict[int, Spoilt]:
    """Choose the contacts that get a mistake, by index: ``faults`` of them, spread over the kinds.

    Contacts with earlier versions or unknown codes stay as they are: their cells have a meaning
    of their own.

    Raises:
        DpcError: there are too few contacts for that many mistakes.
    """
    wanted = Counter(number % len(MISTAKES) for number in range(faults))
    chosen: dict[int, Spoilt] = {}
    spare: list[int] = []
    for index in _order(seed, records):
        if not wanted:
            break
        if found := _first(seed, index, sorted(wanted)):
            number, chosen[index] = found
            wanted -= Counter([number])
        else:
            spare.append(index)
    _fill(seed, spare, wanted.total(), chosen)
    return chosen


def _fill(seed: int, spare: list[int], left: int, chosen: dict[int, Spoilt]) -> None:
    """Where too few contacts have the cell of a kind, plant another kind instead."""
    for index in spare:
        if not left:
            return
        if found := _first(seed, index, range(len(MISTAKES))):
            chosen[index] = found[1]
            left -= 1
    if left:
        raise DpcError(
            "There are too few contacts for that many mistakes.",
            advice="Ask for more records or fewer faults: one record in three can hold a fault.",
        )


def _first(seed: int, index: int, numbers: Iterable[int]) -> tuple[int, Spoilt] | None:
    candidate = contact(seed, index)
    if candidate.others or candidate.unknown:
        return None
    for number in numbers:
        if spoilt := MISTAKES[number](candidate):
            return number, spoilt
    return None


def _order(seed: int, records: int) -> list[int]:
    order = list(range(records))
    Random(f"aselo:{seed}:faults").shuffle(order)  # noqa: S311
    return order
