from __future__ import annotations

import json
import random
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.errors import DpcError, NotConforming, NotSupported, PackageError
from dpc_kg.exchange.package import read
from dpc_kg.exchange.receipts import Receipt
from dpc_kg.exchange.receive import Hub
from dpc_kg.exchange.signing import SigningKey
from tests.exchange.conftest import FIRST, dump, every_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.exchange.conftest import Maker


def test_a_package_is_kept_shown_and_receipted(hub: Hub, maker: Maker, folder: Path) -> None:
    raw = maker.package(submission="first")
    receipt = hub.submit(raw)
    package = read(raw)
    assert dump(hub) == b"".join(sorted(package.data.splitlines(keepends=True)))
    assert hub.store.digest() == package.manifest["quadDigest"]
    assert (receipt.outcome, receipt.position, receipt.organization) == (
        "stored",
        1,
        "example-helpline",
    )
    assert (receipt.digest, receipt.graph, receipt.quads) == (package.digest, FIRST, 29)
    assert len(receipt.id) == 26
    receipt.verify(hub.verify_key)
    written = (folder / "receipts" / f"{receipt.id}.json").read_bytes()
    assert Receipt.from_json(written.removesuffix(b"\n")) == receipt
    assert json.loads(written)["extractedAt"] == "2026-01-31T00:00:00Z"
    assert hub.receipts() == hub.shown() == (receipt,)


def test_a_receipt_cannot_be_changed(hub: Hub, maker: Maker) -> None:
    receipt = hub.submit(maker.package())
    text = receipt.to_json().decode()
    for old, new in (("stored", "lost!!"), ('"position":1', '"position":2')):
        with pytest.raises(PackageError):
            Receipt.from_json(text.replace(old, new).encode()).verify(hub.verify_key)
    with pytest.raises(PackageError, match="registered key"):
        receipt.verify(SigningKey.generate().public)
    with pytest.raises(PackageError, match="not a receipt"):
        Receipt.from_json(b'{"a":1}')


def test_the_same_bytes_give_the_first_receipt(hub: Hub, maker: Maker, folder: Path) -> None:
    raw = maker.package()
    first = hub.submit(raw)
    before = every_file(folder, but=["store"])
    assert hub.submit(raw) == first
    assert every_file(folder, but=["store"]) == before
    assert hub.status().position == 1


def test_everything_is_there_after_reopening(
    folder: Path, reopen: Callable[[], Hub], maker: Maker, other: Maker
) -> None:
    with reopen() as hub:
        hub.add_organization(other.org, other.key.public)
        hub.submit(maker.package())
        gone = hub.submit(other.package())
        hub.withdraw(gone.id)
        before = (dump(hub), hub.receipts(), hub.status())
    files = every_file(folder, but=["store"])
    with reopen() as hub:
        assert (dump(hub), hub.receipts(), hub.status()) == before
        assert hub.organizations() == ("example-helpline", "other-hotline")
    assert every_file(folder, but=["store"]) == files


def refused(hub: Hub, folder: Path, raw: bytes, error: type[DpcError], match: str) -> None:
    before = every_file(folder, but=["store", "work"])
    graphs = hub.store.graphs()
    with pytest.raises(error, match=match):
        hub.submit(raw)
    with pytest.raises(error, match=match):
        hub.check(raw)
    assert every_file(folder, but=["store", "work"]) == before
    assert hub.store.graphs() == graphs
    assert not list((folder / "work").iterdir() if (folder / "work").exists() else [])


def test_an_organisation_that_is_not_registered(hub: Hub, folder: Path, other: Maker) -> None:
    refused(hub, folder, other.package(), PackageError, "not registered")


def test_a_key_that_is_not_the_organisations(hub: Hub, folder: Path, maker: Maker) -> None:
    maker.key = SigningKey.generate()
    refused(hub, folder, maker.package(), PackageError, "registered key")


def test_one_organisation_in_anothers_name(
    hub: Hub, folder: Path, maker: Maker, other: Maker
) -> None:
    hub.add_organization(other.org, other.key.public)
    maker.key = other.key
    refused(hub, folder, maker.package(), PackageError, "registered key")


@pytest.mark.parametrize("mode", ["delta", "correction"])
def test_modes_that_are_not_done_yet(hub: Hub, folder: Path, maker: Maker, mode: str) -> None:
    refused(hub, folder, maker.package(mode=mode), NotSupported, "snapshot")


def test_a_submission_name_is_not_given_twice(hub: Hub, folder: Path, maker: Maker) -> None:
    first = hub.submit(maker.package(submission="first"))
    again = maker.package(4, submission="first", sequence=2)
    refused(hub, folder, again, PackageError, "submission name")
    hub.withdraw(first.id)
    assert hub.submit(again).graph == FIRST


def test_one_violation_refuses_the_package(folder: Path, maker: Maker) -> None:
    seen: list[tuple[bytes, str]] = []

    def strict(data: Path, profile: str) -> list[str]:
        seen.append((data.read_bytes(), profile))
        return ["ReportShape-receivedAt"] * 3 + [f"Shape-{n}" for n in range(6)]

    with Hub.open(folder, validator=strict) as hub:
        raw = maker.package()
        refused(hub, folder, raw, NotConforming, r"9 violations: ReportShape-receivedAt \(3\)")
    assert seen[0] == (read(raw).data, "full")


