"""What the partner verbs take: sources, keys, and the request made of them."""

import secrets
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dpc_kg.base.errors import DpcError, NotSupported
from dpc_kg.base.identifiers import read_key

if TYPE_CHECKING:
    from dpc_kg.lift import LiftRequest
    from dpc_kg.lift.servers import Server


def named_sources(given: Iterable[str]) -> "dict[str, Path | Server]":
    """Give the sources of ``NAME=PATH`` options by name; a Windows path may hold colons.

    Raises:
        DpcError: one is not of that form. What may be a server's address is not repeated.
    """
    from dpc_kg.lift.servers import may_hold_password, server_of

    sources: dict[str, Path | Server] = {}
    for text in given:
        name, mark, path = text.partition("=")
        server = server_of(path)
        if may_hold_password(name) or (server is None and may_hold_password(path)):
            raise _no_address()
        if not mark or not name or not path:
            raise DpcError("A source is given as NAME=PATH.", term=text)
        sources[name] = server or Path(path)
    return sources


def named_files(given: Iterable[str]) -> dict[str, Path]:
    """Give the sources of ``NAME=PATH`` options by name, where each has to be a file or folder.

    Raises:
        DpcError: one is not of that form, or not there.
        NotSupported: one is a database server.
    """
    files = {}
    for name, path in named_sources(given).items():
        if not isinstance(path, Path):
            raise NotSupported(
                "A mapping is not tried on a database server yet.",
                term=f"source {name}",
                advice="Export the table, and name the file.",
            )
        _check_there(path)
        files[name] = path
    return files


def given_sources(
    files: Iterable[Path],
    source: Iterable[str],
    mapping: str,
    definitions: Path | None = None,
) -> "dict[str, Path | Server]":
    """Give the sources of ``NAME=PATH`` options, and of files that are told by what they hold.

    Raises:
        DpcError: an option is not of that form, or a file is not there.
        MappingError: a file fits no source, or a source has no file.
    """
    from dpc_kg.cli.recognise import recognised

    named, there = named_sources(source), list(files)
    for file in there:
        _check_there(file)
    return {**recognised(there, mapping, definitions)[1], **named} if there else named


def _check_there(path: Path) -> None:
    from dpc_kg.lift.servers import may_hold_password

    if may_hold_password(str(path)):
        raise _no_address()
    if not path.exists():
        raise DpcError("There is no such file or folder.", file=str(path))


def _no_address() -> DpcError:
    return DpcError(
        "A source is a file, a folder or a PostgreSQL server.",
        advice="Give it as --source NAME=PATH or --source NAME=postgresql://USER@HOST/DATABASE.",
    )


def check_output(path: Path | None) -> None:
    """Check that a file can be written at ``path``, before the work is done.

    Raises:
        DpcError: it is a folder, or its folder is not there.
    """
    if path is None:
        return
    if path.is_dir():
        raise DpcError("This is a folder.", file=str(path), advice="Name a file to write.")
    if not path.parent.is_dir():
        raise DpcError("There is no such folder.", file=str(path.parent), advice="Make it first.")


def profile_of(given: str | None, sources: Iterable[object]) -> str:
    """Give the profile (tier) to check against: the named one, else that of a template, else full.

    What a template says of itself is told on the console.
    """
    from dpc_kg.lift.template.tier import tier_of

    if given is not None:
        return given
    tier = tier_of(sources)
    if tier is not None:
        sys.stderr.write(f"This template was made for the tier {tier}; another: --profile.\n")
    return tier or "full"


def read_package(path: Path) -> bytes:
    """Give the bytes of a package file.

    Raises:
        DpcError: there is no such file, or it is a folder.
    """
    advice = "Name a package, as in: dpc-kg submit cases.dpcsub"
    if path.is_dir():
        raise DpcError("This is a folder.", file=str(path), advice=advice)
    if not path.exists():
        raise DpcError("There is no such file.", file=str(path), advice=advice)
    return path.read_bytes()


def checked_request(
    files: list[Path],
    source: Iterable[str],
    *,
    mapping: str | None,
    org: str,
    key_file: Path | None,
    coalition_key_file: Path | None,
    definitions: Path | None = None,
    allow_query: bool = False,
) -> "LiftRequest":
    """Give the request behind ``validate``: files are assigned to sources, a mapping is found.

    Raises:
        DpcError: no file is named, or one is not there.
        MappingError: no mapping fits, or a source has no file.
        SourceError: no mapping fits, and a file is none that can be read.
    """
    from dpc_kg.cli.recognise import mapping_of, recognised

    named = named_sources(source)
    if not files and not named:
        raise DpcError("No file is named.", advice="Give the export, as in: dpc-kg validate FILE")
    for file in [*files, *(path for path in named.values() if isinstance(path, Path))]:
        _check_there(file)
    found: dict[str, Path] = {}
    if files:
        name, found = recognised(files, mapping, definitions)
    else:
        name = mapping or mapping_of(set(named))
    sources = {**found, **named}
    return lift_request(
        name,
        sources,
        org=org,
        dataset="check",
        key_file=key_file,
        coalition_key_file=coalition_key_file,
        definitions=definitions,
        passing_key=True,
        allow_query=allow_query,
    )


def lift_request(
    mapping: str,
    sources: "Mapping[str, Path | Server]",
    *,
    org: str | None,
    dataset: str | None,
    key_file: Path | None,
    coalition_key_file: Path | None,
    base: str | None = None,
    definitions: Path | None = None,
    passing_key: bool = False,
    allow_query: bool = False,
) -> "LiftRequest":
    """Give a lift request; with ``passing_key`` a missing key is a random one, in memory only."""
    from dpc_kg.base.assets import mapping_dir
    from dpc_kg.lift import LiftRequest

    outside = LiftRequest(mapping).is_outside
    if not mapping.endswith(".ttl"):
        mapping_dir(mapping)
    key = read_key(key_file) if key_file is not None else None
    if key is None and not outside:
        if not passing_key:
            raise DpcError(
                "This mapping makes pseudonyms, and needs the partner's key.",
                term=mapping,
                advice="Give --key-file FILE; make one with: dpc-kg key new -o FILE",
            )
        key = secrets.token_bytes(32)
    coalition = read_key(coalition_key_file) if coalition_key_file is not None else None
    if coalition is not None and coalition == key:
        raise DpcError(
            "The partner's key and the coalition's key are the same.",
            file=str(coalition_key_file),
            advice="The partner's key is never shared; the coalition's is. Use two.",
        )
    if definitions is not None and not definitions.is_dir():
        raise DpcError("There is no such folder.", file=str(definitions))
    request = LiftRequest(mapping, dict(sources), org, dataset, key, coalition)
    request = replace(request, definitions=definitions, allow_query=allow_query)
    return request if base is None else replace(request, base=base)
