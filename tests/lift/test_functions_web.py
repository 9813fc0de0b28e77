"""Addresses on a network: one way of writing each, and what is none."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.lift.calling import Bench, Cells


@pytest.fixture
def bench(outside: Any, tmp_path: Path) -> Bench:
    return Bench(outside, tmp_path, "list,value,code,scheme\n")


SAME = {
    "http://example.invalid/": "http://example.invalid/",
    " HTTPS://Example.INVALID/Path?Q=A#B ": "https://example.invalid/Path?Q=A#B",
    "http://Example.invalid": "http://example.invalid",
    "http://Example.invalid?Q": "http://example.invalid?Q",
    "http://example.invalid:8080/": "http://example.invalid:8080/",
    "http://example.invalid:80/": "http://example.invalid:80/",
    "http://User:Pass@EXAMPLE.invalid/": "http://User:Pass@example.invalid/",
    "http://[2001:DB8::1]/A": "http://[2001:db8::1]/A",
    "http://ÜBER.example/Ü": "http://über.example/Ü",
    "http://صور.Example/%D8%B5": "http://صور.example/%D8%B5",
    "FTP://Example.invalid/A B".replace(" ", "%20"): "ftp://example.invalid/A%20B",
    "MAGNET:?xt=urn:btih:0A": "magnet:?xt=urn:btih:0A",
}
MALFORMED = (
    "example.invalid/page",
    "www.example.invalid",
    "http:/example.invalid",
    "http://",
    "http:///path",
    "http://:80/",
    "://example.invalid",
    "hxxp://example.invalid/",
    "HXXPS://example.invalid/",
    "http://example[.]invalid/",
    "http://exam ple.invalid/",
    "http://example.invalid/a b",
    "http://example.invalid:port/",
    "http://example.invalid\\path",
    "<http://example.invalid/>",
    "http://a.invalid/\nhttp://b.invalid/",
    "javascript:alert(1)",
    "magnet:",
    "see notes",
)


def test_only_scheme_and_host_are_lowered(bench: Bench) -> None:
    expected: Cells = {cell: (address, None) for cell, address in SAME.items()}
    assert bench("webAddress", list(SAME)) == {**expected}


def test_what_is_no_address_is_a_fault(bench: Bench) -> None:
    expected: Cells = {**dict.fromkeys(MALFORMED, (None, "web-address")), "": (None, None)}
    assert bench("webAddress", list(expected)) == expected


def test_paths_that_differ_in_case_are_two_places(bench: Bench) -> None:
    made = bench("webAddress", ["http://a.invalid/x", "http://a.invalid/X", "HTTP://A.invalid/x"])
    one, two, three = (value for value, _ in made.values())
    assert one == three != two


def test_every_cell_is_one_or_the_other(bench: Bench) -> None:
    """Over all short texts of the marks that matter an address is made, or a fault, never both."""
    cells = ["http:" + "".join(tail) for tail in itertools.product("/a.:@[?", repeat=4)]
    for value, rule in bench("webAddress", cells).values():
        assert (value is None) == (rule == "web-address")
