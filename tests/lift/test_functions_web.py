"""The functions of addresses, conditions and lists that name lists, over a column of cells."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.identifiers import entity_iri
from dpc_kg.base.vocab import ID
from tests.lift import test_functions
from tests.lift.test_functions import KEY, Bench, Cells

CODES_CSV = """list,value,code,scheme
scheme,IWF,iwf-category,example
scheme,UCS,ucs,example
scheme,HOUSE,,example
iwf-category,A,iwf-category/a,example
organization,We,self,example
organization,They,their-hotline,example
"""


@pytest.fixture
def bench(outside: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(test_functions, "CODES_CSV", CODES_CSV)
    return Bench(outside, tmp_path)


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
    expected: Cells = {**dict.fromkeys(MALFORMED, (None, "syntax")), "": (None, None)}
    assert bench("webAddress", list(expected)) == expected


def test_paths_that_differ_in_case_are_two_places(bench: Bench) -> None:
    made = bench("webAddress", ["http://a.invalid/x", "http://a.invalid/X", "HTTP://A.invalid/x"])
    one, two, three = (value for value, _ in made.values())
    assert one == three != two


def test_a_value_is_given_where_another_cell_holds_something(bench: Bench) -> None:
    made = bench("given", ["x", "", " "], value="k", when="$v")
    assert [value for value, _ in made.values()] == ["k", None, None]
    either = bench("given", ["x", ""], value="k", when="", when2="$v", when12="$v")
    assert [value for value, _ in either.values()] == ["k", None]


def test_what_is_required_is_missed(bench: Bench) -> None:
    expected: Cells = {"a": ("a", None), "": (None, "missing-key"), "  ": (None, "missing-key")}
    assert bench("required", list(expected)) == expected


def test_time_runs_forward_or_not_at_all(bench: Bench) -> None:
    cells = ["2024-03-01T00:00:00Z", "2024-03-01T02:00:00+01:00", "2024-02-29T23:59:59Z", ""]
    made = bench("elapsed", cells, **{"from": "2024-03-01T00:00:00Z", "to": "$v"})
    assert [value for value, _ in made.values()] == ["0", "3600", None, None]


@pytest.mark.parametrize(
    ("scheme", "made"),
    [
        ("IWF", ["iwf-category/a", "iwf-category/unmapped", None]),
        ("UCS", ["ucs/unmapped", "ucs/unmapped", None]),
        ("HOUSE", [None, None, None]),
        ("other", [None, None, None]),
        ("", [None, None, None]),
    ],
)
def test_a_scheme_chooses_the_list(bench: Bench, scheme: str, made: list[str | None]) -> None:
    found = bench("codeOfScheme", ["A", "Z", ""], list="scheme", named=scheme, value="$v")
    assert [value for value, _ in found.values()] == made


def test_an_organisation_is_known_by_its_own_name_or_a_pseudonym(bench: Bench) -> None:
    made = bench(
        "organizationListed", ["We", "They", "Others", ""], list="organization", value="$v"
    )
    assert [value for value, _ in made.values()] == [
        f"{ID}example-org/organization/example-org",
        f"{ID}their-hotline/organization/their-hotline",
        entity_iri("example-org", "organization", KEY, "Others"),
        None,
    ]


def test_every_cell_is_one_or_the_other(bench: Bench) -> None:
    """Over all short texts of the marks that matter an address is made, or a fault, never both."""
    cells = ["http:" + "".join(tail) for tail in itertools.product("/a.:@[?", repeat=4)]
    for value, rule in bench("webAddress", cells).values():
        assert (value is None) == (rule == "syntax")
