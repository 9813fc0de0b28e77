"""Triples of an export led back to their cells, and the proof: alter the cells, lift again.

A triple is traced where the cells named for it hold what the lift says stands there, and the triple
is gone once they are altered, or follows from them by the naive reading.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pyoxigraph as ox

from dpc_kg.lift import Lifted, LiftRequest, open_lift
from dpc_kg.lift.explain import Statement
from dpc_kg.lift.origins import Cell
from dpc_kg.lift.rows import base_table, identifier
from tests.lift.laws.alter import Edit, altered
from tests.lift.laws.explain import Explainer
from tests.lift.laws.exports import ORG, Export
from tests.lift.laws.places import Stood, at

Triple = tuple[str, str, str]
_TEXTS = (None, "zz9", "true", "false", "1999-01-02T03:04:05Z", "7", "urn:zz9", "deletedImage")
"""What is written into a cell, one after the other, until the triple is gone."""

_DONORS = 4
_PART = re.compile(r"[.\[/]?[^.\[/]*$")
"""The last step of a path."""


@dataclass
class Tracing:
    """A lifted export, a sample of its triples, and the statements found for them."""

    made: Export
    partner: bytes
    coalition: bytes
    sample: list[Triple] = field(default_factory=list)
    found: dict[Triple, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    donors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    versions: dict[tuple[str, str, int], list[int]] = field(default_factory=dict)
    """Of a row the others that have its key: an older version says the same once it is gone."""

    def draw(self, count: int, folder: Path, seed: str) -> None:
        """Lift, draw triples at random and look for their statements."""
        with open_lift(self._request(self.made.sources)) as lifted:
            lifted.write(folder / "data.nq")
            triples = sorted(t for t in triples_of(folder / "data.nq") if "/unmapped/" not in t[0])
            self.sample = Random(seed).sample(triples, min(count, len(triples)))
            self.versions = _versions(lifted)
            for statement in lifted.explain().statements({s for s, _, _ in self.sample}):
                key = (statement.subject, statement.predicate, statement.object)
                self.found[key].append(statement)
                for cell in statement.cells:
                    self._learn(cell, cell.column)
                if "/organization/" in statement.subject:
                    for cell in statement.subject_cells:
                        self._learn(cell, f"{cell.file} {cell.column}")

    def _learn(self, cell: Cell, name: str) -> None:
        own = self.donors[name]
        if cell.value and cell.value not in own and len(own) < _DONORS:
            own.append(cell.value)

    def _request(self, sources: dict[str, Path]) -> LiftRequest:
        return LiftRequest(self.made.mapping, sources, ORG, "law", self.partner, self.coalition)

    # -- what is said of a triple

    def cells(self, triple: Triple) -> list[list[Cell]]:
        """Give the cells of each statement of a triple; of a constant those of its subject."""
        return [list(s.cells or s.subject_cells) for s in self.found[triple]]

    def stood(self, cell: Cell) -> Stood:
        """Give what stands in a cell."""
        return at(self.made, cell.source, cell.file, cell.row, cell.column)

    def misread(self, triple: Triple) -> list[str]:
        """Give the cells of a triple that do not hold what the lift says."""
        cells = dict.fromkeys(c for s in self.found[triple] for c in (*s.cells, *s.subject_cells))
        return [f"{c.file} row {c.row} {c.column}" for c in cells if not self._holds(c)]

    def _holds(self, cell: Cell) -> bool:
        here = self.stood(cell).here
        if cell.value is None or not cell.value.strip():
            # a member of a list has no name, though its place may be asked for one
            return cell.value is None or not here or here[0][:1] in ("[", "{")
        wanted = cell.value.strip()
        if wanted in here:
            return True
        if wanted[:1] in ("[", "{"):
            return all(text in here for text in re.findall(r'"([^"]+)"', wanted))
        # of a text that is divided, or read as a document, the part that was read
        return any(wanted in h for h in here[:1])

    def follows(self, triple: Triple, explainer: Explainer) -> bool:
        """Tell whether a triple follows from its first cell by the naive reading.

        Of a constant it is the subject that follows from its cells.
        """
        item, subject = _parsed(triple), ox.NamedNode(triple[0].strip("<>"))
        asked = [
            (item, s.cells[:1]) if s.cells else (subject, s.subject_cells)
            for s in self.found[triple]
        ]
        return any(
            explainer.reason(term, self.stood(cell)) is not None
            for term, cells in asked
            for cell in cells
        )

    # -- the proof

    def proven(self, triples: list[Triple], folder: Path, *, first: bool) -> set[Triple]:
        """Give the triples that are gone once their cells (the first, or any) are altered."""
        places = {t: self._edited(t, first=first) for t in triples}
        return self.gone(places, folder)

    def gone(
        self,
        places: dict[Triple, list[Cell]],
        folder: Path,
        turns: Sequence[str | int | None] = (*_TEXTS, *range(_DONORS)),
    ) -> set[Triple]:
        """Give the triples that are gone once their cells are altered, one text after another."""
        proven: set[Triple] = set()
        for number, turn in enumerate(turns):
            left = [t for t in places if t not in proven and places[t]]
            for batch in _batches({t: places[t] for t in left}):
                edits = [e for t in batch for c in places[t] for e in self._edits(c, turn)]
                if edits:
                    here = folder / f"{number}-{len(list(folder.iterdir()))}"
                    proven |= batch - self._lifted(edits, here)
        return proven

    def _edited(self, triple: Triple, *, first: bool) -> list[Cell]:
        every = self.cells(triple)
        chosen = [
            cells if not first else cells[:1] if s.cells else cells[-1:]
            for cells, s in zip(every, self.found[triple], strict=True)
        ]
        return list(dict.fromkeys(c for cells in chosen for c in cells))

    def _edits(self, cell: Cell, turn: str | int | None) -> list[Edit]:
        text = turn
        if isinstance(turn, int):
            known = self.donors[cell.column] or self.donors[f"{cell.file} node"]
            own = [d for d in known if d != cell.value]
            if turn >= len(own):
                return []
            text = own[turn]
        assert not isinstance(text, int)
        place = (cell.key[0], cell.file, cell.row)
        rows = [cell.row, *self.versions.get(place, ())]
        return [Edit(cell.key[0], cell.file, row, cell.key[3], text) for row in rows]

    def _lifted(self, edits: list[Edit], folder: Path) -> set[Triple]:
        sources = altered(self.made, edits, folder)
        with open_lift(self._request(sources)) as lifted:
            lifted.write(folder / "data.nq")
        return triples_of(folder / "data.nq")


def _versions(lifted: Lifted) -> dict[tuple[str, str, int], list[int]]:
    """Give the other rows of one file that have a row's key."""
    found: dict[tuple[str, str, int], list[int]] = {}
    for name, loaded in lifted.loaded.items():
        if loaded.source.key is None:
            continue
        groups = lifted.con.execute(
            f"SELECT _file, list(_row) FROM {identifier(base_table(loaded.source))}"
            " WHERE _key IS NOT NULL GROUP BY _file, _key HAVING count(*) > 1"
        ).fetchall()
        for file, rows in groups:
            for row in rows:
                others = [r for r in rows if r != row]
                found[loaded.source.given, loaded.files[file], row] = others
                found[name, loaded.files[file], row] = others
    return found


def _batches(places: dict[Triple, list[Cell]]) -> Iterator[set[Triple]]:
    """Give sets of triples of which no two have cells in one record, or part of a document."""
    left = dict(places)
    while left:
        taken: dict[tuple[str, int], set[str]] = defaultdict(set)
        batch = set()
        for triple, cells in left.items():
            parts = {((c.file, c.row), _PART.sub("", c.column)) for c in cells}
            if all(_is_free(taken[row], part) for row, part in parts):
                batch.add(triple)
                for row, part in parts:
                    taken[row].add(part)
        yield batch
        left = {t: c for t, c in left.items() if t not in batch}


def _is_free(taken: set[str], part: str) -> bool:
    return not taken or (part != "" and part not in taken and "" not in taken)


def triples_of(path: Path) -> set[Triple]:
    """Give the triples of N-Quads, as terms."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = set()
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        found.add((subject, predicate, rest.removesuffix(" .").rpartition(" ")[0]))
    return found


def _parsed(triple: Triple) -> object:
    line = f"{' '.join(triple)} ."
    return next(ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES)).object
