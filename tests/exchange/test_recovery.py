from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.errors import StoreError
from dpc_kg.base.vocab import GRAPH
from dpc_kg.exchange.package import read
from dpc_kg.store import EmbeddedStore, current_view
from tests.exchange.conftest import FIRST, SECOND, dump, traces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dpc_kg.exchange.receive import Hub
    from tests.exchange.conftest import Maker


def test_a_store_that_fails_is_caught_up_later(
    hub: Hub, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = maker.package(submission="first")

    def fail(*_: object) -> None:
        raise StoreError("The store cannot be written.")

    with monkeypatch.context() as patch:
        patch.setattr(type(hub.store), "load_graph", fail)
        with pytest.raises(StoreError):
            hub.submit(raw)
        with pytest.raises(StoreError):
            hub.submit(raw)
    assert hub.store.graphs() == []
    receipt = hub.submit(raw)
    assert (receipt.position, hub.store.graphs()) == (1, [FIRST])
    with monkeypatch.context() as patch:
        patch.setattr(type(hub.store), "drop_graph", fail)
        with pytest.raises(StoreError):
            hub.withdraw(receipt.id)
    assert hub.withdraw(receipt.id).of == receipt.id
    assert hub.store.graphs() == []


def test_a_store_that_lags_or_leads_is_brought_in_line_on_opening(
    folder: Path, reopen: Callable[[], Hub], maker: Maker, other: Maker
) -> None:
    with reopen() as hub:
        hub.submit(maker.package(submission="first"))
        before = dump(hub)
        foreign = f"{GRAPH}other/one"
        line = f"<{foreign}> <{foreign}> <{foreign}> <{foreign}> .\n"
        hub.store.drop_graph(FIRST)
        hub.store.load_graph(foreign, line.encode())
    for path in (folder / "receipts").iterdir():
        path.unlink()
    (folder / "receipts" / "stray.json").write_bytes(b"{}")
    with reopen() as hub:
        assert dump(hub) == before
        names = [path.name for path in (folder / "receipts").iterdir()]
        assert names == [f"{hub.receipts()[0].id}.json"]


PROGRAM = """
import os, sys
from pathlib import Path
from dpc_kg.base.platform import kill_process
from dpc_kg.exchange.receive import Hub

folder, step, *acts = sys.argv[1:]

def hook(name):
    if name == step:
        kill_process(os.getpid())

with Hub.open(Path(folder), validator=lambda data, profile: [], hook=hook) as hub:
    for act in acts:
        kind, _, name = act.partition(":")
        if kind == "submit":
            hub.submit(Path(name).read_bytes())
        elif kind == "rebuild":
            hub.rebuild()
        else:
            hub.withdraw(name)
print("done")
"""


def run_until_killed(folder: Path, step: str, *acts: str) -> None:
    command = [sys.executable, "-c", PROGRAM, str(folder), step, *acts]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0, done.stdout
    assert done.stdout == ""
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("step", "kept"),
    [
        ("checked", False),
        ("before journal", False),
        ("journal: key", False),
        ("journal: written", True),
        ("journal: synced", True),
        ("journaled", True),
        ("loaded", True),
        ("dropped", True),
    ],
)
def test_killed_while_submitting(
    folder: Path, reopen: Callable[[], Hub], maker: Maker, tmp_path: Path, step: str, kept: bool
) -> None:
    with reopen() as hub:
        first = hub.submit(maker.package(submission="first"))
    raw = maker.package(5, submission="second", extracted_at="2026-02-28")
    (tmp_path / "second.dpcsub").write_bytes(raw)
    run_until_killed(folder, step, f"submit:{tmp_path / 'second.dpcsub'}")
    with reopen() as hub:
        shown = SECOND if kept else FIRST
        assert hub.store.graphs() == [shown]
        assert len(hub.receipts()) == (2 if kept else 1)
        assert hub.receipts()[0] == first
        assert len(list((folder / "receipts").iterdir())) == len(hub.receipts())
        assert len(list((folder / "journal" / "keys").iterdir())) == len(hub.receipts())
        position = hub.submit(raw).position
        assert position == 2
        assert dump(hub) == b"".join(sorted(read(raw).data.splitlines(keepends=True)))
    assert not list((folder / "work").iterdir() if (folder / "work").exists() else [])


@pytest.mark.parametrize(
    "step",
    ["journal: written", "journal: synced", "journal: tombstone", "withdrawn", "dropped", "moved"],
)
def test_killed_while_withdrawing(
    folder: Path, reopen: Callable[[], Hub], maker: Maker, step: str
) -> None:
    with reopen() as hub:
        hub.submit(maker.package(submission="first"))
        before = dump(hub)
        raw = maker.package(5, "gone", submission="second", extracted_at="2026-02-28")
        second = hub.submit(raw)
        hub.publish()
    run_until_killed(folder, step, f"withdraw:{second.id}")
    with reopen() as hub:
        gone = hub.withdraw(second.id)
        assert gone.position == 3
        assert dump(hub) == before
        with EmbeddedStore.read_only(current_view(folder / "views")) as view:
            assert view.digest() == hub.store.digest()
    assert traces(folder, raw) == []
    keys = [path.name for path in (folder / "journal" / "keys").iterdir()]
    assert keys == ["000000000001.key"]
    names = {path.stem for path in (folder / "receipts").iterdir()}
    assert second.id not in names
    assert gone.id in names


@pytest.mark.parametrize("step", ["moved", "loaded"])
def test_killed_while_rebuilding(
    folder: Path, reopen: Callable[[], Hub], maker: Maker, step: str
) -> None:
    with reopen() as hub:
        hub.submit(maker.package())
        before = dump(hub)
    run_until_killed(folder, step, "rebuild:")
    with reopen() as hub:
        assert dump(hub) == before
    assert not (folder / "work").exists()
