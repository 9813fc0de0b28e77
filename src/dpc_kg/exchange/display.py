"""What a hub shows: the store, made from the journal, and the views that readers are given.

Both follow the journal by positions: ``views/position`` says up to where the current view goes,
``purged`` up to which withdrawal nothing of what was withdrawn is in a file. A process that died
half way finds them behind and goes on from there.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from dpc_kg.base.errors import StoreError
from dpc_kg.base.platform import fsync_dir, write_durably
from dpc_kg.exchange.receipts import Receipt

STORE = "store"
VIEWS = "views"
WORK = "work"
_POSITION = "position"
_PURGED = "purged"


class Display:
    """The store of the hub in ``folder``, and its views once there are any.

    Args:
        folder: the hub's folder.
        data: gives the N-Quads of a submission.
        hook: called with the name of each step done.
    """

    def __init__(
        self, folder: Path, data: Callable[[Receipt], bytes], hook: Callable[[str], None]
    ) -> None:
        from dpc_kg.store.embedded import EmbeddedStore

        self._folder, self._data, self._hook = folder, data, hook
        # a process that was killed may have left a file it was checking, or an old store
        shutil.rmtree(folder / WORK, ignore_errors=True)
        self.store = EmbeddedStore.open(folder / STORE)

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
        self.store.close()

    def follow(
        self,
        shown: Mapping[str, Receipt],
        position: int,
        withdrawal: int,
        ready: Mapping[str, bytes] | None = None,
    ) -> None:
        """Bring the store and, where there are views, the view in line with the journal.

        A withdrawal is first taken out of what is shown, which is quick; then the store is made
        anew and all older views go, so that nothing of it stays in a file. What a newer snapshot
        replaced is not purged in this way: it was not withdrawn, it comes back when the newer one
        is, and its names may stay in the store's files until the next withdrawal.

        Args:
            shown: the submissions to show, by graph.
            position: of the newest entry of the journal.
            withdrawal: the position of the newest withdrawal; 0 if there is none.
            ready: data of submissions that is at hand, by graph.

        Raises:
            StoreError: the store or a view cannot be written or removed; calling again goes on.
        """
        self._align(shown, ready or {})
        purged = _number(self._folder / _PURGED) >= withdrawal
        if self._has_views() and _number(self._folder / VIEWS / _POSITION) != position:
            self.publish(position, purge=not purged)
        if not purged:
            self.renew(shown, position, withdrawal)

    def renew(self, shown: Mapping[str, Receipt], position: int, withdrawal: int) -> None:
        """Make the store anew, and the view from it; older views go.

        The engine never forgets the names of nodes it once held, so this alone removes them.

        Raises:
            StoreError: as ``follow``.
        """
        self._empty()
        self._align(shown, {})
        if self._has_views():
            self.publish(position, purge=True)
        if withdrawal:
            write_durably(self._folder / _PURGED, b"%d\n" % withdrawal, private=True)

    def publish(self, position: int, *, purge: bool = False) -> Path:
        """Make a view of the store as it is now and point readers at it.

        Args:
            position: how far the journal goes that the store was made from.
            purge: remove every older view at once. A reader that still has one open may fail (the
                engine opens files when it needs them) and must look at the pointer again.

        Raises:
            StoreError: it cannot be written, or an older one not be removed.
        """
        from dpc_kg.store.views import KEPT, build_view

        views = self._folder / VIEWS
        views.mkdir(exist_ok=True, mode=0o700)
        view = build_view(self.store, views, kept=0 if purge else KEPT)
        write_durably(views / _POSITION, b"%d\n" % position, private=True)
        return view

    def _has_views(self) -> bool:
        return (self._folder / VIEWS).is_dir()

    def _align(self, shown: Mapping[str, Receipt], ready: Mapping[str, bytes]) -> None:
        present = set(self.store.graphs())
        # first what comes, then what goes: a full disk leaves the old data shown
        for graph in sorted(shown.keys() - present):
            self.store.load_graph(graph, ready.get(graph) or self._data(shown[graph]))
            self._hook("loaded")
        for graph in sorted(present - shown.keys()):
            self.store.drop_graph(graph)
            self._hook("dropped")

    def _empty(self) -> None:
        from dpc_kg.store.embedded import EmbeddedStore

        self.store.close()
        work = self._folder / WORK
        try:
            work.mkdir(exist_ok=True, mode=0o700)
            # moved before it is removed: half a store must never be found in its place
            (self._folder / STORE).rename(work / STORE)
            fsync_dir(self._folder)
            self._hook("moved")
            shutil.rmtree(work / STORE)
        except OSError as e:
            raise StoreError(
                "The old store cannot be removed.",
                file=str(self._folder / STORE),
                advice="Open the hub again and repeat.",
            ) from e
        finally:
            self.store = EmbeddedStore.open(self._folder / STORE)


def _number(path: Path) -> int:
    """Give the number in a file; 0 where there is none, so that the work is done again."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
