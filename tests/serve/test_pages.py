"""The pages: what they tell, and that they load nothing and run nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import DpcError, NotSupported, StoreError
from dpc_kg.serve import ServeSettings, run
from dpc_kg.serve.home import CONTENTS, refused
from dpc_kg.serve.labels import cell, duration, heading
from dpc_kg.serve.pages import style
from dpc_kg.serve.server import is_loopback
from dpc_kg.store.catalogue import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from tests.serve.conftest import Serve, Served

PAGES = ("/", "/queries", f"/queries/{CONTENTS}", "/queries/risk-and-age-by-helpline.html")
SUMMARY = {
    "source": "aselo",
    "read": 5000,
    "quads": 60000,
    "dropped": 7,
    "unknown": 3,
    "refused": 25,
    "planted": 25,
    "found": 25,
    "extra": 0,
}


class Page(HTMLParser):
    """Collects what the checks need."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_and_nothing_runs(served: Served, path: str) -> None:
    answer = served.client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    page = Page(answer.text)
    assert page.open == []
    assert not page.all("script", "link", "img", "iframe", "object", "embed", "audio", "video")
    for tag, attrs in page.tags:
        assert not {name for name in attrs if name in ("src", "srcset", "style", "background")}, tag
        assert not {name for name in attrs if name.startswith("on")}
        for name in ("href", "action"):
            target = attrs.get(name)
            assert target is None or target.startswith(("/", "#")), target
    assert not re.search(r"url\(|@import", style())


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_allows_exactly_this_style_sheet(served: Served, path: str) -> None:
    answer = served.client.get(path, headers={"Accept": "text/html"})
    sheet = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert sheet is not None
    digest = base64.b64encode(hashlib.sha256(sheet[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_can_be_used_without_eyes_or_mouse(served: Served, path: str) -> None:
    page = Page(served.client.get(path, headers={"Accept": "text/html"}).text)
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("html")[0]["dir"] == "ltr"
    assert page.all("a")[0]["href"] == "#main"
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    fragments = {str(a["href"])[1:] for a in page.all("a") if str(a.get("href")).startswith("#")}
    assert fragments <= set(ids)
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.all("th"))
    labelled = {attrs["for"] for attrs in page.all("label")}
    assert {attrs["id"] for attrs in page.all("input")} == labelled


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_contrast(mode: int) -> None:
    """WCAG 2.1 AA: 4.5 for text, 3 for the edges of controls and marks."""
    block = re.findall(r":root \{([^}]*)\}", style())[mode]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))

    def contrast(one: str, other: str) -> float:
        light, dark = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    for text in ("ink", "soft", "link"):
        assert contrast(text, "page") >= 4.5
        assert contrast(text, "band") >= 4.5
    assert contrast("note-ink", "note") >= 4.5
    assert contrast("bad-ink", "bad") >= 4.5
    assert contrast("bad-line", "page") >= 3


def test_the_home_page_tells_what_there_is(serve: Serve, tmp_path: Path) -> None:
    summary = tmp_path / "summary.json"
    summary.write_text(json.dumps({"sources": [SUMMARY]}), encoding="utf-8")
    served = serve(demo=True, summary=summary, title="A title with <b>")
    text = served.client.get("/").text
    assert "Synthetic data" in text
    assert "A title with &lt;b&gt;" in text
    assert "<b>" not in text
    for query in catalogue("report").values():
        assert query.title in text
        if query.name != CONTENTS:
            assert f'id="q-{query.name}"' in text
    assert "Helpline contact <strong>3,000</strong>" in text  # by its label
    assert "2024-07-01" in text
    assert "What was refused" in text
    assert "60,000" in text
    assert f"curl {served.url}/sparql" in text
    again = served.client.get("/").text
    assert again == text


def test_the_home_page_of_an_empty_store(serve: Serve, tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "empty"))
    store.flush()
    del store
    answer = serve(view=tmp_path / "empty").client.get("/")
    assert answer.status_code == 200
    assert "Synthetic data" not in answer.text
    assert "What was refused" not in answer.text
    assert "The answer has no rows." in answer.text
    assert 'class="bad"' not in answer.text


def test_the_home_page_survives_a_query_that_does_not_end(serve: Serve) -> None:
    answer = serve(deadline_seconds=0.001, workers=1).client.get("/")
    assert answer.status_code == 200
    assert 'class="bad"' in answer.text


