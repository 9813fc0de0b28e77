"""What may differ from the rules of translation, and why: ``ontology/language/exempt.csv``."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError

FILE = "ontology/language/exempt.csv"
COLUMNS = ("rule", "lang", "term", "subject", "english", "reason")


@dataclass(frozen=True)
class Exemption:
    """One line: where a rule does not hold. An empty cell stands for anything.

    ``term`` is a term of the glossary or a word; ``english`` the whole English text.
    """

    rule: str
    lang: str
    term: str
    subject: str
    english: str
    reason: str

    def covers(self, rule: str, lang: str, term: str, subject: str, english: str) -> bool:
        """Tell whether this line excuses a finding."""
        return self.rule == rule and all(
            mine.casefold() in ("", given.casefold())
            for mine, given in (
                (self.lang, lang),
                (self.term, term),
                (self.subject, subject),
                (self.english, english),
            )
        )


def exemptions(root: Path | None = None) -> list[Exemption]:
    """Give the lines of the file.

    Raises:
        DpcError: a line is malformed, gives no reason, or would excuse everything.
        OSError: there is no such file.
    """
    path = (root or assets.root()) / FILE
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            advice = f"The columns are: {', '.join(COLUMNS)}."
            raise DpcError("Other columns than expected.", file=path.name, line=1, advice=advice)
        return list(_checked(reader, path.name))


def _checked(rows: Iterable[dict[str, str]], name: str) -> Iterable[Exemption]:
    for line, row in enumerate(rows, start=2):
        if set(row) != set(COLUMNS) or None in row.values():
            raise DpcError("A cell is missing or too much.", file=name, line=line)
        found = Exemption(**row)
        if not found.rule or not found.reason:
            raise DpcError("An exemption needs a rule and a reason.", file=name, line=line)
        if not (found.term or found.subject or found.english):
            raise DpcError("This would excuse everything.", file=name, line=line)
        yield found
