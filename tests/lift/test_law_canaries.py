"""The canary law: nothing personal leaves, whatever is written where, and whoever looks for it.

Invented names, numbers, addresses and handles stand in every personal and undeclared field, and
names in the columns of codes. No file, report, package, message or temporary file holds a trace.
"""

import hashlib
import hmac
import io
import itertools
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dpc_kg.base.identifiers import entity_text
from dpc_kg.base.settings import LANGS
from dpc_kg.cli import main
from dpc_kg.exchange.signing import SigningKey
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.plan import Call, Const, calls, expressions, references, terms
from dpc_kg.validate.check import Checked, check, check_report
from dpc_kg.validate.forms import FORMS, written
from tests.lift.laws.canaries import Canaries, all_bytes, digests, seen, traces
from tests.lift.laws.exports import ORG, VARIANTS, Export, export
from tests.lift.laws.leaves import Leaf
from tests.lift.laws.sizes import FULL, size
from tests.lift.laws.walks import walk

TRIED = VARIANTS if FULL else [v for v in VARIANTS if v not in {"aselo", "primero-json"}]
"""Every mapping; in full also its exports of fewer files and of another form."""

RECORDS = size(10, 150)
PERSONAL, CODED = size(500, 2_000), size(100, 500)
CANDIDATES = size(200, 100_000)  # of each source: a million in all
SOURCED = {"ngo"}
"""Mappings that put the name of the source behind a key."""

CHECKED = re.compile(r"dpc-check-[^/]*/+data\.nq$")
WHEN = "2026-01-01T00:00:00Z"
_LISTS = {"value", "named"}


def is_personal(made: Export) -> Callable[[Leaf], bool]:
    decisions = made.decisions

    def personal(leaf: Leaf) -> bool:
        found = decisions.decide(leaf.source, leaf.path)
        return found is None or found.status == "personal"

    return personal


def coded_fields(made: Export) -> set[tuple[str, str]]:
    """Give the decided (source, path) of every field whose value is looked up in a list."""
    found = set()
    for triples in made.plan.maps:
        view = made.plan.view(triples.view)
        for call in {c for t in terms(triples) for e in expressions(t) for c in calls(e)}:
            for name in _looked_up(call):
                path = declared_path(made.plan, view, name)
                decision = made.decisions.decide(view.source, path)
                source = made.plan.source(view.source).given
                found.add((source, decision.path if decision else path))
    return found


def _looked_up(call: Call) -> list[str]:
    if not isinstance(call.arg("list"), Const):
        return []
    return [n for parameter, arg in call.args if parameter in _LISTS for n in references(arg)]


def put_personal(made: Export, canaries: Canaries) -> None:
    personal = is_personal(made)

    def visit(leaf: Leaf) -> None:
        if leaf.part != "whole" and personal(leaf):
            leaf.set(canaries.any())

    walk(made, visit)


def put_coded(made: Export, canaries: Canaries) -> None:
    coded, decisions, random = coded_fields(made), made.decisions, Random(made.mapping)

    def visit(leaf: Leaf) -> None:
        found = decisions.decide(leaf.source, leaf.path) if leaf.part != "whole" else None
        if found is not None and (leaf.source, found.path) in coded and random.random() < 0.25:
            leaf.set(canaries.name())

    walk(made, visit)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """Give what was in the folder of temporary files, each file as it was when it was removed."""
    top = tmp_path / "temporary"
    top.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(top))
    monkeypatch.setenv("TMPDIR", str(top))
    found: dict[str, bytes] = {}
    unlink, rmtree = os.unlink, shutil.rmtree

    def look(path: Any) -> None:
        given = Path(os.fsdecode(path))
        if given.is_absolute() and given.is_relative_to(top):
            here = all_bytes(given) if given.is_dir() else {"": given.read_bytes()}
            found.update({f"{given}/{name}": data for name, data in here.items()})

    def unlinking(path: Any, **more: Any) -> None:
        look(path)
        unlink(path, **more)

    def removing(path: Any, *args: Any, **more: Any) -> None:
        look(path)
        rmtree(path, *args, **more)

    monkeypatch.setattr(os, "unlink", unlinking)
    monkeypatch.setattr(shutil, "rmtree", removing)
    yield found
    assert list(top.rglob("*")) == []


@pytest.fixture(scope="module")
def put_in() -> dict[str, tuple[int, int]]:
    """Give how many canaries stood in the personal and the coded fields of each export."""
    return {}


