"""The hub: checks a package, keeps it in the journal, then shows it in the store.

The journal is the truth. The store and the receipts are made from it, and made again on opening
wherever they fell behind: a process that died between two steps leaves no half-done thing.
"""

import contextlib
import tempfile
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dpc_kg.base.errors import DpcError, NotSupported, PackageError
from dpc_kg.base.platform import fsync_dir
from dpc_kg.exchange.conformance import (
    Validator,
    check_syntax,
    refuse_open_classes,
    refuse_violations,
    validate_against_shapes,
)
from dpc_kg.exchange.display import WORK, Display
from dpc_kg.exchange.holdings import Holdings, HubStatus
from dpc_kg.exchange.journal import Hook, Journal
from dpc_kg.exchange.manifest import canonical, read_canonical, utc_instant
from dpc_kg.exchange.organizations import Registry
from dpc_kg.exchange.package import Package, check_data, read, verify
from dpc_kg.exchange.receipts import WITHDRAWN, Receipt, keep_files, new_receipt_id
from dpc_kg.exchange.signing import SigningKey, VerifyKey

if TYPE_CHECKING:
    from dpc_kg.store.embedded import EmbeddedStore

Clock = Callable[[], datetime]

_FOLDERS = ("journal", "store", "organizations", "receipts")
_KEY = "hub.key"