def test_the_readers_own_questions_work(served: Served) -> None:
    """The example on the page is a query that runs."""
    text = served.client.get("/").text
    example = re.search(r"'query=\n(.*?)'</code>", text, re.DOTALL)
    assert example is not None
    answer = served.client.post("/sparql", data={"query": example[1]})
    assert answer.status_code == 200
    rows = answer.json()["results"]["bindings"]
    assert rows[0]["records"]["value"] == "6000"


def test_saved_queries_in_every_format(served: Served) -> None:
    get = served.client.get
    path = "/queries/risk-and-age-by-helpline"
    table = get(path + ".csv").text.splitlines()
    assert table[0].startswith("organization,ageBand")
    assert len(table) == 3
    assert get(path, headers={"Accept": "text/csv"}).text.splitlines() == table
    found = get(path, headers={"Accept": "application/json"}).json()
    assert [row["contacts"] for row in found["rows"]] == [1500, 1500]
    one = get(path + ".json", params={"organization": "alpha"}).json()
    assert len(one["rows"]) == 1
    assert get(path + ".xlsx").content.startswith(b"PK")
    page = get(path, params={"organization": "alpha"}, headers={"Accept": "text/html"}).text
    assert "?organization=alpha" in page
    assert 'value="alpha"' in page
    assert "13 to 15" in page or "13-15" in page
    listed = get("/queries", headers={"Accept": "application/json"}).json()["queries"]
    assert listed == get("/queries.json").json()["queries"]
    assert {entry["name"] for entry in listed} == set(catalogue())


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/queries/none", 404, "not-found"),
        ("/queries/shared-hashes.exe", 404, "not-found"),
        ("/queries/..%2f..%2fetc", 404, "not-found"),
        ("/queries/shared-hashes.csv?nothing=1", 400, "parameter"),
        ("/queries/shared-hashes.csv?algorithm=md5&algorithm=md5", 400, "parameter"),
        ("/queries/shared-hashes.csv?algorithm=%22%7D%20UNION", 400, "parameter"),
        ("/queries/shared-hashes.csv?algorithm=%ff", 400, "query-encoding"),
        ("/nothing", 404, "not-found"),
    ],
)
def test_refusals(served: Served, path: str, status: int, reason: str) -> None:
    answer = served.client.get(path)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert "UNION" not in answer.text


def test_a_wrong_parameter_is_explained_on_the_page(served: Served) -> None:
    answer = served.client.get(
        "/queries/shared-hashes.html", params={"algorithm": "<script>alert(1)</script>"}
    )
    assert answer.status_code == 400
    assert "<script" not in answer.text
    assert 'class="bad"' in answer.text


def test_head(served: Served) -> None:
    for path in ("/", "/livez", "/readyz", "/queries"):
        answer = served.client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_words() -> None:
    assert heading("reportToReferralSeconds") == "report to referral seconds"
    assert cell(36_210_368, "en").text == "36,210,368"
    assert cell(0.5, "en").text == "0.5"
    assert cell(True, "en").text == "yes"
    assert cell(None, "en").text == "–"
    assert cell("2024-07-01T13:05:00Z", "en").text == "2024-07-01 13:05 UTC"
    assert cell("https://w3id.org/dpc/id/coalition/hash/" + "ab" * 32, "en").text == "abababab…"
    assert cell("https://w3id.org/dpc/id/a-b/organization/a-b", "en").text == "a-b"
    assert cell("https://w3id.org/dpc/codes/period/2024-05", "en").text == "2024-05"
    assert duration(93_600) == "1 d 2 h"
    assert duration(-150) == "−2 min"
    assert duration(59) is None
    assert duration(None) is None


def test_a_damaged_summary(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    assert refused(path) == ()
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DpcError, match="summary"):
        refused(path)


def test_workers_and_settings_need_no_web_framework() -> None:
    code = "import sys, dpc_kg.serve, dpc_kg.serve.worker; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"fastapi", "starlette", "uvicorn", "jinja2", "rdflib", "duckdb"} & set(found)


def test_only_this_machine(view: Path, tmp_path: Path) -> None:
    settings = ServeSettings(view=view, audit=tmp_path / "audit.jsonl")
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org", ""):
        with pytest.raises(NotSupported, match="this machine only"):
            run(settings, host, 0)
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost")))
    with pytest.raises(StoreError, match="no store"):
        run(ServeSettings(view=tmp_path / "none"), "127.0.0.1", 0)
    with pytest.raises(StoreError, match="no store"):
        run(ServeSettings(view=tmp_path), "127.0.0.1", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(DpcError, match="port"):
        run(settings, "127.0.0.1", taken.getsockname()[1])
