"""One function of a mapping called over a small table: what each row gives, and what is refused."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dpc_kg.base.vocab import CODES
from dpc_kg.lift import LiftRequest, open_lift

KEY = b"k" * 32
Cells = dict[str, tuple[str | None, str | None]]
"""From a cell to the object made of it, and the rule it breaks."""


def triples_map(function: str, inputs: dict[str, str], source: str = "ex:S") -> str:
    """Give a map that calls a function; inputs that start with ``$`` are references."""
    given = " , ".join(
        f"[ rml:parameter dpcf:{name} ; "
        + (
            f'rml:inputValueMap [ rml:reference "{value[1:]}" ] ]'
            if value.startswith("$")
            else f'rml:inputValue "{value}" ]'
        )
        for name, value in inputs.items()
    )
    return (
        f"ex:T a rml:TriplesMap ; rml:logicalSource {source} ;"
        ' rml:subjectMap [ rml:template "http://example.org/{id}" ] ; rml:predicateObjectMap'
        " [ rml:predicate ex:p ; rml:objectMap [ rml:functionExecution"
        f" [ rml:function dpcf:{function} ; rml:input {given} ] ] ] .\n"
    )


@dataclass
class Bench:
    """Applies a function to rows of the columns ``v``, ``w`` and so on, with lists of codes."""

    outside: Any
    folder: Path
    codes: str
    coalition: bytes | None = None

    def rows(
        self, function: str, rows: Sequence[Sequence[str]], **inputs: str
    ) -> list[tuple[str | None, str | None]]:
        """Give (object, rule) of each row."""
        header = ("id", *"vwxyz"[: len(rows[0])])
        buffer = io.StringIO()
        csv.writer(buffer).writerows([header, *((str(i), *row) for i, row in enumerate(rows))])
        (self.folder / "t.csv").write_text(buffer.getvalue(), encoding="utf-8", newline="")
        (self.folder / "codes.csv").write_text(self.codes, encoding="utf-8", newline="")
        document = self.folder / "mapping.ttl"
        text = self.outside.mapping("t.csv", "", maps=triples_map(function, inputs))
        document.write_text(text, encoding="utf-8")
        request = LiftRequest(str(document), {}, "example-org", "d", KEY, self.coalition)
        with open_lift(request) as lifted:
            lifted.write(self.folder / "out.nq")
            rules = {(r.row or 0) - 2: r.rule for r in lifted.rejects}
        found: dict[int, str] = {}
        for line in (self.folder / "out.nq").read_text(encoding="utf-8").splitlines():
            subject, _, item = line.removesuffix(" .").split(" ", 2)
            found[int(subject.removeprefix("<http://example.org/").rstrip(">"))] = short(item)
        return [(found.get(i), rules.get(i)) for i in range(len(rows))]

    def values(
        self, function: str, rows: Sequence[Sequence[str]], **inputs: str
    ) -> list[str | None]:
        """Give the objects alone."""
        return [value for value, _ in self.rows(function, rows, **inputs)]

    def __call__(self, function: str, cells: list[str], **inputs: str) -> Cells:
        """Give (object, rule) by cell of the one column ``v``."""
        made = self.rows(function, [(cell,) for cell in cells], **inputs or {"value": "$v"})
        return dict(zip(cells, made, strict=True))


def short(item: str) -> str:
    """Give an object without its brackets, quotes and datatype."""
    if item.startswith("<"):
        return item.strip("<>").removeprefix(CODES)
    return item.rpartition('"')[0].removeprefix('"')
