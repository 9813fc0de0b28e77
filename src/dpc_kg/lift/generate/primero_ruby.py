"""How Primero's CSV exporter writes a value: Ruby ``inspect`` for lists, a guard for formulas.

The same field comes out in two styles: Ruby 3.4 puts spaces around the arrow of a hash, Ruby 3.3
and older do not. Neither is JSON.
"""

import re

from dpc_kg.lift.generate.primero_values import Value

RUBY_34 = " => "
RUBY_33 = "=>"
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_INTERPOLATION = re.compile(r"#(?=[{$@])")


def inspect(value: Value, arrow: str) -> str:
    r"""Give the Ruby literal of a value.

    >>> print(inspect([{"type": "lawyer", "remote": False, "note": None}], RUBY_34))
    [{"type" => "lawyer", "remote" => false, "note" => nil}]
    >>> print(inspect(['say "#{x}"'], RUBY_33))
    ["say \"\#{x}\""]
    """
    match value:
        case None:
            return "nil"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _quoted(value)
        case list():
            return "[" + ", ".join(inspect(member, arrow) for member in value) + "]"
    pairs = (f"{_quoted(key)}{arrow}{inspect(member, arrow)}" for key, member in value.items())
    return "{" + ", ".join(pairs) + "}"


def cell(value: Value, arrow: str) -> str:
    """Give the text of a CSV cell, before the quoting of CSV.

    >>> cell("+000", RUBY_34), cell(True, RUBY_34), cell(None, RUBY_34), cell(["a"], RUBY_34)
    ("'+000", 'true', '', '["a"]')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return inspect(value, arrow)


def _quoted(text: str) -> str:
    return '"' + _INTERPOLATION.sub(r"\\#", text.translate(_ESCAPES)) + '"'
