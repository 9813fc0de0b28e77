"""What a function of the whitelist is: its parameters, and the SQL it becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dpc_kg.base.faults import source_rule
from dpc_kg.base.vocab import CODES

CODE = f"'{CODES}"
"""The start of an SQL literal that is the IRI of a code."""

TRUE, FALSE = "('true','yes','1','y')", "('false','no','0','n')"
"""The words of a flag, in small letters."""

_CONSTANT = frozenset(
    {
        "algorithm",
        "at",
        "base",
        "default",
        "fillers",
        "is",
        "last",
        "list",
        "name",
        "otherwise",
        "pattern",
        "precision",
        "scheme",
        "then",
        "type",
    }
)

KEYS = ("key", "key2", "key3")
"""The parameters of a key, the broadest part first."""

ALL = "k_all"
"""The variable that maps every list and value, parted by U+001F, to its code."""

DECLARED = "k_declared"
"""The variable that maps every value that stands in a list to itself."""


def code_iri(*parts: str) -> str:
    """Give the IRI of a code as an SQL literal."""
    return quote(CODES + "/".join(parts))


def quote(text: str) -> str:
    """Give ``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Args:
    """The SQL of each argument, and the text of those that are constants.

    ``once`` gives, for SQL that is to be computed once, the column in which its result stands.
    """

    sql: dict[str, str]
    constants: dict[str, str]
    org: str
    has_coalition_key: bool
    once: Callable[[str], str] = str

    def moment(self, name: str) -> str:
        """Give the instant (UTC, to the second) an argument holds; NULL when it holds none."""
        return self.once(f"dpc_utc({self.clean(name)})")

    def clean(self, name: str) -> str:
        """Give an argument trimmed, NULL when blank or absent."""
        if name not in self.sql:
            return "NULL::VARCHAR"
        text = f"dpc_clean({self.sql[name]})"
        return text if name in self.constants else self.once(text)

    def const(self, name: str, default: str = "") -> str:
        """Give a constant argument's text."""
        return self.constants.get(name, default)

    def keys(self) -> list[str]:
        """Give the key arguments in order."""
        return [self.clean(n) for n in KEYS if n in self.sql]


@dataclass(frozen=True)
class Made:
    """SQL of a value; of the fault rule (NULL where all is well); of "this code has no place"."""

    value: str
    rule: str | None = None
    unknown: str | None = None


LAST = "(last)"
"""The principal of a function of several cells whose last one is always to be filled."""


@dataclass(frozen=True)
class Function:
    """A function's parameters in order, the kind and datatype of its result, its builder.

    ``principal`` is the parameter whose column is blamed, or the last one given where it is
    ``LAST``; ``required`` must be given, and ``constant`` ones must be constants, of ``choices``
    where those are named. ``spans`` tells that a value depends on other rows too.
    """

    parameters: tuple[str, ...]
    kind: str
    build: Callable[[Args], Made]
    principal: str = "value"
    datatype: str | None = None
    required: tuple[str, ...] = ("value",)
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    spans: bool = False

    def blamed(self, given: Sequence[str]) -> str:
        """Give the parameter whose column is blamed, of those given in order."""
        return given[-1] if self.principal == LAST else self.principal

    @property
    def constant(self) -> frozenset[str]:
        """The parameters that decide what the function is, so no cell may give them."""
        return frozenset(self.parameters) & _CONSTANT


def all_there(parts: list[str]) -> str:
    """Give SQL true where none of the parts is NULL."""
    return " AND ".join(f"{p} IS NOT NULL" for p in parts) or "TRUE"


def variable(listed: str, column: str) -> str:
    """Give the name of the connection's variable that holds what is declared of a list."""
    return f"k_{column}_{listed.encode().hex()}"


def known(listed: str, column: str) -> str:
    """Give the SQL of what is declared of a list: a map from its values, or its ``scheme``.

    The maps lead to a column (``code``, ``value``). It is NULL where no such list is asked for.
    """
    return f"getvariable({quote(variable(listed, column))})"


def in_list(listed: str, column: str, value: str) -> str:
    """Give the SQL of a column (``code``, ``value``) of a declared value; NULL if not listed.

    A list is a constant map, not a table: a query with many correlated lookups takes minutes to
    plan.
    """
    return f"map_extract_value({known(listed, column)}, {value})"


def looked_up(a: Args, column: str, argument: str = "value") -> str:
    """Give the SQL of a column of the declared value an argument holds; NULL if not listed."""
    return a.once(in_list(a.const("list"), column, a.clean(argument)))


def looked_up_in(listed: str, value: str) -> str:
    """Give the SQL of the code of a value in the list an SQL expression names."""
    return f"map_extract_value(getvariable('{ALL}'), {listed} || chr(31) || {value})"


def is_declared(value: str) -> str:
    """Give SQL true where a value stands in any list of the mapping."""
    return f"map_extract_value(getvariable('{DECLARED}'), {value}) IS NOT NULL"


def told(a: Args, name: str) -> str:
    """Give the SQL of the IRI a constant argument names under ``base``, else among the codes."""
    text = a.const(name)
    return quote((a.const("base") or CODES) + text) if text else "NULL"


def fault(rule: str) -> str:
    """Give the SQL of the name of a fault rule; one that the published list lacks raises."""
    return quote(source_rule(rule))


def wrong(value: str, made: str, rule: str) -> str:
    """Give the SQL of a fault rule: a value is there and nothing could be made of it."""
    return f"CASE WHEN {value} IS NOT NULL AND ({made}) IS NULL THEN {fault(rule)} END"


def once(sql: str, body: str) -> str:
    """Give SQL of ``body`` in which ``c`` stands for ``sql``, so that it is worked out once."""
    return f"list_transform([{sql}], lambda c: {body})[1]"


def over(a: Args, *more: str) -> str:
    """Give the window of the rows that have the same keys."""
    return f"OVER (PARTITION BY {', '.join([*a.keys(), *more])})"


def several(last: int) -> tuple[str, ...]:
    """Give the names of the parameters of a function of up to ``last`` cells."""
    return ("value", *(f"value{number}" for number in range(2, last + 1)))


def cells(a: Args, names: tuple[str, ...]) -> list[str]:
    """Give the arguments there are of these names, trimmed."""
    return [a.clean(name) for name in names if name in a.sql]
