"""Ruby literals in cells: read as data whatever Ruby wrote them, never run."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.ruby import RubyError, parse_ruby

ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\e"}
ESCAPED |= {"\x07": "\\a", "\x0b": "\\v", "\x08": "\\b", "\x0c": "\\f"}


def quoted(text: str) -> str:
    """Write a string as Ruby's inspect does."""
    out = []
    for i, letter in enumerate(text):
        if letter == "#" and text[i + 1 : i + 2] in ("{", "$", "@"):
            out.append("\\#")
        elif letter in ESCAPED:
            out.append(ESCAPED[letter])
        elif ord(letter) < 32 or ord(letter) == 127:
            out.append(f"\\x{ord(letter):02X}" if ord(letter) % 2 else f"\\u{ord(letter):04X}")
        else:
            out.append(letter)
    return '"' + "".join(out) + '"'


def written(value: Any, style: str) -> str:
    """Write a value as Ruby 3.3 (``=>``), 3.4 (`` => ``) or with symbol keys (``key: ``)."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(written(v, style) for v in value) + "]"
    arrow = {"3.3": "=>", "3.4": " => "}
    if style in arrow:
        members = (f"{quoted(k)}{arrow[style]}{written(v, style)}" for k, v in value.items())
    elif style == "old symbols":
        members = (f":{k}=>{written(v, style)}" for k, v in value.items())
    else:
        members = (f"{k}: {written(v, style)}" for k, v in value.items())
    return "{" + ", ".join(members) + "}"


def plain(value: Any) -> Any:
    """Give what is read back: numbers as text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return repr(value)


LETTERS = st.characters(codec="utf-8") | st.sampled_from('\\"#{}$@=>[],:nilu0041sx\n\t\x1b')
TEXTS = st.text(LETTERS, max_size=12)
SCALARS = st.none() | st.booleans() | TEXTS | st.integers() | st.sampled_from([0.5, -1.25, 1e21])
WORDS = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True)


def values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=12,
    )


@given(values(TEXTS), st.sampled_from(["3.3", "3.4"]))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_what_ruby_writes_is_read_back(value: Any, style: str) -> None:
    assert parse_ruby(written(value, style)) == plain(value)


@given(values(WORDS), st.sampled_from(["symbols", "old symbols"]))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_symbol_keys_are_read_back(value: Any, style: str) -> None:
    assert parse_ruby(written(value, style)) == plain(value)


@given(values(TEXTS))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_white_space_and_the_apostrophe_of_a_spreadsheet_change_nothing(value: Any) -> None:
    text = written(value, "3.3")
    assert parse_ruby(f"  '{text} \n") == parse_ruby(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\\u0041"', "a\\u0041"),
        (r'"\u005cn"', "\\n"),
        (r'"back\\slash"', "back\\slash"),
        (r'"\u{1F600}"', "😀"),
        (r'"\x41"', "A"),
        (r'"\#{x}"', "#{x}"),
        ('"#{system(1)}"', "#{system(1)}"),
        ("[:one, :two]", ["one", "two"]),
        ('"a\nb"', "a\nb"),
    ],
)
def test_escapes(text: str, value: Any) -> None:
    assert parse_ruby(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "`ls`",
        'system("ls")',
        "%x(ls)",
        "[File.read('x')]",
        '{"k" => Date.new(2024)}',
        "#<Object:0x1>",
        '["a" + "b"]',
        "1 + 1",
        "[1, 2",
        '["a]',
        '["a"] ["b"]',
        '{"a" => }',
        '{"a" "b"}',
        '["a",]',
        "['a']",
        "",
        "'",
        "NaN",
        "Infinity",
        "plain text",
        "nilnil",
        "[truefalse]",
        r'"\u{110000}"',
        '"\ud800"',
        r'"\ud800"',
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a"=>' * 5000,
    ],
    ids=lambda text: text[:12].encode("ascii", "backslashreplace").decode(),
)
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(RubyError):
        parse_ruby(text)


@given(st.text(st.sampled_from("[]{}\"=>:, nil\\ux{}abz019.-e'`#()"), max_size=20))
@settings(derandomize=True, deadline=None, max_examples=400)
def test_any_text_is_a_value_or_refused(text: str) -> None:
    try:
        value = parse_ruby(text)
    except RubyError:
        return
    json.dumps(value, ensure_ascii=False).encode()


CELL = '"[{""k"" => ""v"", ""n"" => nil}, {""k"" => ""w""}]"'
MAPS = """
ex:V a rml:LogicalView ; rml:viewOn ex:S ;
  rml:field [ rml:fieldName "id" ; rml:reference "id" ] ,
    [ rml:fieldName "item" ; rml:referenceFormulation dpcf:RubyLiteral ; rml:reference "list" ;
      rml:iterator "$[*]" ; rml:field [ rml:fieldName "k" ; rml:reference "$.k" ] ] .
ex:T a rml:TriplesMap ; rml:logicalSource ex:V ;
  rml:subjectMap [ rml:template "http://example.org/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:k ; rml:objectMap [ rml:reference "item.k" ] ] ,
    [ rml:predicate ex:n ; rml:objectMap [ rml:reference "item.#" ] ] .
"""


def test_the_elements_of_a_cell_are_rows(outside: Any) -> None:
    made = outside.csv(f"id,list\n1,{CELL}\n2,\n3,[]\n", maps=MAPS)
    numbers = {("1", "n", f'{n}"^^<{XSD}integer') for n in (0, 1)}
    assert made.pairs == {("1", "k", "v"), ("1", "k", "w"), *numbers}


def test_a_cell_that_is_no_literal_is_rejected_at_its_place(outside: Any) -> None:
    made = outside.csv('id,list\n1,"[""x"""\n2,rm -rf\n' + f"3,{'[' * 5000}\n", maps=MAPS)
    assert made.rejects == tuple(("t.csv", row, "list", "ruby-literal") for row in (2, 3, 4))
    assert made.data == b""
