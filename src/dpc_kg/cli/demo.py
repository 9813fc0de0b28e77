"""The main job, end to end: synthetic exports and public figures in, answers out.

Everything here is the real mechanism: the generators stand for partner systems, and the rest is
what partners and a hub would run. Keys are made from fixed words, so that every run is the same.
"""

import hashlib
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault

if TYPE_CHECKING:
    from dpc_kg.exchange.receive import Hub
    from dpc_kg.lift import LiftRequest
    from dpc_kg.validate.check import Checked

DEMO = Path("build/demo")
_EXTRACTED = "2025-07-01T00:00:00Z"
_EPOCH = "demo-1"
_SHOWN_FAULTS = 3
_SHOWN_ROWS = 8


@dataclass(frozen=True)
class Partner:
    """One invented partner: its system, organisation, size of its export and planted faults."""

    system: str
    org: str
    dataset: str
    sources: tuple[tuple[str, str], ...]
    records: int
    faults: int
    seed: int
    overlaps: str | None = None


_FILES = (("report", "reports.xml"), ("files", "files.xml"))
PARTNERS = (
    Partner("aselo", "example-helpline", "contacts", (("contacts", "."),), 240, 12, 11),
    Partner("cybertipline", "example-platform", "reports", _FILES, 200, 12, 21),
    Partner("cybertipline", "example-video", "reports", _FILES, 160, 12, 22, "example-platform"),
    Partner("primero", "example-ngo", "cases", (("cases", "cases.csv"),), 220, 12, 31),
)
_STATISTICS = ("years", "countries", "contents", "comparable")


@dataclass(frozen=True)
class Outcome:
    """What came of one source: the row of the summary."""

    source: str
    organization: str
    read: int
    quads: int
    dropped: int
    unknown: int
    refused: int
    planted: int
    found: int
    extra: int
    withheld_quads: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Give the summary row."""
        names = ("source", "organization", "read", "quads", "dropped", "unknown", "refused")
        return {n: getattr(self, n) for n in (*names, "planted", "found", "extra")}


def demo(out: Path = DEMO, write: Any = None) -> int:
    """Run the demonstration into ``out``; exit code 1 if a planted fault was missed or invented."""
    from dpc_kg.exchange.receive import Hub
    from dpc_kg.lift.generate import generators

    say = write or sys.stdout.write
    if not generators():
        raise DpcError("There is no generator.", advice="Install the package again.")
    _fresh(out)
    say(_INTRODUCTION)
    with Hub.create(out / "hub") as hub:
        outcomes = [_partner(hub, partner, out, say) for partner in PARTNERS]
        outcomes.append(_statistics(hub, out, say))
        _table(outcomes, say)
        _answers(hub, say)
        verified = _verified(hub, say)
    summary = out / "summary.json"
    document = {"synthetic": True, "sources": [o.as_dict() for o in outcomes]}
    summary.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8", newline="\n")
    say(_NEXT.format(summary=summary.as_posix(), out=out.as_posix()))
    whole = all(o.found == o.planted and not o.extra for o in outcomes)
    if not whole:
        say("\nA planted fault was missed, or one found that was not planted.\n")
    return 0 if whole and verified else 1


_INTRODUCTION = """\
Partner exports in, refused rows explained, packages stored, questions answered.
Four invented partners (synthetic data, mistakes planted on purpose) and public figures (CC BY 4.0).
"""
_NEXT = """
How to go on
  dpc-kg serve --demo                    the same answers in a browser, and SPARQL at /sparql
  dpc-kg query --dir {out}/hub           all saved questions; name one to ask it
  dpc-kg validate {out}/exports/example-ngo --lang fr
  docs/tutorial.md                       your own export, step by step
