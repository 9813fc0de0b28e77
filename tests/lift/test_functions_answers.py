"""Functions of answers chosen in a form: value, and what has no place."""

import duckdb
import pytest

from dpc_kg.lift.functions import FUNCTIONS, Args
from dpc_kg.lift.functions.base import quote
from dpc_kg.lift.privacy import CodeRow, load_codes

CODES = "https://w3id.org/dpc/codes/"
ROWS = [
    CodeRow("yes-no", "true", "tristate/yes", "s"),
    CodeRow("yes-no", "false", "tristate/no", "s"),
    CodeRow("yes-no", "perhaps", "tristate/unknown", "s"),
    CodeRow("online", "there", "tristate/yes", "s"),
    CodeRow("online", "here", "tristate/no", "s"),
    CodeRow("age", "grown up", "age-band/18-plus", "s"),
    CodeRow("age", "who knows", None, "s"),
    CodeRow("count", "a pair", "2", "s"),
    CodeRow("status", "over", "case-status/closed", "s"),
]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute("CREATE MACRO dpc_clean(v) AS nullif(trim(v), '')")
    load_codes(made, ROWS, {row.list for row in ROWS})
    return made


def run(
    con: duckdb.DuckDBPyConnection, function: str, constants: dict[str, str], *values: str | None, when: str = ""
) -> tuple[str | None, str | None, bool]:
    """Give (value, rule, unknown) of a function over the values in order."""
    names = ["value", *(f"value{n}" for n in range(2, 25))]
    cells = {
        name: "NULL::VARCHAR" if value is None else quote(value)
        for name, value in zip(names, values, strict=False)
    }
    sql = {**cells, "when": quote(when), **{k: quote(v) for k, v in constants.items()}}
    made = FUNCTIONS[function].build(Args(sql, constants, "org", False))
    row = con.execute(
        f"SELECT {made.value}, {made.rule or 'NULL'}, {made.unknown or 'false'}"
    ).fetchone()
    assert row is not None
    value, rule, unknown = row
    return (value or "").removeprefix(CODES) or None, rule, bool(unknown)


YES_NO = {"list": "yes-no", "then": "vulnerability/poverty"}


@pytest.mark.parametrize(
    ("function", "constants", "values", "expected"),
    [
        ("ticked", YES_NO, ["true "], ("vulnerability/poverty", None, False)),
        ("ticked", YES_NO, ["false"], (None, None, False)),
        ("ticked", YES_NO, ["perhaps"], (None, None, False)),
        ("ticked", YES_NO, ["what"], (None, None, True)),
        ("ticked", YES_NO, [None], (None, None, False)),
        ("ticked", {**YES_NO, "otherwise": "tristate/no"}, ["false"], ("tristate/no", None, False)),
        ("filled", {"then": "a/b", "otherwise": "a/c"}, ["x"], ("a/b", None, False)),
        ("filled", {"then": "a/b", "otherwise": "a/c"}, [" "], ("a/c", None, False)),
        ("anyFilled", {}, [None, " ", "x"], ("true", None, False)),
        ("anyFilled", {}, [None, "", " "], (None, None, False)),
        ("firstOf", {}, [" ", "x", "y"], ("x", None, False)),
        ("single", {}, ["x"], ("x", None, False)),
        ("single", {}, ['["x"]'], (None, None, False)),
        ("count", {"list": "count"}, ["03"], ("3", None, False)),
        ("count", {"list": "count"}, ["0"], (None, None, True)),
        ("count", {"list": "count"}, ["a pair"], ("2", None, False)),
        ("count", {"list": "count"}, ["many"], (None, None, True)),
        ("ageBand", {"list": "age"}, ["grown up"], ("age-band/18-plus", None, False)),
        ("ageBand", {"list": "age"}, ["07"], ("age-band/5-9", None, False)),
        ("ageBand", {"list": "age"}, [""], ("age-band/unknown", None, False)),
        ("ageBand", {"list": "age"}, ["who knows"], ("age-band/unmapped", None, True)),
        ("ageBand", {"list": "age"}, ["212"], (None, "age", False)),
        (
            "combined",
            {"list": "online", "scheme": "tristate"},
            ["there", "here"],
            ("tristate/mixed", None, False),
        ),
        (
            "combined",
            {"list": "online", "scheme": "tristate"},
            ["there", None],
            ("tristate/yes", None, False),
        ),
        (
            "combined",
            {"list": "online", "scheme": "tristate"},
            ["up", None],
            ("tristate/unmapped", None, True),
        ),
        ("combined", {"list": "online", "scheme": "tristate"}, [None, None], (None, None, False)),
    ],
)
def test_value_rule_and_place(
    con: duckdb.DuckDBPyConnection,
    function: str,
    constants: dict[str, str],
    values: list[str | None],
    expected: tuple[str | None, str | None, bool],
) -> None:
    assert run(con, function, constants, *values) == expected


def test_when_listed_looks_at_the_code(con: duckdb.DuckDBPyConnection) -> None:
    given = {"list": "status", "is": "case-status/closed"}
    assert run(con, "whenListed", given, "2025-01-01", when="over") == ("2025-01-01", None, False)
    assert run(con, "whenListed", given, "2025-01-01", when="open") == (None, None, False)
