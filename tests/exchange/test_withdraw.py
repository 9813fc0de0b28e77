from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from dpc_kg.base.errors import PackageError
from dpc_kg.exchange.package import read
from tests.exchange.conftest import FIRST, SECOND, dump, every_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dpc_kg.exchange.receive import Hub
    from tests.exchange.conftest import Maker


def test_a_second_snapshot_replaces_the_first(hub: Hub, maker: Maker) -> None:
    cases = hub.submit(maker.package(2, "c", submission="cases", dataset="cases"))
    first = hub.submit(maker.package(submission="first"))
    second = hub.submit(maker.package(5, submission="second", extracted_at="2026-02-28"))
    assert hub.store.graphs() == sorted([cases.graph or "", SECOND])
    assert hub.receipts() == (cases, first, second)
    assert set(hub.shown()) == {cases, second}


@pytest.mark.parametrize(
    ("newer", "late"),
    [
        ({"extracted_at": "2026-02-28"}, {"extracted_at": "2026-01-31"}),
        ({"sequence": 10}, {"sequence": 9}),
        ({"extracted_at": "2026-02-28"}, {"extracted_at": "2026-01-31", "sequence": 99}),
        ({"extracted_at": "2026-02-28T00:00:00.5Z"}, {"extracted_at": "2026-02-28"}),
    ],
)
def test_a_late_snapshot_is_kept_and_not_shown(
    reopen: Callable[[], Hub], maker: Maker, newer: dict[str, Any], late: dict[str, Any]
) -> None:
    with reopen() as hub:
        kept = hub.submit(maker.package(submission="first", **newer))
        before = dump(hub)
        receipt = hub.submit(maker.package(5, submission="second", **late))
        assert (kept.outcome, receipt.outcome) == ("stored", "superseded")
        assert dump(hub) == before
        assert hub.status().live == 2
    with reopen() as hub:
        assert dump(hub) == before
        hub.withdraw(kept.id)
        assert hub.store.graphs() == [SECOND]


def test_of_two_snapshots_of_one_age_the_later_arrival_is_shown(hub: Hub, maker: Maker) -> None:
    hub.submit(maker.package(3, submission="first"))
    assert hub.submit(maker.package(4, submission="second")).outcome == "stored"
    assert hub.store.graphs() == [SECOND]


def test_withdrawing_brings_back_what_was_replaced(hub: Hub, maker: Maker) -> None:
    first = hub.submit(maker.package(submission="first"))
    before = dump(hub)
    second = hub.submit(maker.package(5, submission="second", extracted_at="2026-02-28"))
    gone = hub.withdraw(second.id)
    assert dump(hub) == before
    assert hub.shown() == (first,)
    assert (gone.outcome, gone.of, gone.position) == ("withdrawn", second.id, 3)
    gone.verify(hub.verify_key)
    hub.withdraw(first.id)
    assert hub.store.count() == 0


def test_withdrawing_twice_gives_one_receipt(reopen: Callable[[], Hub], maker: Maker) -> None:
    with reopen() as hub:
        receipt = hub.submit(maker.package())
        gone = hub.withdraw(receipt.id)
        assert hub.withdraw(receipt.id) == gone
    with reopen() as hub:
        assert hub.withdraw(receipt.id) == gone
        for unknown in ("", gone.id, "../x"):
            with pytest.raises(PackageError, match="no submission with this receipt"):
                hub.withdraw(unknown)


def test_submit_withdraw_submit(hub: Hub, maker: Maker) -> None:
    raw = maker.package()
    first = hub.submit(raw)
    before = dump(hub)
    hub.withdraw(first.id)
    assert hub.store.count() == 0
    again = hub.submit(raw)
    assert dump(hub) == before
    assert again.id != first.id
    assert (first.position, again.position) == (1, 3)
    assert again.digest == first.digest
    assert hub.submit(raw) == again


def test_a_withdrawn_package_leaves_no_trace_of_what_it_was(
    hub: Hub, folder: Path, maker: Maker
) -> None:
    raw = maker.package(submission="first")
    receipt = hub.submit(raw)
    hub.withdraw(receipt.id)
    traces = [receipt.digest, receipt.submission, receipt.dataset, "contacts", FIRST]
    for name, content in every_file(folder, but=["store"]).items():
        for trace in traces:
            assert (trace or "").encode() not in content, name
    assert list((folder / "journal" / "keys").iterdir()) == []


def test_rebuilding_gives_the_same_store_without_what_was_withdrawn(
    hub: Hub, folder: Path, maker: Maker, other: Maker
) -> None:
    hub.add_organization(other.org, other.key.public)
    gone = hub.submit(maker.package(seed="gone"))
    hub.submit(other.package(seed="kept"))
    names = {record.split(b">")[0] for record in read(maker.package(seed="gone")).data.split(b"<")}
    names = {name for name in names if b"/contact/" in name}
    hub.withdraw(gone.id)
    before = (dump(hub), hub.receipts())
    hub.rebuild()
    assert (dump(hub), hub.receipts()) == before
    assert len(names) == 3
    for content in every_file(folder).values():
        assert not any(name in content for name in names)
    assert hub.submit(maker.package(seed="gone")).outcome == "stored"


def test_random_histories_agree_with_a_model(
    reopen: Callable[[], Hub], maker: Maker, other: Maker
) -> None:
    chance = random.Random(77)
    live: dict[str, tuple[tuple[str, str], tuple[str, int, int], bytes, str]] = {}
    hub = reopen()
    hub.add_organization(other.org, other.key.public)
    for turn in range(60):
        act = chance.random()
        if act < 0.6:
            who = chance.choice([maker, other])
            dataset = chance.choice(["contacts", "cases"])
            day = f"2026-01-{chance.randrange(1, 29):02d}"
            raw = who.package(1, str(turn), dataset=dataset, extracted_at=day)
            receipt = hub.submit(raw)
            age = (day, 1, receipt.position)
            live[receipt.id] = ((who.org, dataset), age, read(raw).data, receipt.graph or "")
        elif act < 0.85 and live:
            gone = chance.choice(sorted(live))
            hub.withdraw(gone)
            del live[gone]
        else:
            hub.close()
            hub = reopen()
        newest = {
            series: max(
                (item for item in live.values() if item[0] == series), key=lambda item: item[1]
            )
            for series in {item[0] for item in live.values()}
        }
        lines = [line for item in newest.values() for line in item[2].splitlines(keepends=True)]
        assert dump(hub) == b"".join(sorted(lines))
        assert {receipt.id for receipt in hub.receipts() if not receipt.of} == set(live)
    hub.close()
