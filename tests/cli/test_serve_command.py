"""``dpc-kg serve`` from a shell: it answers on this machine only, and stops at Ctrl+C."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from dpc_kg.exchange.receive import Hub
from tests.cli.conftest import ORG

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Office, Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="serve is for Linux")


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    Hub.create(tmp_path / "hub").close()
    return tmp_path / "hub"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    assert isinstance(port, int)
    return port


def wait_for(url: str, seconds: float = 30) -> httpx.Response:
    end = time.monotonic() + seconds
    while True:
        try:
            return httpx.get(url, timeout=10)
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_it_answers_and_stops(hub: Path) -> None:
    base = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "dpc_kg", "serve", "--dir", str(hub)]
    command += ["--port", base.rsplit(":", 1)[1]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert wait_for(f"{base}/livez").status_code == 200
            asked = {"query": "ASK { ?s ?p ?o }"}
            headers = {"Accept": "application/sparql-results+json"}
            answer = httpx.get(f"{base}/sparql", params=asked, headers=headers, timeout=30)
            assert answer.status_code == 200
            assert "boolean" in answer.json()
            assert httpx.get(f"{base}/", timeout=30).status_code == 200
        finally:
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
    assert out == b""
    assert f"Serving {hub} at {base}/" in err.decode()
    assert b"Traceback" not in err


def test_what_is_withdrawn_is_answered_no_more(office: Office) -> None:
    """Submitted and withdrawn while the server runs, by other processes as it were."""
    package = office.ready()
    base = f"http://127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "dpc_kg",
        "serve",
        *office.hub,
        "--port",
        base.rsplit(":", 1)[1],
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            wait_for(f"{base}/livez")
            assert ORG not in contents(base)
            receipt = office.submit(package)
            until(lambda: ORG in contents(base))
            office.done("withdraw", receipt["id"], *office.hub)
            until(lambda: ORG not in contents(base))
            assert ORG not in httpx.get(f"{base}/", timeout=30).text
            until(lambda: not held_open(process.pid))
        finally:
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
    assert b"Traceback" not in err
    case = f"{ORG}/case".encode()
    files = [path for path in office.folder.joinpath("hub").rglob("*") if path.is_file()]
    assert [path for path in files if case in path.read_bytes()] == []


def contents(base: str) -> str:
    """Give what the server says that it holds."""
    answer = httpx.get(f"{base}/queries/what-is-in-the-store.csv", timeout=30)
    assert answer.status_code == 200
    return answer.text


def until(holds: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def held_open(server: int) -> list[str]:
    """Give the removed files that the workers of a server still have open (on Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if f"PPid:\t{server}\n" in path.read_text(encoding="utf-8"):
                links = (str(one.readlink()) for one in (path.parent / "fd").iterdir())
                found += [link for link in links if "/views/" in link and "(deleted)" in link]
    return found


def test_another_machine_is_not_offered(run: Run, hub: Path) -> None:
    done = run("serve", "--dir", hub, "--host", "0.0.0.0", "--port", free_port())
    assert (done.code, done.out) == (3, "")
    assert "this machine only" in done.err
    assert "Serving" not in done.err
