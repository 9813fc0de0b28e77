from pathlib import Path

import pytest

from dpc_kg.base.errors import StoreError
from dpc_kg.store.embedded import EmbeddedStore
from dpc_kg.store.views import KEPT, POINTER, build_view, current_view

GRAPH = "https://w3id.org/dpc/graph/org-a/one"


def quad(number: int) -> bytes:
    return f'<a:s> <a:p> "{number}" <{GRAPH}> .\n'.encode()


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore.open(tmp_path / "store")


def test_readers_follow_the_pointer(store: EmbeddedStore, tmp_path: Path) -> None:
    views = tmp_path / "views"
    for number in range(KEPT + 3):
        store.load_graph(GRAPH, quad(number))
        assert build_view(store, views) == current_view(views)
        with EmbeddedStore.read_only(current_view(views)) as view:
            assert view.count() == number + 1
            assert view.digest() == store.digest()
    assert len(list(views.glob("view-*"))) == KEPT + 1


def test_older_views_go_at_once_where_none_is_kept(store: EmbeddedStore, tmp_path: Path) -> None:
    views = tmp_path / "views"
    for _ in range(3):
        build_view(store, views)
    view = build_view(store, views, kept=0)
    assert list(views.glob("view-*")) == [view]


def test_a_view_that_goes_while_it_is_looked_up(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader may have read the pointer just before it moved on."""
    views = tmp_path / "views"
    last = [build_view(store, views, kept=0) for _ in range(2)][1]
    read = Path.read_text
    said = iter(["view-00000001"])
    monkeypatch.setattr(Path, "read_text", lambda path, **how: next(said, read(path, **how)))
    assert current_view(views) == last


def test_a_view_left_unfinished_is_cleared(store: EmbeddedStore, tmp_path: Path) -> None:
    views = tmp_path / "views"
    first = build_view(store, views)
    (views / "view-00000002.part").mkdir()
    assert current_view(views) == first
    assert build_view(store, views).name == "view-00000002"
    assert not list(views.glob("*.part"))


def test_no_view_and_a_damaged_pointer_are_refused(store: EmbeddedStore, tmp_path: Path) -> None:
    views = tmp_path / "views"
    with pytest.raises(StoreError, match="No view"):
        current_view(views)
    build_view(store, views)
    (views / POINTER).write_text("../store", encoding="ascii")
    with pytest.raises(StoreError, match="names no view"):
        current_view(views)
