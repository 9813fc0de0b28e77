"""The canary law: nothing personal leaves, whatever is written where, and whoever looks for it.

Invented names, numbers, addresses and handles stand in every personal and undeclared field, and
names in the columns of codes. No file, report, package, message or temporary file holds a trace.
"""

import hashlib
import hmac
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dpc_kg.base.identifiers import entity_text
from dpc_kg.base.settings import LANGS
from dpc_kg.cli import checking, main
from dpc_kg.exchange.signing import SigningKey
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.plan import Call, Const, calls, expressions, references, terms
from dpc_kg.validate.check import check, check_report
from tests.lift.laws.canaries import Canaries, all_bytes, digests, seen, traces
from tests.lift.laws.exports import ORG, VARIANTS, Export, export
from tests.lift.laws.leaves import Leaf
from tests.lift.laws.sizes import size
from tests.lift.laws.walks import walk

RECORDS = size(10, 150)
CANDIDATES = size(5_000, 150_000)  # of each source: a million in all
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


def lifted(made: Export, key: bytes, coalition: bytes, out: Path) -> bytes:
    request = LiftRequest(made.mapping, made.sources, ORG, "law", key, coalition)
    with open_lift(request) as one:
        one.write(out)
    return out.read_bytes()


def everything_written(
    made: Export, folder: Path, key: bytes, coalition: bytes
) -> Iterator[tuple[str, bytes]]:
    """Give what lift, validate and package write, by name."""
    request = LiftRequest(made.mapping, made.sources, ORG, "law", key, coalition)
    with check(request) as checked:
        report = check_report(checked)
        for form in checking._FORMS:
            for lang in LANGS:
                yield f"{form} {lang}", checking._written(report, form, lang).encode()
    out = folder / "written"
    out.mkdir()
    for name, secret in (("key", key), ("coalition", coalition)):
        (folder / name).write_text(secret.hex(), encoding="ascii")
    SigningKey.generate().save(folder / "signing")
    options = [
        *("--mapping", made.mapping, "--org", ORG, "--dataset", "law", "--extracted-at", WHEN),
        *("--key-file", str(folder / "key"), "--coalition-key-file", str(folder / "coalition")),
        *(f"--source={name}={path}" for name, path in made.sources.items()),
    ]
    package = ["--signing-key", str(folder / "signing"), "--coalition-epoch", "1"]
    assert main(["lift", *options, "-o", str(out / "data.nq")]) == 0
    sent = out / "made.dpcsub"
    code = main(["package", *options, *package, "-o", str(sent)])
    # what is refused leaves nothing behind but its message, which is looked at too
    assert sent.is_file() == (code == 0)
    if code == 0:
        shutil.unpack_archive(sent, out / "unpacked", "zip")
    yield from all_bytes(out).items()


@pytest.mark.parametrize("generator", VARIANTS)
def test_nothing_personal_leaves(
    generator: str,
    tmp_path: Path,
    watched: dict[str, bytes],
    capfdbinary: pytest.CaptureFixture[bytes],
    partner_key: bytes,
    coalition_key: bytes,
) -> None:
    made = export(generator, tmp_path / "export", RECORDS)
    keys = partner_key, coalition_key
    personal, coded = Canaries(f"{generator}/personal"), Canaries(f"{generator}/coded")
    walk(made, lambda _: None, personal.any)
    before = lifted(made, *keys, tmp_path / "before.nq")
    put_personal(made, personal)
    assert len(personal.given) >= RECORDS, "the canaries were put in"
    after = lifted(made, *keys, tmp_path / "after.nq")
    assert after == before, "a personal or undeclared field changes what is written"
    put_coded(made, coded)
    written = dict(everything_written(made, tmp_path, *keys))
    out, err = capfdbinary.readouterr()
    written |= {"standard output": out, "standard error": err, **watched}
    assert all(len(data) for name, data in written.items() if name.endswith("data.nq"))
    plain = digests(personal.given + coded.given)
    leaks = {
        name
        for name, data in written.items()
        if traces(data) or seen(data) or plain & set(re.findall("[0-9a-f]{32,128}", _low(data)))
    }
    print(f"{generator}: {len(personal.given)} personal canaries, {len(coded.given)} coded")
    assert leaks == set()
    assert any(name.endswith("data.nq") for name in watched), "temporary files were looked at"


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


# -- a dictionary of identifiers


def values_of(made: Export) -> set[str]:
    found: set[str] = set()
    walk(made, lambda leaf: found.add(leaf.text))
    return found


@pytest.mark.parametrize("generator", VARIANTS)
def test_a_dictionary_finds_nothing_without_the_key(
    generator: str, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    made = export(generator, tmp_path / "export", RECORDS)
    data = lifted(made, partner_key, coalition_key, tmp_path / "data.nq").decode()
    names = set(re.findall(r"/id/[^/>]+/([^/>]+)/([0-9a-f]{64})", data))
    published, kinds = {name for _, name in names}, sorted({kind for kind, _ in names})
    if not published:
        pytest.skip(f"{generator} publishes no pseudonym")
    candidates = values_of(made) | {str(number) for number in range(CANDIDATES)}
    found = {
        digest
        for candidate in candidates
        for text in (candidate, *(entity_text(ORG, kind, candidate) for kind in kinds))
        for digest in _guesses(text.encode())
    }
    assert not found & {name[: len(f)] for name in published for f in (name, name[:32], name[:40])}
    known = {
        hmac.new(partner_key, entity_text(ORG, kind, c).encode(), hashlib.sha256).hexdigest()
        for c in values_of(made)
        for kind in kinds
    }
    hashes = {
        hmac.new(coalition_key, f"{kind}:{c.lower()}".encode(), hashlib.sha256).hexdigest()
        for c in values_of(made)
        for kind in ("md5", "sha1", "sha256")
    }
    assert (known | hashes) & published, "with the key the same dictionary finds them"


def _guesses(raw: bytes) -> Iterator[str]:
    """Give what an outsider would try: plain hashes, and HMAC without a key."""
    yield hashlib.md5(raw).hexdigest()
    yield hashlib.sha1(raw).hexdigest()
    yield hashlib.sha256(raw).hexdigest()
    yield hmac.digest(b"", raw, "sha256").hex()
    yield hmac.digest(bytes(32), raw, "sha256").hex()
