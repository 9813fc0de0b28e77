"""The functions a mapping may call, each over a table of cells: value, fault rule, unknown code."""

from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.identifiers import entity_iri, hash_iri
from dpc_kg.base.vocab import EXT, ID
from tests.lift.calling import KEY, Bench, Cells

COALITION = b"c" * 32
CODES_CSV = """list,value,code,scheme
sex,F,sex/girl,example
sex,Autre,,example
area,Nord,NO,example
limits,soon,3600,example
quote's,it's,sex/boy,example
"""


@pytest.fixture
def bench(outside: Any, tmp_path: Path) -> Bench:
    return Bench(outside, tmp_path, CODES_CSV, COALITION)


AGES: Cells = {
    **dict.fromkeys(["0", "4", "04"], ("age-band/0-4", None)),
    **dict.fromkeys(["5", "9"], ("age-band/5-9", None)),
    **dict.fromkeys(["10", "12"], ("age-band/10-12", None)),
    **dict.fromkeys(["13", "15", " 15 "], ("age-band/13-15", None)),
    **dict.fromkeys(["16", "17"], ("age-band/16-17", None)),
    **dict.fromkeys(["18", "120", ">25", "> 17"], ("age-band/18-plus", None)),
    **dict.fromkeys(["", "Unknown", "inconnu", "Other", "غير معروف"], ("age-band/unknown", None)),
    "Unborn": ("age-band/unborn", None),
    **dict.fromkeys(
        ["121", "212", "-1", "1.5", "9999", "ten", "1e1", "١٢", ">5", "12 years"], (None, "age")
    ),
}
TRISTATES: Cells = {
    **dict.fromkeys(["true", "TRUE", "yes", "Y", "1", " true "], ("tristate/yes", None)),
    **dict.fromkeys(["false", "No", "n", "0"], ("tristate/no", None)),
    **dict.fromkeys(["", "unknown"], ("tristate/unknown", None)),
    "mixed": ("tristate/mixed", None),
    **dict.fromkeys(["oui", "2", "tru"], ("tristate/unknown", "boolean")),
}
INTEGERS: Cells = {
    "0": ("0", None),
    "007": ("7", None),
    "-5": ("-5", None),
    "1,157,390": ("1157390", None),
    "1 157 390": ("1157390", None),
    "1\u00a0157": ("1157", None),
    "1\u202f157": ("1157", None),
    "9" * 30: ("9" * 30, None),
    "": (None, None),
    **dict.fromkeys(
        ["1.5", "1e3", "1,15", "1,1574", ",157", "five", "٣", "0x1F", "--1", "1-2", "9" * 60],
        (None, "number"),
    ),
}
COUNTRIES: Cells = {
    "FR": (EXT + "iso3166-1-alpha-2/FR", None),
    " fr ": (EXT + "iso3166-1-alpha-2/FR", None),
    "": (None, None),
    **dict.fromkeys(["FRA", "F", "F1", "É1", "France"], (None, "country")),
}
AREAS: Cells = {
    "FRA": (EXT + "iso3166-1-alpha-3/FRA", None),
    "": (None, None),
    **dict.fromkeys(["FR", "fra", "FRAN", "F1A"], (None, "country")),
}


@pytest.mark.parametrize(
    ("function", "table"),
    [
        pytest.param("ageBand", AGES, id="ageBand"),
        pytest.param("tristate", TRISTATES, id="tristate"),
        pytest.param("integer", INTEGERS, id="integer"),
        pytest.param("country", COUNTRIES, id="country"),
        pytest.param("area3", AREAS, id="area3"),
    ],
)
def test_one_cell_functions(bench: Bench, function: str, table: Cells) -> None:
    assert bench(function, list(table)) == table


