"""The main job, end to end: synthetic exports and public figures in, answers out.

Everything here is the real mechanism: the generators stand for partner systems, and the rest is
what partners and a hub would run. Keys are made from fixed words, so that every run is the same.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault
from dpc_kg.cli import story
from dpc_kg.cli.options import DEMO

if TYPE_CHECKING:
    from dpc_kg.exchange.receive import Hub
    from dpc_kg.lift import LiftRequest
    from dpc_kg.validate.check import Checked

_EXTRACTED = "2025-07-01T00:00:00Z"
_EPOCH = "demo-1"
_MARK = "SYNTHETIC.txt"
_MARK_TEXT = "dpc-kg demo made this folder. All partner data in it is invented; delete it freely.\n"


@dataclass(frozen=True)
class Partner:
    """One invented partner: who it is, its system, its export and how many mistakes are in it."""

    who: str
    system: str
    org: str
    dataset: str
    sources: tuple[tuple[str, str], ...]
    records: int
    faults: int
    seed: int
    overlaps: str | None = None

    @property
    def shares_hashes(self) -> bool:
        """Whether it has signed the agreement to compare hashes, so that it has that key."""
        return self.sources == _FILES


_FILES = (("report", "reports.xml"), ("files", "files.xml"))
_HELPLINE = "a helpline for children (Aselo, JSON)"
_PLATFORM = "an online platform that reports to a clearing house (CyberTipline, XML)"
_VIDEO = "a video service that met some of the same files (CyberTipline, XML)"
_NGO = "an organisation that works on child protection cases (Primero, CSV)"
_PUBLIC = "reports received by NCMEC, as published (real figures, CSV)"
_OTHER = "example-platform"
PARTNERS = (
    Partner(_HELPLINE, "aselo", "example-helpline", "contacts", (("contacts", "."),), 240, 12, 11),
    Partner(_PLATFORM, "cybertipline", _OTHER, "reports", _FILES, 200, 12, 21),
    Partner(_VIDEO, "cybertipline", "example-video", "reports", _FILES, 160, 12, 22, _OTHER),
    Partner(_NGO, "primero", "example-ngo", "cases", (("cases", "cases.csv"),), 220, 12, 31),
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


def demo(out: Path = DEMO, write: story.Say | None = None) -> int:
    """Run the demonstration into ``out``; exit code 1 if a planted fault was missed or invented.

    Raises:
        DpcError: ``out`` holds something that no demonstration made.
    """
    from dpc_kg.exchange.receive import Hub

    say = write or sys.stdout.write
    _fresh(out)
    say(story.INTRODUCTION)
    with Hub.create(out / "hub") as hub:
        outcomes = [_partner(hub, n, p, out, say) for n, p in enumerate(PARTNERS, start=1)]
        outcomes.append(_statistics(hub, len(outcomes) + 1, out, say))
        story.tell_outcomes([vars(o) for o in outcomes], say)
        _answers(hub, out, say)
        verified = _verified(hub, say)
    _summarise(outcomes, out / "summary.json")
    story.tell_next(out.as_posix(), default=out == DEMO, say=say)
    whole = all(o.found == o.planted and not o.extra for o in outcomes)
    if not whole:
        say("\nA planted mistake was missed, or one found that was not planted.\n")
    return 0 if whole and verified else 1


def demo_key(word: str) -> bytes:
    """Give a demonstration key: made from a fixed word, so never to be used for real data."""
    return hashlib.sha256(f"dpc-kg demonstration key {word}".encode()).digest()


def _fresh(out: Path) -> None:
    """Make an empty folder; only one that a demonstration made is emptied."""
    if out.is_file():
        raise DpcError("This is a file.", file=str(out), advice="Name a folder with -o.")
    if out.exists() and any(out.iterdir()) and not (out / _MARK).is_file():
        raise DpcError(
            "This folder holds something else.", file=str(out), advice="Name another with -o."
        )
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / _MARK).write_text(_MARK_TEXT, encoding="utf-8", newline="\n")
    for name in ("keys", "packages", "reports"):
        (out / name).mkdir()


def _partner(hub: "Hub", number: int, partner: Partner, out: Path, say: story.Say) -> Outcome:
    from dpc_kg.lift import LiftRequest
    from dpc_kg.lift.generate import GenerateRequest, generate

    exports = out / "exports"
    folder = exports / partner.org
    wanted = GenerateRequest(
        records=partner.records,
        seed=partner.seed,
        faults=partner.faults,
        out=folder,
        org=partner.org,
        overlap_with=exports / partner.overlaps if partner.overlaps else None,
    )
    planted = generate(partner.system, wanted)
    request = LiftRequest(
        partner.system,
        {name: folder / file for name, file in partner.sources},
        partner.org,
        partner.dataset,
        demo_key(partner.org),
        demo_key("coalition") if partner.shares_hashes else None,
    )
    return _Sending(hub, out, say, number, partner.who).send(request, planted.faults)


def _statistics(hub: "Hub", number: int, out: Path, say: story.Say) -> Outcome:
    from dpc_kg.lift import LiftRequest

    folder = mapping_dir("ncmec-statistics")
    request = LiftRequest(
        "ncmec-statistics",
        {name: folder / f"{name}.csv" for name in _STATISTICS},
        "public-statistics",
        "ncmec-statistics",
        demo_key("public-statistics"),
    )
    return _Sending(hub, out, say, number, _PUBLIC).send(request, [])


@dataclass(frozen=True)
class _Sending:
    """One export on its way to the hub, and where its story is told."""

    hub: "Hub"
    out: Path
    say: story.Say
    number: int
    who: str

    def send(self, request: "LiftRequest", planted: Sequence[Fault]) -> Outcome:
        """Check, package and submit one export; tell what happened to it."""
        from dpc_kg.cli.packaging import PackageOptions, package_checked
        from dpc_kg.validate.check import check, check_report

        org = request.org or ""
        package = self.out / "packages" / f"{org}.dpcsub"
        epoch = _EPOCH if request.coalition_key is not None else None
        options = PackageOptions(_EXTRACTED, self._registered(org), coalition_epoch=epoch)
        with check(request) as checked:
            made = package_checked(checked, options, package)
            outcome = _outcome(checked, planted, made.quads)
            report, older = check_report(checked), checked.lifted.superseded
        self._write_reports(report, org)
        receipt = self.hub.submit(package.read_bytes())
        sent = story.Sent(
            number=self.number,
            org=org,
            who=self.who,
            older=older,
            personal=outcome.dropped,
            unknown=outcome.unknown,
            quads=outcome.quads,
            package=package.name,
            reports=(self.out / "reports" / org).as_posix(),
            receipt=receipt.id,
        )
        story.tell_export(report, sent, self.say)
        return outcome

    def _registered(self, org: str) -> Path:
        """Make the organisation's signing key, let the hub know its public half, give its file."""
        from dpc_kg.exchange.signing import SigningKey

        file = self.out / "keys" / f"{org}.jwk"
        key = SigningKey(demo_key(f"signing {org}"))
        key.save(file)
        self.hub.add_organization(org, key.public)
        return file

    def _write_reports(self, report: Any, org: str) -> None:
        from dpc_kg.validate.forms.jsonform import to_json
        from dpc_kg.validate.forms.text import to_text

        folder = self.out / "reports"
        for ending, text in (
            ("txt", to_text(report, "en", max_places=len(report.faults))),
            ("json", to_json(report, "en")),
        ):
            (folder / f"{org}.{ending}").write_text(text, encoding="utf-8", newline="\n")