@dataclass(frozen=True)
class Keys:
    """The keys of a run and the files that hold them."""

    partner: bytes
    coalition: bytes
    folder: Path

    @property
    def options(self) -> list[str]:
        """Give the options of the command line that name them."""
        partner, coalition = self.folder / "key", self.folder / "coalition"
        return ["--key-file", str(partner), "--coalition-key-file", str(coalition)]


@pytest.fixture(scope="module")
def keys(
    tmp_path_factory: pytest.TempPathFactory, partner_key: bytes, coalition_key: bytes
) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    (folder / "key").write_text(partner_key.hex(), encoding="ascii")
    (folder / "coalition").write_text(coalition_key.hex(), encoding="ascii")
    SigningKey.generate().save(folder / "signing")
    return Keys(partner_key, coalition_key, folder)


@dataclass(frozen=True)
class Before:
    """An export and what its lift writes, before anything stands in its personal fields."""

    made: Export
    personal: Canaries
    coded: Canaries
    values: set[str]
    written: dict[str, bytes]

    @property
    def data(self) -> bytes:
        return self.written["data.nq"]


Make = Callable[[str], Before]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Make:
    """Give an export with canaries in undeclared and coded fields, lifted by the command."""

    @cache
    def make(generator: str) -> Before:
        folder = tmp_path_factory.mktemp("before")
        made = export(generator, folder / "export", RECORDS)
        personal, coded = Canaries(f"{generator}/personal"), Canaries(f"{generator}/coded")
        walk(made, lambda _: None, personal.any)
        values: set[str] = set()
        walk(made, lambda leaf: values.add(leaf.text))
        put_coded(made, coded)
        walk(made, lambda leaf: values.add(leaf.text))
        return Before(made, personal, coded, values, by_lift(made, keys, folder / "out"))

    return make


def options(made: Export, keys: Keys) -> list[str]:
    given = [f"--source={name}={path}" for name, path in made.sources.items()]
    named = ["--mapping", made.mapping, "--org", ORG, "--dataset", "law", "--extracted-at", WHEN]
    return [*named, *keys.options, *given]


def by_lift(made: Export, keys: Keys, out: Path) -> dict[str, bytes]:
    """Give what the command lift writes."""
    out.mkdir()
    assert main(["lift", *options(made, keys), "-o", str(out / "data.nq")]) == 0
    return all_bytes(out)


def by_package(
    made: Export, keys: Keys, out: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, bytes]:
    """Give what the command package writes, and the reports of what it checked."""
    reports: dict[str, bytes] = {}

    @contextmanager
    def checking_aloud(*args: Any, **more: Any) -> Iterator[Checked]:
        with check(*args, **more) as checked:
            report = check_report(checked)
            for form in FORMS:
                for lang in LANGS:
                    reports[f"{form} {lang}"] = _unpacked(written(report, form, lang))
            yield checked

    sent = out / "made.dpcsub"
    out.mkdir()
    signing = ["--signing-key", str(keys.folder / "signing"), "--coalition-epoch", "1"]
    with monkeypatch.context() as patch:
        patch.setattr("dpc_kg.validate.check.check", checking_aloud)
        code = main(["package", *options(made, keys), *signing, "-o", str(sent)])
    assert len(reports) == len(FORMS) * len(LANGS)
    # what is refused leaves nothing behind but its message, which is looked at too
    assert sent.is_file() == (code == 0)
    if code == 0:
        shutil.unpack_archive(sent, out / "unpacked", "zip")
    return all_bytes(out) | reports


def _unpacked(made: bytes) -> bytes:
    """Give what a workbook holds; another form as it is."""
    if not made.startswith(b"PK"):
        return made
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        return b"\n".join(book.read(name) for name in book.namelist())


class PersonalLeak(Exception):
    """What stood in a personal or undeclared field was found; the files that hold it."""


class CodedLeak(Exception):
    """A name that stood in a column of labels or codes was found; the files that hold it."""