def spoil(maker: Maker, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """Have the packages hold another text in place of one."""
    path = maker.data()
    text = path.read_text(encoding="utf-8").replace(old, new)
    path.write_text(text, encoding="utf-8", newline="")
    monkeypatch.setattr(type(maker), "data", lambda *_: path)


def test_quads_the_store_could_not_read_are_refused_before_the_journal(
    hub: Hub, folder: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(maker, monkeypatch, "codes/channel/phone", "codes/channel/%zz")
    refused(hub, folder, maker.package(), PackageError, "not well-formed")


def test_records_of_a_class_no_shape_closes_are_refused(
    hub: Hub, folder: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(maker, monkeypatch, "#HelplineContact", "#Childhood")
    refused(hub, folder, maker.package(), NotConforming, "1 classes that do not travel")


def test_the_real_shapes_pass_and_refuse(
    folder: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Hub.open(folder) as hub:
        assert hub.submit(maker.package(submission="first")).position == 1
        path = maker.data(4)
        text = path.read_text(encoding="utf-8").replace("age-band/10-12", "age-band/eleven")
        path.write_text(text, encoding="utf-8", newline="")
        monkeypatch.setattr(type(maker), "data", lambda *_: path)
        refused(hub, folder, maker.package(4), NotConforming, "HelplineContactShape-ageBand")


def test_a_byte_changed_anywhere_leaves_nothing(hub: Hub, folder: Path, maker: Maker) -> None:
    raw = maker.package()
    before = every_file(folder, but=["store", "work"])
    chance = random.Random(200)
    for _ in range(200):
        changed = bytearray(raw)
        changed[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        with pytest.raises((PackageError, NotConforming)):
            hub.submit(bytes(changed))
    assert every_file(folder, but=["store", "work"]) == before
    assert hub.store.count() == 0
    assert hub.submit(raw).position == 1


def test_check_keeps_nothing(hub: Hub, folder: Path, maker: Maker) -> None:
    before = every_file(folder, but=["store"])
    assert hub.check(maker.package()).org == "example-helpline"
    assert every_file(folder, but=["store"]) == before
    assert hub.store.count() == 0


def test_no_package_lies_in_the_folder_in_plain(hub: Hub, folder: Path, maker: Maker) -> None:
    raw = maker.package()
    hub.submit(raw)
    package = read(raw)
    parts = [b"PK\3\4", package.manifest_bytes, package.signature, b"HelplineContact", b"_:"]
    for name, content in every_file(folder, but=["store"]).items():
        for part in parts:
            assert part not in content, name
    names = {path.name for path in folder.iterdir()}
    assert names == {"journal", "store", "organizations", "receipts", "hub.key", "work"}
    assert list((folder / "work").iterdir()) == []


def test_a_new_key_takes_over(hub: Hub, folder: Path, maker: Maker) -> None:
    raw = maker.package(submission="first")
    first = hub.submit(raw)
    old = maker.package(4, submission="second")
    new_key = SigningKey.generate()
    hub.add_organization(maker.org, new_key.public)
    assert hub.submit(raw) == first
    refused(hub, folder, old, PackageError, "no longer uses")
    maker.key = new_key
    assert hub.submit(maker.package(4, submission="second")).position == 2


def test_a_key_belongs_to_one_organisation(hub: Hub, maker: Maker) -> None:
    with pytest.raises(DpcError, match="Another organisation"):
        hub.add_organization("other-hotline", maker.key.public)
    with pytest.raises(DpcError, match="cannot name"):
        hub.add_organization("../x", SigningKey.generate().public)


def test_a_hub_is_made_once_and_opened_where_it_is(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="not empty"):
        Hub.create(folder)
    with pytest.raises(DpcError, match="no hub"):
        Hub.open(tmp_path / "absent")
    with Hub.open(folder), pytest.raises(DpcError, match="Another process"):
        Hub.open(folder)


def test_status_and_snapshot(hub: Hub, maker: Maker, tmp_path: Path) -> None:
    first = hub.submit(maker.package())
    hub.submit(maker.package(5, extracted_at="2026-02-28"))
    hub.withdraw(first.id)
    status = hub.status()
    assert (status.organizations, status.live, status.withdrawn, status.shown) == (1, 1, 1, 1)
    assert (status.quads, status.position) == (hub.store.count(), 3)
    assert status.chain == hub.receipts()[-1].chain
    hub.snapshot(tmp_path / "view")
    with type(hub.store).read_only(tmp_path / "view") as view:
        assert view.digest() == hub.store.digest()


def test_the_clock_is_only_in_the_receipt(folder: Path, maker: Maker) -> None:
    def clock() -> datetime:
        return datetime(1990, 5, 6, 7, 8, 9, tzinfo=UTC)

    with Hub.open(folder, validator=lambda data, profile: [], clock=clock) as hub:
        assert hub.submit(maker.package()).received_at == "1990-05-06T07:08:09Z"


def test_threads_that_send_the_same_package_share_one_receipt(hub: Hub, maker: Maker) -> None:
    raw = maker.package()
    receipts: list[Receipt] = []
    threads = [threading.Thread(target=lambda: receipts.append(hub.submit(raw))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 6
    assert set(receipts) == set(hub.receipts())
    assert hub.status().position == 1
