"""What is withdrawn is in no file of the hub, and readers of its views are shown so at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.errors import StoreError
from dpc_kg.exchange.package import read
from dpc_kg.store import EmbeddedStore, current_view
from tests.exchange.conftest import traces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dpc_kg.exchange.receive import Hub
    from tests.exchange.conftest import Maker

LATER = "2026-02-28"


def viewed(folder: Path) -> list[str]:
    with EmbeddedStore.read_only(current_view(folder / "views")) as view:
        return view.graphs()


def test_without_views_none_are_made(hub: Hub, folder: Path, maker: Maker) -> None:
    hub.withdraw(hub.submit(maker.package()).id)
    assert not (folder / "views").exists()


def test_each_change_is_published(hub: Hub, folder: Path, maker: Maker) -> None:
    assert hub.publish() == folder / "views"
    assert viewed(folder) == []
    first = hub.submit(maker.package(seed="a"))
    assert viewed(folder) == [first.graph]
    second = hub.submit(maker.package(seed="b", extracted_at=LATER))
    assert viewed(folder) == [second.graph]
    hub.withdraw(second.id)
    assert viewed(folder) == [first.graph]
    hub.withdraw(first.id)
    assert viewed(folder) == []


def test_opening_a_hub_that_is_in_line_publishes_nothing(
    reopen: Callable[[], Hub], folder: Path, maker: Maker
) -> None:
    with reopen() as hub:
        hub.publish()
        hub.withdraw(hub.submit(maker.package()).id)
    before = current_view(folder / "views")
    inode = (folder / "store").stat().st_ino
    reopen().close()
    assert current_view(folder / "views") == before
    assert (folder / "store").stat().st_ino == inode


@pytest.mark.parametrize("records", [3, 1500], ids=["one transaction", "files of its own"])
def test_nothing_of_a_withdrawn_package_is_left_in_the_clear(
    hub: Hub, folder: Path, maker: Maker, other: Maker, records: int
) -> None:
    hub.add_organization(other.org, other.key.public)
    hub.submit(other.package(seed="kept"))
    raw = maker.package(records, "gone", submission="distinctive")
    receipt = hub.submit(raw)
    hub.publish()
    assert traces(folder, raw)
    hub.withdraw(receipt.id)
    assert traces(folder, raw) == []
    assert len(list((folder / "views").glob("view-*"))) == 1
    assert traces(folder, other.package(seed="kept"))


def test_a_withdrawn_package_that_was_replaced_before_leaves_nothing(
    hub: Hub, folder: Path, maker: Maker
) -> None:
    raw = maker.package(seed="gone", submission="first")
    first = hub.submit(raw)
    hub.publish()
    second = hub.submit(maker.package(seed="kept", extracted_at=LATER))
    hub.withdraw(first.id)
    assert traces(folder, raw) == []
    assert viewed(folder) == [second.graph]


def test_a_hub_of_before_is_purged_on_opening(
    reopen: Callable[[], Hub], folder: Path, maker: Maker
) -> None:
    """As a hub that withdrew before it was known how to purge."""
    raw = maker.package(seed="gone")
    with reopen() as hub:
        hub.withdraw(hub.submit(raw).id)
        package = read(raw)
        hub.store.load_graph(package.graph, package.data)
    (folder / "purged").unlink()
    reopen().close()
    assert traces(folder, raw) == []


def test_a_purge_that_fails_is_done_later(
    hub: Hub, folder: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = maker.package(seed="gone")
    receipt = hub.submit(raw)
    hub.publish()

    def fail(*_: object, **__: object) -> None:
        raise StoreError("An old view cannot be removed.")

    with monkeypatch.context() as patch:
        patch.setattr("dpc_kg.store.views.build_view", fail)
        with pytest.raises(StoreError):
            hub.withdraw(receipt.id)
    assert hub.withdraw(receipt.id).of == receipt.id
    assert traces(folder, raw) == []
