"""The lifts that are compared: the exports, and the command of each side on each of them."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import environments
from bench.cases import SEED, write_cases
from bench.environments import PEERS, ROOT
from bench.lift_data import write_contacts, write_reports, write_workers

ASSETS = ROOT / "bench" / "assets" / "lift"


@dataclass(frozen=True)
class Export:
    """A kind of export: its sources, its sizes in records, the goal against morph-kgc in CPU."""

    name: str
    title: str
    sources: tuple[tuple[str, str], ...]
    records: int
    small: int
    goal: float
    loses: bool = False
    """Whether morph-kgc is known to lose triples here; elsewhere its triples must be equal."""

    @property
    def main(self) -> str:
        """The file whose records are counted."""
        return self.sources[0][1]


EXPORTS = (
    Export("cases", "CSV", (("cases", "cases.csv"), ("workers", "workers.csv")), 100_000, 5_000, 6),
    Export("contacts", "JSON", (("contacts", "contacts.json"),), 100_000, 2_000, 10, loses=True),
    Export("reports", "XML", (("reports", "reports.xml"),), 50_000, 1_000, 20),
)


def write_export(export: Export, folder: Path, records: int) -> None:
    """Write the files of an export."""
    target = folder / export.main
    if export.name == "cases":
        write_cases(target, records, SEED)
        write_workers(folder / "workers.csv")
    elif export.name == "contacts":
        write_contacts(target, records, SEED)
    else:
        write_reports(target, records, SEED)


def ours(export: Export, folder: Path, out: Path) -> list[str]:
    """Give the command of our lift."""
    mapping = str(ASSETS / f"{export.name}.rml.ttl")
    given = [a for n, f in export.sources for a in ("--source", f"{n}={folder / f}")]
    return [sys.executable, "-m", "dpc_kg", "lift", "--mapping", mapping, *given, "-o", str(out)]


def morph(python: Path, export: Export, folder: Path, out: Path) -> list[str]:
    """Give the command of the lift of morph-kgc; run it where the export lies."""
    mapping = ASSETS / f"{export.name}.peer.rml.ttl"
    return environments.morph(python, folder / f"{export.name}.ini", mapping, out)


def maplib(python: Path, folder: Path, out: Path) -> list[str]:
    """Give the command of the lift of the cases by maplib."""
    script = str(PEERS / "maplib_lift.py")
    return [str(python), script, *(str(folder / f) for f in ("cases.csv", "workers.csv")), str(out)]


def floor(folder: Path, out: Path) -> list[str]:
    """Give the command of the plan made by hand for the cases."""
    files = [str(folder / f) for f in ("cases.csv", "workers.csv")]
    return [sys.executable, "-m", "bench.floors", "build", *files, str(out)]


def raw_write(data: Path, out: Path) -> list[str]:
    """Give the command that writes the bytes of a lifted file."""
    return [sys.executable, "-m", "bench.floors", "write", str(data), str(out)]


def load(data: str, store: Path) -> list[str]:
    """Give the command that loads a lifted file, or a stream (``-``), into a store."""
    return [sys.executable, "-m", "dpc_kg", "load", data, "--store", str(store)]


def piped(first: list[str], second: list[str]) -> list[str]:
    """Give the command that runs two at once, what one gives going into the other."""
    return ["bash", "-o", "pipefail", "-c", f"{shlex.join(first)} | {shlex.join(second)}"]
