"""What a hub holds now, in memory: receipts of live submissions and of withdrawals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dpc_kg.exchange.receipts import STORED, SUPERSEDED, Receipt


@dataclass(frozen=True)
class HubStatus:
    """What a hub holds: counts, the newest journal position and its hash (hex)."""

    organizations: int
    live: int
    withdrawn: int
    shown: int
    quads: int
    position: int
    chain: str


@dataclass(frozen=True)
class Held:
    """A live submission: its receipt as given, and when its data was extracted."""

    receipt: Receipt
    extracted: datetime

    @property
    def series(self) -> tuple[str, str | None]:
        """What a snapshot replaces: the data set of the organisation."""
        return self.receipt.organization, self.receipt.dataset

    @property
    def age(self) -> tuple[datetime, int, int]:
        """Order within a series: extraction, then sequence, and only then arrival."""
        return self.extracted, self.receipt.sequence or 0, self.receipt.position


class Holdings:
    """An index of the journal; the rules of what replaces what (DESIGN section 5, Updates)."""

    def __init__(self) -> None:
        self._live: dict[str, Held] = {}
        self._by_digest: dict[str, Held] = {}
        self._withdrawals: dict[str, Receipt] = {}

    def status(self, organizations: int, position: int, chain: str) -> HubStatus:
        """Count what is held, for a journal that stands at ``position``."""
        shown = self.shown().values()
        return HubStatus(
            organizations=organizations,
            live=len(self._live),
            withdrawn=len(self._withdrawals),
            shown=len(shown),
            quads=sum(receipt.quads or 0 for receipt in shown),
            position=position,
            chain=chain,
        )

    def add(self, receipt: Receipt) -> Receipt:
        """Take in the receipt of a live submission."""
        held = Held(receipt, datetime.fromisoformat(receipt.extracted_at or ""))
        self._live[receipt.id] = held
        self._by_digest[receipt.digest or ""] = held
        return receipt

    def remove(self, receipt: Receipt) -> None:
        """Forget a submission that is live no more."""
        held = self._live.pop(receipt.id)
        del self._by_digest[held.receipt.digest or ""]

    def bury(self, receipt: Receipt) -> Receipt:
        """Take in the receipt of a withdrawal."""
        self._withdrawals[receipt.of or ""] = receipt
        return receipt

    def submission(self, receipt_id: str) -> Receipt | None:
        """Give the receipt of a live submission."""
        held = self._live.get(receipt_id)
        return held.receipt if held else None

    def withdrawal(self, receipt_id: str) -> Receipt | None:
        """Give the receipt of the withdrawal of a submission, by the submission's receipt."""
        return self._withdrawals.get(receipt_id)

    def by_digest(self, digest: str) -> Receipt | None:
        """Give the receipt of the live submission with this digest."""
        held = self._by_digest.get(digest)
        return held.receipt if held else None

    def by_graph(self, graph: str) -> Receipt | None:
        """Give the receipt of the live submission that has this graph."""
        receipts = (held.receipt for held in self._live.values())
        return next((receipt for receipt in receipts if receipt.graph == graph), None)

    def receipts(self) -> tuple[Receipt, ...]:
        """Give every receipt in journal order."""
        every = [held.receipt for held in self._live.values()]
        return tuple(sorted([*every, *self._withdrawals.values()], key=lambda r: r.position))

    def shown(self) -> dict[str, Receipt]:
        """Give the submissions to show, by graph: the newest of each data set."""
        newest: dict[tuple[str, str | None], Held] = {}
        for held in self._live.values():
            known = newest.get(held.series)
            if known is None or held.age > known.age:
                newest[held.series] = held
        return {held.receipt.graph or "": held.receipt for held in newest.values()}

    def outcome(self, manifest: Mapping[str, Any]) -> str:
        """Tell what becomes of a new snapshot: a late one is kept and not shown."""
        series = (manifest["organization"], manifest["dataset"])
        age = (datetime.fromisoformat(manifest["extractedAt"]), manifest["sequence"])
        newer = any(held.series == series and held.age[:2] > age for held in self._live.values())
        return SUPERSEDED if newer else STORED