@pytest.mark.parametrize(
    ("algorithm", "length"), [("md5", 32), ("sha1", 40), ("sha256", 64)], ids=lambda v: str(v)
)
def test_hashes(bench: Bench, algorithm: str, length: int) -> None:
    good, upper = "0a" * (length // 2), "0A" * (length // 2)
    bad = [good[:-1], good + "0", "0g" * (length // 2), "x"]
    expected: Cells = {
        good: (hash_iri(COALITION, algorithm, good), None),
        upper: (hash_iri(COALITION, algorithm, good), None),
        f" {good} ": (hash_iri(COALITION, algorithm, good), None),
        "": (None, None),
        **dict.fromkeys(bad, (None, "hash")),
    }
    cells = list(expected)
    assert bench("hash", cells, algorithm=algorithm, value="$v") == expected
    bench.coalition = None
    without = bench("hash", cells, algorithm=algorithm, value="$v")
    assert without == {cell: (None, rule) for cell, (_, rule) in expected.items()}


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        ("instant", "2024-05-17T08:30:15Z"),
        ("day", "2024-05-17T00:00:00Z"),
        ("month", "2024-05-01T00:00:00Z"),
        ("quarter", "2024-04-01T00:00:00Z"),
        ("year", "2024-01-01T00:00:00Z"),
    ],
)
def test_instants_are_cut_in_utc(bench: Bench, precision: str, text: str) -> None:
    cells = ["2024-05-17T10:30:15.5+02:00", "", "17/05/2024", "soon"]
    inputs = {"value": "$v", "precision": precision}
    assert list(bench("instant", cells, **inputs).values()) == [
        (text, None),
        (None, None),
        (None, "date-order"),
        (None, "date"),
    ]
    made = bench("precision", cells, **inputs)
    assert [v for v, _ in made.values()] == [f"precision/{precision}", None, None, None]


def test_periods(bench: Bench) -> None:
    made = bench("period", ["2024-05-31T23:30:00-01:00", ""], value="$v", precision="month")
    assert [v for v, _ in made.values()] == ["period/2024-06", None]


def test_seconds_between_two_moments(bench: Bench) -> None:
    start = "2024-02-28T23:59:00Z"
    made = bench(
        "seconds", [start, "2024-03-01T00:00:00+00:00", "", "x"], **{"from": start, "to": "$v"}
    )
    assert [v for v, _ in made.values()] == ["0", str(86_400 + 60), None, None]


def test_within_a_limit(bench: Bench) -> None:
    inputs = {"from": "2024-01-01T00:00:00Z", "to": "$v", "list": "limits", "value": "soon"}
    cells = ["2024-01-01T01:00:00Z", "2024-01-01T01:00:01Z", ""]
    made = bench("within", cells, **inputs)
    assert [v for v, _ in made.values()] == ["tristate/yes", "tristate/no", None]
    made = bench("within", cells, **{**inputs, "value": "never"})
    assert [v for v, _ in made.values()] == [None, None, None]


def test_codes(bench: Bench) -> None:
    made = bench(
        "code", ["F", " F ", "Autre", "f", "new", ""], list="sex", scheme="sex", value="$v"
    )
    values = ["sex/girl", "sex/girl", "sex/unmapped", "sex/unmapped", "sex/unmapped", None]
    assert [v for v, _ in made.values()] == values
    blank = bench("code", [""], list="sex", scheme="sex", value="$v", default="sex/unknown")
    assert blank[""] == ("sex/unknown", None)


def test_names_with_quotation_marks_are_only_names(bench: Bench) -> None:
    made = bench("code", ["it's", "x"], list="quote's", scheme="sex", value="$v")
    assert made["it's"] == ("sex/boy", None)


@pytest.mark.parametrize("parameter", ["scheme", "default", "list"])
def test_no_constant_is_run_as_sql(bench: Bench, parameter: str) -> None:
    evil = "x' || getvariable('partner_inner') || '"
    inputs = {"list": "sex", "scheme": "sex", "value": "$v", "default": "sex/unknown"}
    made = bench("code", ["", "other"], **{**inputs, parameter: evil})
    text = repr(made)
    assert bytes(b ^ 0x36 for b in KEY).hex() not in text


def test_declared_values_stay_and_others_do_not(bench: Bench) -> None:
    made = bench("declared", ["F", "Autre", "secret", ""], list="sex", value="$v")
    assert [v for v, _ in made.values()] == ["F", "Autre", None, None]
    scheme = bench("sourceScheme", ["F", ""], list="sex", value="$v")
    assert [v for v, _ in scheme.values()] == [EXT + "example", None]


def test_listed_iris_and_countries_of_a_list(bench: Bench) -> None:
    made = bench("listed", ["Nord", "Sud", ""], list="area", base=ID, value="$v")
    assert [v for v, _ in made.values()] == [ID + "NO", None, None]
    made = bench("country", ["Nord", "Sud", ""], list="area", value="$v")
    assert [v for v, _ in made.values()] == [EXT + "iso3166-1-alpha-2/NO", None, None]


def test_entities_are_pseudonyms_and_need_all_keys(bench: Bench) -> None:
    made = bench("entity", ["a", " a ", "", "é|x"], type="case", key="$v", key2="2")
    names = [entity_iri("example-org", "case", KEY, k, "2") for k in ("a", "a", "é|x")]
    assert [v for v, _ in made.values()] == [names[0], names[1], None, names[2]]
    named = bench("organizationNamed", ["ACME", ""], value="$v")
    assert named["ACME"][0] == entity_iri("example-org", "organization", KEY, "ACME")
    assert named[""] == (None, None)


def test_small_ones(bench: Bench) -> None:
    assert bench("present", ["x", ""], value="$v")["x"] == ("tristate/yes", None)
    assert bench("firstOf", ["x", " "], value="$v", value2="d") == {
        "x": ("x", None),
        " ": ("d", None),
    }
    made = bench("concat", ["x"], value="$v", value2=" | ", value3="$v")
    assert made["x"] == ("x | x", None)
    counted = bench("occurrences", ["a", "b", "a "], key="$v")
    assert [v for v, _ in counted.values()] == ["2", "1", "2"]


def test_observations_are_named_by_their_parts(bench: Bench) -> None:
    inputs = {"dataset": "by year", "measure": "reports", "period": "$v", "value": "$v"}
    made = bench("observation", ["2023 H1", ""], **inputs)
    expected = f"{ID}example-org/observation/by%20year.reports.2023%20H1"
    assert list(made.values()) == [(expected, None), (None, None)]
