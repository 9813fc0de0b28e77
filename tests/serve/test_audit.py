"""The audit: what it holds, that it comes first, and that without it nothing is answered."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import stat
import sys
from typing import TYPE_CHECKING, Any

import pytest

from dpc_kg.serve.audit import Audit, Entry, fingerprint
from dpc_kg.serve.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from tests.serve.conftest import Serve

SECRET = "Amina"
ENTRY = Entry("0" * 64, "SELECT", 200, "complete", 1, 10, 1.234)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_one_line_a_query_and_no_text(serve: Serve) -> None:
    served = serve(workers=1)
    query = f"SELECT * {{ ?s ?p '{SECRET}' }}"
    served.client.get("/sparql", params={"query": query})
    served.client.get("/sparql", params={"query": f"ASK {{ ?s ?p '{SECRET}' "})
    served.client.get("/sparql", params={"query": f"SELECT * {{ SERVICE <x:{SECRET}> {{}} }}"})
    served.client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/html"})
    served.client.get("/queries/risk-and-age-by-helpline.json", params={"ageBand": "13-15"})
    served.client.get("/queries/risk-and-age-by-helpline.html", params={"ageBand": SECRET + " "})
    served.client.get("/sparql")
    text = served.audit.read_text(encoding="utf-8")
    assert SECRET not in text
    found = lines(served.audit)
    assert [(line["form"], line["status"], line["outcome"]) for line in found] == [
        ("SELECT", 200, "complete"),
        ("ASK", 400, "query-syntax"),
        (None, 400, "query-service"),
        (None, 406, "not-acceptable"),
        ("risk-and-age-by-helpline", 200, "complete"),
        ("risk-and-age-by-helpline", 400, "parameter"),
    ]
    assert found[0]["query"] == hashlib.sha256(query.encode()).hexdigest()
    assert set(found[0]) == {"at", "query", "form", "status", "outcome", "rows", "bytes", "ms"}
    assert found[0]["rows"] == 0
    assert found[4]["rows"] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_only_the_operator_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    asyncio.run(_write(path, 1))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_torn_line_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b'{"torn": ')
    asyncio.run(_write(path, 1))
    assert path.read_bytes().startswith(b'{"torn": \n{"at":')


def test_lines_that_wait_together_are_synced_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs: list[int] = []
    real = os.fsync

    def counted(file: int) -> None:
        syncs.append(file)
        real(file)

    monkeypatch.setattr(os, "fsync", counted)
    path = tmp_path / "audit.jsonl"
    asyncio.run(_write(path, 100))
    assert len(lines(path)) == 100
    assert 1 <= len(syncs) <= 10


async def _write(path: Path, count: int) -> None:
    audit = Audit(path)
    await asyncio.gather(*(audit.write(ENTRY) for _ in range(count)))
    await audit.close()


def test_without_a_record_there_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem) as caught:
        asyncio.run(_write(tmp_path / "audit.jsonl", 1))
    assert (caught.value.status, caught.value.reason) == (503, "audit-unavailable")
    assert str(tmp_path) not in str(caught.value)


def test_a_server_that_cannot_record_answers_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(workers=1)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    def ask(query: str) -> httpx.Response:
        return served.client.get("/sparql", params={"query": query})

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for query in ("ASK {}", "SELECT * {?s ?p ?o}", "SELECT * { SERVICE <x:y> {} }"):
            assert (ask(query).status_code, ask(query).json()["reason"]) == (
                503,
                "audit-unavailable",
            )
    assert ask("ASK {}").status_code == 200


def test_fingerprint() -> None:
    assert fingerprint("ASK {}") == hashlib.sha256(b"ASK {}").hexdigest()
    assert len(fingerprint("\ud800")) == 64