Figures of this run: {summary}
"""


def _fresh(out: Path) -> None:
    """Make an empty folder; only one that a demonstration made is emptied."""
    if out.exists() and any(out.iterdir()) and not (out / "hub").is_dir():
        raise DpcError("This folder holds something else.", file=str(out), advice="Name another.")
    shutil.rmtree(out, ignore_errors=True)
    (out / "packages").mkdir(parents=True)


def demo_key(word: str) -> bytes:
    """Give a demonstration key: made from a fixed word, so never to be used for real data."""
    return hashlib.sha256(f"dpc-kg demonstration key {word}".encode()).digest()


def _partner(hub: "Hub", partner: Partner, out: Path, say: Any) -> Outcome:
    from dpc_kg.lift import LiftRequest
    from dpc_kg.lift.generate import GenerateRequest, generate

    exports = out / "exports"
    folder = exports / partner.org
    overlap = exports / partner.overlaps if partner.overlaps else None
    planted = generate(
        partner.system,
        GenerateRequest(
            partner.records, partner.seed, partner.faults, folder, partner.org, overlap
        ),
    )
    request = LiftRequest(
        partner.system,
        {name: folder / file for name, file in partner.sources},
        partner.org,
        partner.dataset,
        demo_key(partner.org),
        demo_key("coalition"),
    )
    return _submitted(hub, request, planted.faults, out, say)


def _statistics(hub: "Hub", out: Path, say: Any) -> Outcome:
    from dpc_kg.lift import LiftRequest

    folder = mapping_dir("ncmec-statistics")
    request = LiftRequest(
        "ncmec-statistics",
        {name: folder / f"{name}.csv" for name in _STATISTICS},
        "public-statistics",
        "ncmec-statistics",
        demo_key("public-statistics"),
    )
    return _submitted(hub, request, [], out, say)


def _submitted(
    hub: "Hub", request: "LiftRequest", planted: list[Fault], out: Path, say: Any
) -> Outcome:
    """Check, package and submit one export; say what happened to it."""
    from dpc_kg.cli.packaging import PackageOptions, package_checked
    from dpc_kg.exchange.signing import SigningKey
    from dpc_kg.validate.check import check

    org = request.org or ""
    key_file = out / "keys" / f"{org}.jwk"
    key_file.parent.mkdir(exist_ok=True)
    key = SigningKey(demo_key(f"signing {org}"))
    key.save(key_file)
    hub.add_organization(org, key.public)
    package = out / "packages" / f"{org}.dpcsub"
    epoch = _EPOCH if request.coalition_key is not None else None
    with check(request) as checked:
        made = package_checked(
            checked, PackageOptions(_EXTRACTED, key_file, coalition_epoch=epoch), package
        )
        outcome = _outcome(checked, planted, made.quads)
        _say_faults(checked, org, say)
    receipt = hub.submit(package.read_bytes())
    say(f"  accepted: {package.name}, receipt {receipt.id}\n")
    return outcome


def _outcome(checked: "Checked", planted: list[Fault], quads: int) -> Outcome:
    lifted = checked.lifted
    expected = {(f.file, f.sheet, f.row, f.column) for f in planted}
    found = {(f.file, f.sheet, f.row, f.column) for f in checked.faults}
    return Outcome(
        source=lifted.request.mapping,
        organization=lifted.request.org or "",
        read=lifted.read_rows,
        quads=quads,
        dropped=sum(c.cells for c in lifted.fields() if c.status == "personal"),
        unknown=sum(u.cells for u in lifted.unknown()),
        refused=checked.refused,
        planted=len(expected),
        found=len(expected & found),
        extra=len(found - expected),
    )


def _say_faults(checked: "Checked", org: str, say: Any) -> None:
    from dpc_kg.validate.check import check_report
    from dpc_kg.validate.messages import message
    from dpc_kg.validate.report import place

    report = check_report(checked)
    say(f"\n{org} ({checked.lifted.request.mapping}): {report.records} rows read")
    say(f", {report.refused} refused\n")
    for fault in checked.faults[:_SHOWN_FAULTS]:
        words = message(fault.rule, "en")
        say(f"  {place(report, fault, 'en')}\n      {words.text}\n")
    if len(checked.faults) > _SHOWN_FAULTS:
        say(f"  and {len(checked.faults) - _SHOWN_FAULTS} more\n")


def _table(outcomes: list[Outcome], say: Any) -> None:
    heads = ("source", "organisation", "read", "quads", "dropped", "unknown", "refused")
    heads = (*heads, "planted", "found", "extra")
    rows = [tuple(str(v) for v in o.as_dict().values()) for o in outcomes]
    widths = [max(len(r[i]) for r in [heads, *rows]) for i in range(len(heads))]
    say(
        "\nWhat came of each export (rows read; quads sent; cells dropped as personal; code cells\n"
    )
    say("without a place; rows refused; faults planted, found, and found though not planted)\n\n")
    for row in [heads, *rows]:
        cells = [
            c.ljust(w) if i < 2 else c.rjust(w)
            for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        say("  " + "  ".join(cells).rstrip() + "\n")


def _answers(hub: "Hub", say: Any) -> None:
    from dpc_kg.store.catalogue import catalogue, run

    for saved in catalogue("report").values():
        table = run(hub.store, saved)
        say(f"\n{saved.question}\n  [{saved.name}] {len(table.rows)} rows\n")
        _rows(table, say)


def _rows(table: Any, say: Any) -> None:
    from dpc_kg.store.tables import short_name

    shown = [[_cell(c, short_name) for c in row] for row in table.rows[:_SHOWN_ROWS]]
    widths = [
        max(len(line[i]) for line in [list(table.columns), *shown])
        for i in range(len(table.columns))
    ]
    for line in [list(table.columns), *shown]:
        say("  " + "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() + "\n")
    if len(table.rows) > _SHOWN_ROWS:
        say(f"  ... {len(table.rows) - _SHOWN_ROWS} more\n")


def _cell(value: Any, short_name: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith("https://"):
        name = str(short_name(value))
        return name[:12] if len(name) > 40 else name
    if isinstance(value, float):
        return f"{value:.1f}"
    return str(value)


def _verified(hub: "Hub", say: Any) -> bool:
    from dpc_kg.store.catalogue import catalogue, run

    broken = [s.name for s in catalogue("verify").values() if run(hub.store, s).rows]
    say(f"\nChecks of the store: {len(catalogue('verify'))} run, {len(broken)} failed\n")
    return not broken
