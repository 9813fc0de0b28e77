"""What a function of the whitelist is: its parameters, and the SQL it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dpc_kg.base.vocab import CODES

CODE = f"'{CODES}"
"""The start of an SQL literal that is the IRI of a code."""

_CONSTANT = frozenset(
    {
        "algorithm",
        "at",
        "base",
        "default",
        "fillers",
        "last",
        "list",
        "precision",
        "scheme",
        "then",
        "type",
    }
)


def code_iri(*parts: str) -> str:
    """Give the IRI of a code as an SQL literal."""
    return quote(CODES + "/".join(parts))


def quote(text: str) -> str:
    """Give ``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Args:
    """The SQL of each argument, and the text of those that are constants.

    ``moments`` gathers the instants read from cells, by their SQL: each is computed once.
    """

    sql: dict[str, str]
    constants: dict[str, str]
    org: str
    has_coalition_key: bool
    moments: dict[str, str] | None = None

    def moment(self, name: str) -> str:
        """Give the instant (UTC, to the second) an argument holds; NULL when it holds none."""
        text = f"dpc_utc({self.clean(name)})"
        if self.moments is None:
            return text
        return f"v.{self.moments.setdefault(text, f'm{len(self.moments)}')}"

    def clean(self, name: str) -> str:
        """Give an argument trimmed, NULL when blank or absent."""
        return f"dpc_clean({self.sql[name]})" if name in self.sql else "NULL::VARCHAR"

    def const(self, name: str, default: str = "") -> str:
        """Give a constant argument's text."""
        return self.constants.get(name, default)

    def keys(self) -> list[str]:
        """Give the key arguments in order."""
        return [self.clean(n) for n in ("key", "key2", "key3") if n in self.sql]


@dataclass(frozen=True)
class Made:
    """SQL of a value; of the fault rule (NULL where all is well); of "this code has no place"."""

    value: str
    rule: str | None = None
    unknown: str | None = None


@dataclass(frozen=True)
class Function:
    """A function's parameters in order, the kind and datatype of its result, its builder.

    ``principal`` is the parameter whose column is blamed; ``required`` must be given, and
    ``constant`` ones must be constants, of ``choices`` where those are named.
    """

    parameters: tuple[str, ...]
    kind: str
    build: Callable[[Args], Made]
    principal: str = "value"
    datatype: str | None = None
    required: tuple[str, ...] = ("value",)
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def constant(self) -> frozenset[str]:
        """The parameters that decide what the function is, so no cell may give them."""
        return frozenset(self.parameters) & _CONSTANT


def all_there(parts: list[str]) -> str:
    """Give SQL true where none of the parts is NULL."""
    return " AND ".join(f"{p} IS NOT NULL" for p in parts) or "TRUE"


def looked_up(a: Args, column: str) -> str:
    """Give the SQL of a column of the declared value an argument holds; NULL if not listed."""
    listed = quote(a.const("list"))
    return (
        f"(SELECT k.{column} FROM dpc_codes k"
        f" WHERE k.list = {listed} AND k.value = {a.clean('value')})"
    )
