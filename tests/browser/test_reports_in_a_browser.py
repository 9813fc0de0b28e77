"""Reports in a real browser: no breach of WCAG 2.1 A or AA, nothing fetched from elsewhere.

Needs Chromium and what ``make check-browser`` installs; skipped by name without them.
"""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.settings import LANGS
from dpc_kg.validate.forms.html import to_html
from dpc_kg.validate.report import CheckReport
from tests.validate.reports import REPORT

HERE = Path(__file__).parent
MODULES = HERE.parent.parent / ".venv-check" / "browser" / "node_modules"
CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)
MINUTES = 5
DESCRIBED = {"faulty": REPORT, "clean": CheckReport(5, 0)}

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or shutil.which("node") is None or not MODULES.is_dir(),
    reason="Chromium, node or what make check-browser installs is not on this machine",
)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve every report in every language on this machine; give the address."""
    folder = tmp_path_factory.mktemp("site")
    for name, report in DESCRIBED.items():
        for lang in LANGS:
            page = folder / f"{name}-{lang}.html"
            page.write_text(to_html(report, lang), encoding="utf-8")
    (folder / "bad.html").write_text(
        "<!doctype html><title>x</title><img src='http://example.org/x.png'><a href='#'></a>",
        encoding="utf-8",
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def looked_at(urls: list[str]) -> list[dict[str, Any]]:
    shots = os.environ.get("DPC_SCREENSHOTS", "-")
    args = ["node", str(HERE / "look.mjs"), str(MODULES), str(CHROMIUM), shots, *urls]
    done = subprocess.run(args, capture_output=True, text=True, timeout=60 * MINUTES, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_reports_break_no_rule_of_accessibility(site: str) -> None:
    urls = [f"{site}/{name}-{lang}.html" for name in DESCRIBED for lang in LANGS]
    found = looked_at(urls)
    assert len(found) == 2 * len(urls)
    for one in found:
        assert one["violations"] == [], (one["url"], one["colorScheme"])
        assert one["outside"] == []
        assert one["passes"] > 5


def test_the_check_can_fail(site: str) -> None:
    one, _ = looked_at([f"{site}/bad.html"])
    assert {"image-alt", "link-name"} <= {v["id"] for v in one["violations"]}
    assert one["outside"] == ["example.org"]
