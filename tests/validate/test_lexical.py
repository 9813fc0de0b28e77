"""Forms of literals: what is one of a datatype, and that both engines are held to it."""

import json
from pathlib import Path

import pytest

from dpc_kg.base.vocab import SH, XSD
from dpc_kg.validate.engines import choose, validate_data
from dpc_kg.validate.lexical import well_formed
from dpc_kg.validate.marking import marked, unmarked

RIGHT = {
    "boolean": ["true", "0"],
    "integer": ["007", "+1", "-0", "9" * 30],
    "byte": ["-128", "127"],
    "unsignedLong": ["18446744073709551615"],
    "nonPositiveInteger": ["0", "-5"],
    "decimal": ["1.", ".5", "+1.50"],
    "double": ["1e1", "INF", "NaN"],
    "date": ["2024-02-29", "2000-02-29Z", "2024-01-01+14:00"],
    "time": ["10:00:00.5", "23:59:59Z"],
    "dateTime": ["2024-01-01T00:00:00", "2024-12-31T23:59:59.999-05:00"],
    "dateTimeStamp": ["2024-01-01T00:00:00Z"],
    "gYear": ["2024", "-0044", "2024Z"],
    "gYearMonth": ["2024-05"],
    "gMonth": ["--05"],
    "gMonthDay": ["--02-29"],
    "gDay": ["---31"],
    "duration": ["P1Y2M", "-PT0.5S", "P1DT1H"],
    "yearMonthDuration": ["P1Y"],
    "dayTimeDuration": ["PT1M"],
    "hexBinary": ["", "0aF1"],
    "base64Binary": ["", "QQ==", "QUJD"],
    "language": ["en", "pt-BR"],
    "normalizedString": ["a  b"],
    "token": ["a b", ""],
    "string": ["a\tb"],
}
WRONG = {
    "boolean": ["True", "yes", ""],
    "integer": ["1.0", " 1", "", "x"],
    "byte": ["128"],
    "unsignedLong": ["18446744073709551616", "-1"],
    "nonPositiveInteger": ["1"],
    "decimal": ["1e1", "."],
    "double": ["inf", "1e"],
    "date": ["2024-02-30", "1900-02-29", "2024-1-1", "2024-01-01T00:00:00", f"{'9' * 20}-01-01"],
    "time": ["24:00:01", "10:00"],
    "dateTime": ["2024-01-01", "2024-02-30T00:00:00Z", "2024-01-01T00:00:00+15:00"],
    "dateTimeStamp": ["2024-01-01T00:00:00"],
    "gYear": ["20x", "24", "02024"],
    "gYearMonth": ["2024-13"],
    "gMonth": ["--13"],
    "gMonthDay": ["--02-30"],
    "gDay": ["---32"],
    "duration": ["P", "PT", "P1YT", "soon", "P1W"],
    "yearMonthDuration": ["P1D"],
    "dayTimeDuration": ["P1Y"],
    "hexBinary": ["0", "0g"],
    "base64Binary": ["A", "QR=="],
    "language": ["en_GB", ""],
    "normalizedString": ["a\tb"],
    "token": [" a", "a  b"],
}


@pytest.mark.parametrize("name", RIGHT)
def test_forms(name: str) -> None:
    assert [text for text in RIGHT[name] if not well_formed(text, XSD + name)] == []
    assert [text for text in WRONG.get(name, []) if well_formed(text, XSD + name)] == []


def test_of_other_datatypes_every_text_is_a_form() -> None:
    assert well_formed("x", "https://example.org/any")


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_engines_refuse_what_is_no_form_and_nothing_else(tmp_path: Path, engine: str) -> None:
    if engine == "shacl" and choose().name != "shacl":
        pytest.skip("the fast engine has no wheel for this system")
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.nt"
    rules = (
        f"<http://e/S-{name}> <{SH}targetClass> <http://e/{name}> ; <{SH}property> "
        f"[ <{SH}path> <http://e/p> ; <{SH}datatype> <{XSD}{name}> ] .\n"
        for name in RIGHT
    )
    shapes.write_text("".join(rules), encoding="utf-8")
    lines, expected = [], set()
    for table in (RIGHT, WRONG):
        for number, (name, text) in enumerate((n, t) for n, texts in table.items() for t in texts):
            node = f"http://e/{'wrong' if table is WRONG else 'right'}/{number}"
            value = f"{json.dumps(text)}^^<{XSD}{name}>"
            lines.append(f"<{node}> a <http://e/{name}> ; <http://e/p> {value} .\n")
            if table is WRONG:
                expected.add((node, value))
    data = tmp_path / "d.ttl"
    data.write_text("".join(lines), encoding="utf-8")
    found = {(result.focus, result.value) for result in validate_data(data, shapes, engine).results}
    assert found == expected


def test_a_mark_is_taken_off_again() -> None:
    line = f'<a:s> <a:p> "20x"^^<{XSD}gYear> <a:g> .\n'.encode()
    other = f'<a:s> <a:p> "2024"^^<{XSD}gYear> .\n<a:s> <a:p> "{"1" * 12}" .\n'.encode()
    made = marked(other + line + other)
    assert made.startswith(other) and made.endswith(other)
    (found,) = (text for text in made.decode().splitlines() if "ill-formed" in text)
    assert unmarked(found.split(" ")[2]) == f'"20x"^^<{XSD}gYear>'
    assert marked(other) == other


def test_a_damaged_line_stays_for_the_engine_to_refuse() -> None:
    line = f'<a:s> <a:p "20x"^^<{XSD}gYear> .\n'.encode()
    assert marked(line) == line