def _outcome(checked: "Checked", planted: Sequence[Fault], quads: int) -> Outcome:
    lifted = checked.lifted
    # a wrong rule at the right cell is not found
    expected = {(f.place, frozenset(f.rules)) for f in planted}
    found = {(f.place, frozenset(f.rules)) for f in checked.faults}
    return Outcome(
        source=lifted.request.mapping,
        organization=lifted.request.org or "",
        read=lifted.read_records,
        quads=quads,
        dropped=sum(c.cells for c in lifted.fields() if c.status == "personal"),
        unknown=sum(u.cells for u in lifted.unknown()),
        refused=checked.refused,
        planted=len(expected),
        found=len(expected & found),
        extra=len(found - expected),
    )


def _answers(hub: "Hub", out: Path, say: story.Say) -> None:
    """Ask every saved question of the hub."""
    from dpc_kg.store.catalogue import catalogue, run

    questions = catalogue("report")
    tables = {name: run(hub.store, saved) for name, saved in questions.items()}
    story.tell_remarks(tables, say)
    say("\nQuestions, answered from all partners together\n")
    where = (out / "hub").as_posix()
    for name in story.in_order(list(questions)):
        story.tell_answer(name, questions[name].question, tables[name], where, say)


def _verified(hub: "Hub", say: story.Say) -> bool:
    """Ask the questions that must have no answer."""
    from dpc_kg.store.catalogue import catalogue, run

    checks = catalogue("verify")
    broken = [name for name, saved in checks.items() if run(hub.store, saved).rows]
    say(f"\nChecks of the store: {len(checks)} run, {len(broken)} failed")
    say(f" ({', '.join(broken)})\n" if broken else "\n")
    return not broken


def _summarise(outcomes: Sequence[Outcome], file: Path) -> None:
    document = {"synthetic": True, "sources": [vars(o) for o in outcomes]}
    file.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8", newline="\n")
