"""Lift, validate and package in one go; the records with a fault stay at the partner."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dpc_kg.base.errors import NotConforming
from dpc_kg.base.platform import write_durably
from dpc_kg.exchange.package import PackageRequest, build
from dpc_kg.exchange.signing import SigningKey

if TYPE_CHECKING:
    from dpc_kg.lift import LiftRequest
    from dpc_kg.validate.check import Checked


@dataclass(frozen=True)
class PackageOptions:
    """What the maker of a package decides beside the lift."""

    extracted_at: str
    signing_key: Path
    mode: str = "snapshot"
    sequence: int = 1
    submission: str | None = None
    profile: str = "full"
    coalition_epoch: str | None = None
    strict: bool = False


@dataclass(frozen=True)
class Made:
    """What went into a package: ``quads`` of the export, ``packaged`` in all."""

    rows: int
    quads: int
    packaged: int
    refused: int


def make_package(request: "LiftRequest", options: PackageOptions, out: Path) -> Made:
    """Write the package of an export.

    Raises:
        NotConforming: a column that is read looks personal, or ``strict`` and a record has a fault.
        SourceError: a file cannot be used.
    """
    from dpc_kg.validate.check import check

    with check(request, profile=options.profile) as checked:
        return package_checked(checked, options, out)


def package_checked(checked: "Checked", options: PackageOptions, out: Path) -> Made:
    """Write the package of a checked export.

    Raises:
        NotConforming: see `make_package`.
    """
    if checked.personal:
        first = checked.personal[0]
        raise NotConforming(
            f"{len(checked.personal)} columns look personal, so nothing was packaged.",
            file=first.file,
            sheet=first.sheet,
            column=first.column,
            advice="See them with dpc-kg validate; export other columns, or take the cells out.",
        )
    if options.strict and not checked.conforms:
        raise NotConforming(
            f"{checked.refused} records have faults, so nothing was packaged.",
            advice="See them with dpc-kg validate, mend them, or leave out --strict.",
        )
    from dpc_kg.lift.liftreport import mapping_digest

    lifted, request = checked.lifted, checked.lifted.request
    wanted = PackageRequest(
        org=request.org or "",
        dataset=request.dataset or "",
        extracted_at=options.extracted_at,
        mapping=request.name,
        mapping_digest=mapping_digest(lifted.folder),
        mode=options.mode,
        sequence=options.sequence,
        submission=options.submission,
        profile=options.profile,
        coalition_epoch=options.coalition_epoch,
    )
    with TemporaryDirectory(prefix="dpc-package-") as folder:
        data = Path(folder) / "data.nq"
        quads = checked.write(data)
        report = lifted.report(quads, checked.withheld)
        body = build(wanted, data, report, SigningKey.load(options.signing_key))
    write_durably(out, body)
    return Made(lifted.read_rows, quads, _packaged(body), checked.refused)


def _packaged(body: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return int(json.loads(package.read("manifest.json"))["counts"]["quads"])
