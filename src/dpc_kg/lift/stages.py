"""The columns that calls need, each computed once: what one needs stands in a stage below it.

A call that stood inside another as text would be written out wherever that one names it, and again
at each level; such a query takes minutes to plan. Here every cleaned cell, every moment and every
inner call is a column that the outer ones refer to.
"""

import re
from dataclasses import dataclass, field

from dpc_kg.lift.functions import FUNCTIONS, Args
from dpc_kg.lift.plan import Call, Const, Expression
from dpc_kg.lift.rows import identifier
from dpc_kg.lift.terms import Setting, plain_sql

_OWN = re.compile(r"\bv\.(o[0-9]+)\b")


@dataclass(frozen=True)
class Columns:
    """Where the results of a call stand: its value, its fault's rule, its mark of "no place"."""

    value: str
    rule: str | None
    unknown: str | None


@dataclass
class Stages:
    """Gathers columns by their SQL, and by the stage in which they can be computed."""

    setting: Setting
    columns: dict[str, str] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    calls: dict[Call, Columns] = field(default_factory=dict)

    def once(self, text: str) -> str:
        """Give the column (of the alias ``v``) in which the result of ``text`` stands."""
        if text not in self.columns:
            name = f"o{len(self.columns)}"
            below = [self.depths.get(found, 0) for found in _OWN.findall(text)]
            self.columns[text] = name
            self.depths[name] = 1 + max(below, default=0)
        return f"v.{self.columns[text]}"

    def expression(self, expression: Expression) -> str:
        """Give the SQL of an expression over the last stage."""
        if isinstance(expression, Call):
            return f"v.{self.call(expression).value}"
        return plain_sql(expression, "v")

    def call(self, call: Call) -> Columns:
        """Give the columns of a call, gathering what it needs."""
        if call not in self.calls:
            sql = {name: self.expression(arg) for name, arg in call.args}
            constants = {name: arg.text for name, arg in call.args if isinstance(arg, Const)}
            own = self.setting
            args = Args(sql, constants, own.org, own.has_coalition_key, self.once)
            made = FUNCTIONS[call.function].build(args)
            self.calls[call] = Columns(
                self._name(made.value),
                None if made.rule is None else self._name(made.rule),
                None if made.unknown is None else self._name(f"({made.unknown})"),
            )
        return self.calls[call]

    def _name(self, text: str) -> str:
        return self.once(text).removeprefix("v.")

    def select(self, base: str, *, all_columns: bool = True) -> str:
        """Give the SELECT of ``base`` (a SELECT too) with the columns gathered.

        Without ``all_columns`` those in which no call's result stands are left out.
        """
        made = base
        for depth in range(1, max(self.depths.values(), default=0) + 1):
            own = [(t, n) for t, n in self.columns.items() if self.depths[n] == depth]
            body = ", ".join(f"{text} AS {identifier(name)}" for text, name in own)
            made = f"SELECT v.*, {body} FROM ({made}) v"
        kept = {n for c in self.calls.values() for n in (c.value, c.rule, c.unknown)}
        passing = sorted(set(self.columns.values()) - kept)
        if all_columns or not passing:
            return made
        return f"SELECT * EXCLUDE ({', '.join(passing)}) FROM ({made})"
