"""The values of synthetic safeguarding rows: dates, answers, codes, flags inside a cell."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dpc_kg.lift.generate.ssd_tables import lists

FILLER = "PLACEHOLDER_DATA"
_START = date(2023, 4, 1)
_SHAPES = ("{day}", "{day} 00:00:00.000", "{day}T00:00:00")
_NOTES = {
    "assessment-outcome": "COMMENTS",
    "enquiry-outcome": "OUTCOME_COMMENTS",
    "conference-outcome": "COMMENTS",
}
_TOTAL = "TOTAL_NO_OF_OUTCOMES"
COMMENT = "Synthetic-Canary remark, nobody real"


@dataclass
class Draw:
    """The chances of one child: a seeded source and the child's number."""

    rng: Random
    number: int

    def chance(self, share: float) -> bool:
        """Tell whether something happens that happens to this share of children."""
        return self.rng.random() < share

    def of(self, name: str) -> str:
        """Give a value of a list that has a place in the model."""
        return self.rng.choice(lists().placed[name])

    def maybe(self, name: str) -> str:
        """Give a value of a list, or nothing."""
        return self.of(name) if self.chance(0.8) else ""

    def answer(self, *, words: bool = False) -> str:
        """Give an answer to a question as systems write it."""
        return self.rng.choice(("Yes", "No", "Unknown", "") if words else ("Y", "N", "1", "0", ""))

    def day(self, earliest: int = 0, latest: int = 400) -> int:
        """Give a day, counted from the start of the extract."""
        return self.rng.randint(earliest, max(earliest, latest))

    def key(self, kind: str, at: int = 0) -> str:
        """Give a key of one of the child's rows."""
        return f"{kind}{self.number:06d}{at:02d}"

    def worker(self) -> str:
        """Give the key of a worker, or nothing."""
        return f"W{self.rng.randint(1, 8):03d}" if self.chance(0.9) else ""

    def team(self) -> str:
        """Give a team: the key of a unit, or free words, as some authorities write them."""
        return self.rng.choice(("T01", "T02", "T03", "Example Team North", ""))

    def text(self, day: int | None) -> str:
        """Give a day as text in one of the forms of an export; blank for no day."""
        if day is None:
            return ""
        moment = (_START + timedelta(days=day)).isoformat()
        return _SHAPES[self.number % len(_SHAPES)].format(day=moment)

    def flags(self, name: str, *, extra: str | None = None) -> str:
        """Give an object of flags as a cell: every key stands there, a few are set."""
        members: dict[str, str | int] = {}
        notes = {_TOTAL, _NOTES.get(name, "")}
        for value in lists().placed[name]:
            if value not in notes:
                members[value] = self.rng.choice(("Y", "N", "N", ""))
        if extra is not None:
            members[extra] = "Y"
        if name in _NOTES:
            members[_TOTAL] = sum(v == "Y" for v in members.values())
            members[_NOTES[name]] = COMMENT
        return json.dumps(members)

    def factors(self) -> str:
        """Give factors of an assessment in either of their two forms."""
        values = list(lists().placed["factor"])
        chosen = sorted(self.rng.sample(values, 4))
        if self.number % 2:
            return json.dumps(chosen)
        return json.dumps({v: "Yes" if v in chosen else "No" for v in values})

    def categories(self) -> str:
        """Give one category of abuse or several in one text."""
        found = sorted({self.of("category") for _ in range(2)})
        if len(found) == 1:
            return found[0]
        listed = ", ".join(found)
        return f"Multiple: [{listed}]" if self.number % 2 else f"Multiple: {listed}"
