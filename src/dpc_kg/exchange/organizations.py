"""Which organisations a hub knows, and the keys they sign with."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError, PackageError
from dpc_kg.base.identifiers import check_org
from dpc_kg.base.platform import write_durably
from dpc_kg.exchange.manifest import canonical
from dpc_kg.exchange.signing import VerifyKey


@dataclass(frozen=True)
class Registration:
    """An organisation's current key, and the earlier ones, newest first."""

    org: str
    key: VerifyKey
    earlier: tuple[VerifyKey, ...] = ()

    def key_named(self, kid: str) -> VerifyKey:
        """Give the key named ``kid``, current or earlier, else the current one."""
        return next((key for key in (self.key, *self.earlier) if key.kid == kid), self.key)


class Registry:
    """One file an organisation in a folder of the hub."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        paths = sorted(folder.glob("*.json"))
        self._known = {path.stem: _read(path) for path in paths}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the organisations."""
        return tuple(sorted(self._known))

    def add(self, org: str, key: VerifyKey) -> Registration:
        """Register an organisation, or give a registered one a new key.

        Packages signed with an earlier key are accepted no more; what was received with it stays.

        Raises:
            DpcError: ``org`` cannot name an organisation, or another one has this key.
        """
        check_org(org)
        if any(
            key in (other.key, *other.earlier) for other in self._known.values() if other.org != org
        ):
            raise DpcError(
                "Another organisation is registered with this key.",
                term=org,
                advice="Each organisation signs with a key of its own.",
            )
        old = self._known.get(org)
        earlier = (old.key, *old.earlier) if old else ()
        registration = Registration(org, key, tuple(k for k in earlier if k != key))
        fields = {
            "earlier": [each.as_jwk() for each in registration.earlier],
            "key": key.as_jwk(),
            "organization": org,
        }
        write_durably(self._folder / f"{org}.json", canonical(fields) + b"\n")
        self._known[org] = registration
        return registration

    def get(self, org: str) -> Registration:
        """Give an organisation's registration.

        Raises:
            PackageError: it is not registered here.
        """
        if org not in self._known:
            raise PackageError(
                "This organisation is not registered at this hub.",
                term=org,
                advice="The operator registers it with: dpc-kg org add.",
            )
        return self._known[org]


def _read(path: Path) -> Registration:
    try:
        fields: dict[str, Any] = json.loads(path.read_bytes())
        if fields["organization"] != path.stem:
            raise ValueError("another organisation's file")
        earlier = tuple(VerifyKey.from_jwk(jwk) for jwk in fields["earlier"])
        return Registration(path.stem, VerifyKey.from_jwk(fields["key"]), earlier)
    except (OSError, ValueError, KeyError, TypeError, DpcError) as e:
        raise DpcError(
            "The registration of an organisation cannot be read.",
            file=str(path),
            advice="Restore it from a backup.",
        ) from e