class Hub:
    """A folder with journal, store, organisations and receipts; one process holds it at a time.

    ``submit`` and ``withdraw`` may be called by several threads. A context manager.
    """

    def __init__(self, folder: Path, validator: Validator, clock: Clock) -> None:
        self._folder = folder
        self._validator = validator
        self._clock = clock
        self._hook: Hook = lambda step: None
        self._lock = threading.RLock()
        self._resources = contextlib.ExitStack()
        self._holdings = Holdings()
        self._behind = True

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        validator: Validator = validate_against_shapes,
        clock: Clock | None = None,
    ) -> Self:
        """Make a new hub in an empty or new folder and open it.

        Raises:
            DpcError: the folder holds something.
        """
        if folder.exists() and any(folder.iterdir()):
            raise DpcError("The folder is not empty.", file=str(folder), advice="Name a new one.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in _FOLDERS:
            (folder / name).mkdir(mode=0o700)
        Journal.create(folder / "journal").close()
        # last: a folder with a key is a whole hub
        SigningKey.generate().save(folder / _KEY)
        fsync_dir(folder)
        return cls.open(folder, validator=validator, clock=clock)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        validator: Validator = validate_against_shapes,
        clock: Clock | None = None,
        hook: Hook | None = None,
    ) -> Self:
        """Open a hub and bring store and receipts in line with the journal.

        Args:
            folder: the hub's folder.
            validator: what runs the shapes.
            clock: gives the time of receipts; by default the system's.
            hook: called with the name of each step done.

        Raises:
            DpcError: there is no hub here, or another process holds it.
            JournalError: an acknowledged entry is missing or altered.
            StoreError: the store cannot be written.
        """
        hub = cls(folder, validator, clock or (lambda: datetime.now(UTC)))
        try:
            hub._start(hook)
        except BaseException:
            hub.close()
            raise
        return hub

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> "EmbeddedStore":
        """The store with the graphs that are shown now."""
        return self._display.store

    @property
    def verify_key(self) -> VerifyKey:
        """The key that verifies this hub's receipts."""
        return self._key.public

    def add_organization(self, org: str, verify_key: VerifyKey) -> None:
        """Register an organisation, or give a registered one a new key.

        Raises:
            DpcError: ``org`` cannot name an organisation, or another one has this key.
        """
        with self._lock:
            self._registry.add(org, verify_key)

    def organizations(self) -> tuple[str, ...]:
        """Give the names of the registered organisations."""
        return self._registry.names

    def check(self, raw: bytes) -> Package:
        """Check a package as ``submit`` would; nothing is kept.

        Raises:
            PackageError: it is damaged, altered, not its organisation's, or names what is taken.
            NotConforming: its data breaks a rule.
            NotSupported: its mode is not done yet.
        """
        package = read(raw)
        self._authenticate(package)
        self._check_content(package)
        with self._lock:
            self._check_name(package)
        return package

    def submit(self, raw: bytes) -> Receipt:
        """Take a package: kept for good when this returns, or refused with nothing kept.

        The same bytes again give the first receipt, as long as they were not withdrawn.

        Raises:
            PackageError, NotConforming, NotSupported: as ``check``.
            JournalError: it could not be kept, so it was not acknowledged.
            StoreError: it is kept, but the store could not show it yet; send it again later.
        """
        package = read(raw)
        self._authenticate(package)
        if (first := self._replayed(package)) is not None:
            return first
        self._check_content(package)
        self._hook("checked")
        with self._lock:
            if (first := self._replayed(package)) is not None:
                return first
            self._check_name(package)
            self._catch_up()
            return self._take(raw, package)

    def withdraw(self, receipt_id: str) -> Receipt:
        """End a submission: its key is destroyed, its data goes, what it replaced comes back.

        No file of the hub holds its data in the clear when this returns. Withdrawing again gives
        the same receipt.

        Raises:
            PackageError: there is no such receipt.
            JournalError: the withdrawal could not be kept.
            StoreError: it is withdrawn, but the store could not follow yet.
        """
        with self._lock:
            self._catch_up()
            done = self._holdings.withdrawal(receipt_id)
            if done is not None:
                return done
            live = self._holdings.submission(receipt_id)
            if live is None:
                raise PackageError(
                    "There is no submission with this receipt.",
                    advice="Name the id of a receipt this hub gave.",
                )
            return self._let_go(live)

    def receipts(self) -> tuple[Receipt, ...]:
        """Give the receipts of live submissions and of withdrawals, in journal order."""
        with self._lock:
            return self._holdings.receipts()

    def shown(self) -> tuple[Receipt, ...]:
        """Give the receipts of the submissions the store shows: the newest of each data set."""
        with self._lock:
            return tuple(receipt for _, receipt in sorted(self._holdings.shown().items()))

    def status(self) -> HubStatus:
        """Tell what the hub holds."""
        with self._lock:
            head = self._journal.head
            return self._holdings.status(len(self._registry.names), head.position, head.hash)

    def snapshot(self, target: Path) -> None:
        """Copy the store as it is now into the new folder ``target``, for readers.

        Raises:
            StoreError: ``target`` exists or cannot be written.
        """
        with self._lock:
            self._catch_up()
            self._display.store.snapshot(target)

    def rebuild(self) -> None:
        """Make the store anew from the journal, as each withdrawal does.

        After this, what is not shown is in no file of the store or of a view.

        Raises:
            StoreError: the store cannot be written; opening the hub again makes it anew.
        """
        with self._lock:
            self._behind = True
            self._display.renew(self._holdings.shown(), *self._positions())
            self._catch_up()

    def publish(self) -> Path:
        """Make a view of the store for readers; from then on every change makes another one.

        Returns:
            The folder of the views, whose pointer readers follow.

        Raises:
            StoreError: it cannot be written.
        """
        with self._lock:
            self._catch_up()
            return self._display.publish(self._positions()[0]).parent

    def close(self) -> None:
        """Let go of the store, the journal and their locks."""
        with self._lock:
            self._resources.close()

    def _start(self, hook: Hook | None) -> None:
        if not (self._folder / _KEY).is_file():
            raise DpcError(
                "There is no hub in this folder.",
                file=str(self._folder),
                advice="Make one, or name the folder of one.",
            )
        self._journal = Journal.open(self._folder / "journal", hook=hook)
        self._resources.callback(self._journal.close)
        self._key = SigningKey.load(self._folder / _KEY)
        self._registry = Registry(self._folder / "organizations")
        self._display = Display(self._folder, self._data, lambda step: self._hook(step))
        self._resources.callback(self._display.close)
        for position in self._journal.live:
            note = read_canonical(self._journal.note(position), "journal")
            self._holdings.add(self._receipt(note, position))
        for item in self._journal.tombstones:
            self._holdings.bury(self._receipt(item.note, item.position))
        self._catch_up()
        self._hook = hook or self._hook

    def _authenticate(self, package: Package) -> None:
        registration = self._registry.get(package.org)
        key = registration.key_named(package.manifest["keys"]["signing"])
        verify(package, key)
        if key != registration.key and self._replayed(package) is None:
            raise PackageError(
                "It is signed with a key this organisation no longer uses.",
                term=package.org,
                advice="Make the package again with the new key.",
            )

    def _check_content(self, package: Package) -> None:
        mode = package.manifest["mode"]
        if mode != "snapshot":
            raise NotSupported(
                f"Packages of mode {mode} are not taken yet.", advice="Send a snapshot."
            )
        found = check_data(package)
        check_syntax(package.data)
        refuse_open_classes(found.classes)
        (self._folder / WORK).mkdir(exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._folder / WORK) as folder:
            path = Path(folder) / "data.nq"
            path.write_bytes(package.data)
            rules = self._validator(path, package.manifest["profile"])
        refuse_violations(rules)

    def _check_name(self, package: Package) -> None:
        other = self._holdings.by_graph(package.graph)
        if other is not None and other.digest != package.digest:
            raise PackageError(
                "Another package of this organisation has this submission name.",
                term=package.manifest["submission"],
                advice="Withdraw that one first, or package with another --submission.",
            )

    def _replayed(self, package: Package) -> Receipt | None:
        with self._lock:
            first = self._holdings.by_digest(package.digest)
            if first is not None:
                self._catch_up()
            return first

    def _take(self, raw: bytes, package: Package) -> Receipt:
        manifest = package.manifest
        note = {
            "dataset": manifest["dataset"],
            "digest": package.digest,
            "extractedAt": manifest["extractedAt"],
            "graph": package.graph,
            "id": new_receipt_id(),
            "organization": package.org,
            "outcome": self._holdings.outcome(manifest),
            "quads": manifest["counts"]["quads"],
            "receivedAt": utc_instant(self._clock()),
            "sequence": manifest["sequence"],
            "submission": manifest["submission"],
        }
        self._hook("before journal")
        position = self._journal.append(canonical(note), raw)
        self._hook("journaled")
        receipt = self._holdings.add(self._receipt(note, position))
        self._behind = True
        self._catch_up({package.graph: package.data})
        return receipt

    def _let_go(self, live: Receipt) -> Receipt:
        note: dict[str, object] = {
            "id": new_receipt_id(),
            "of": live.id,
            "organization": live.organization,
            "outcome": WITHDRAWN,
            "receivedAt": utc_instant(self._clock()),
        }
        try:
            self._journal.withdraw(live.position, note)
        finally:
            # also when only the key could not be destroyed yet: the tombstone stands
            if not self._journal.is_live(live.position):
                item = self._journal.tombstones[-1]
                self._holdings.remove(live)
                receipt = self._holdings.bury(self._receipt(item.note, item.position))
                self._behind = True
        self._hook("withdrawn")
        self._catch_up()
        return receipt

    def _receipt(self, note: Mapping[str, Any], position: int) -> Receipt:
        """Make a receipt from the journal alone: the same bytes every time."""
        chain = self._journal.hash_of(position)
        fields = dict(note) | {"chain": chain, "hub": self._key.kid, "position": position}
        return Receipt.from_json(canonical(fields)).signed(self._key)

    def _catch_up(self, ready: dict[str, bytes] | None = None) -> None:
        """Bring store, views and receipts in line with the journal, where they are behind it."""
        if not self._behind:
            return
        self._display.follow(self._holdings.shown(), *self._positions(), ready)
        keep_files(self._folder / "receipts", self._holdings.receipts())
        self._behind = False

    def _positions(self) -> tuple[int, int]:
        """Give the positions of the journal's newest entry and of the newest withdrawal."""
        ended = max((item.position for item in self._journal.tombstones), default=0)
        return self._journal.head.position, ended

    def _data(self, receipt: Receipt) -> bytes:
        return read(self._journal.body(receipt.position)).data