@pytest.mark.parametrize("generator", TRIED)
def test_nothing_personal_leaves(
    generator: str,
    tmp_path: Path,
    watched: dict[str, bytes],
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    before: Make,
    keys: Keys,
    put_in: dict[str, tuple[int, int]],
) -> None:
    was = before(generator)
    given = len(was.personal.given)
    put_personal(was.made, was.personal)
    assert len(was.personal.given) >= given + RECORDS, "the canaries were put in"
    put_in[generator] = len(was.personal.given), len(was.coded.given)
    written = by_package(was.made, keys, tmp_path / "package", monkeypatch)
    if FULL:
        written |= {f"lift/{n}": d for n, d in by_lift(was.made, keys, tmp_path / "lift").items()}
    (checked,) = (data for name, data in watched.items() if CHECKED.search(name))
    assert checked == was.data, "a personal or undeclared field changes what is written"
    out, err = capfdbinary.readouterr()
    written |= {"standard output": out, "standard error": err, **watched}
    written |= {f"before/{name}": data for name, data in was.written.items()}
    assert all(len(data) for name, data in written.items() if name.endswith("data.nq"))
    plain = digests(was.personal.given + was.coded.given)
    leaks = {
        name
        for name, data in written.items()
        if traces(data) or seen(data) or plain & set(re.findall("[0-9a-f]{32,128}", _low(data)))
    }
    print(f"{generator}: {len(was.personal.given)} personal canaries, {len(was.coded.given)} coded")
    held = b"\0".join(written[name] for name in leaks)
    if any(text.encode() in held for text in was.personal.given):
        raise PersonalLeak(sorted(leaks))
    if leaks:
        raise CodedLeak(sorted(leaks))


def test_enough_canaries_were_put_in(put_in: dict[str, tuple[int, int]]) -> None:
    if set(put_in) != set(TRIED):
        pytest.skip("needs the canaries of every source")
    personal, coded = (sum(counts) for counts in zip(*put_in.values(), strict=True))
    print(f"{len(put_in)} sources: {personal} personal canaries, {coded} coded")
    assert personal >= PERSONAL
    assert coded >= CODED


def _low(data: bytes) -> str:
    return data.lower().decode("utf-8", "replace")


@pytest.mark.parametrize("form", ["utf-8", "utf-16-le", "hex", "json", "base64"])
def test_the_search_finds_what_is_hidden(form: str) -> None:
    import base64
    import json

    name = Canaries("any").name()
    hidden = {
        "utf-8": name.upper().encode(),
        "utf-16-le": name.encode("utf-16-le"),
        "hex": name.encode().hex().upper().encode(),
        "json": json.dumps({"a": name}).replace("Q", "\\u0051").encode(),
        "base64": base64.b64encode(b"x" + name.encode()),
    }[form]
    assert traces(hidden) or seen(hidden)
    assert not traces(b"") and not seen(b'{"a": 1}')


@pytest.mark.parametrize("generator", TRIED)
def test_a_dictionary_finds_nothing_without_the_key(
    generator: str, before: Make, keys: Keys
) -> None:
    was = before(generator)
    names = set(re.findall(r"/id/[^/>]+/([^/>]+)/([0-9a-f]{64})", was.data.decode()))
    published, kinds = {name for _, name in names}, sorted({kind for kind, _ in names})
    if not published:
        pytest.skip(f"{generator} publishes no pseudonym")
    shortened = {name[:digits] for name in published for digits in (32, 40, 64)}
    numbers = (str(number) for number in range(CANDIDATES))
    for candidate in itertools.chain(was.values, numbers):
        for text in (candidate, *_texts(was.made, kinds, candidate)):
            assert shortened.isdisjoint(_guesses(text.encode()))
    known = {
        hmac.digest(keys.partner, text.encode(), "sha256").hex()
        for candidate in was.values
        for text in _texts(was.made, kinds, candidate)
    }
    hashes = {
        hmac.digest(keys.coalition, f"{kind}:{c.lower()}".encode(), "sha256").hex()
        for c in was.values
        for kind in ("md5", "sha1", "sha256")
    }
    assert (known | hashes) & published, "with the key the same dictionary finds them"


def _texts(made: Export, kinds: list[str], candidate: str) -> Iterator[str]:
    """Give the texts that could be behind a pseudonym; a source's name may stand behind its key."""
    for kind in kinds:
        yield entity_text(ORG, kind, candidate)
    if made.mapping in SOURCED:
        for kind, source in itertools.product(kinds, made.sources):
            yield entity_text(ORG, kind, candidate, source)


def _guesses(raw: bytes) -> Iterator[str]:
    """Give what an outsider would try: plain hashes, and HMAC without a key."""
    yield hashlib.md5(raw).hexdigest()
    yield hashlib.sha1(raw).hexdigest()
    yield hashlib.sha256(raw).hexdigest()
    yield hmac.digest(b"", raw, "sha256").hex()
    yield hmac.digest(bytes(32), raw, "sha256").hex()
