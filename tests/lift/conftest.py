"""A lift of one small file with a mapping of the test's own, and of our mappings' exports."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.lift import LiftRequest, open_lift, report_bytes
from dpc_kg.lift.engine import connect
from dpc_kg.lift.functions import FUNCTIONS, Args, quote
from dpc_kg.lift.generate import Planted
from dpc_kg.lift.plan import Plan, Source, View
from dpc_kg.lift.privacy import CodeRow, load_codes
from dpc_kg.lift.rml import compile_rml
from dpc_kg.lift.rows import Loaded, base_table, column
from dpc_kg.lift.sources.natural import has_natural, natural_column
from dpc_kg.lift.tables import load_table

ORG = "example-org"
HEAD = (
    "PREFIX rml: <http://w3id.org/rml/>\nPREFIX dpcf: <https://w3id.org/dpc/fn#>\n"
    "PREFIX ex: <http://example.org/>\n"
)
FORMULATIONS = {".csv": "CSV", ".json": "JSONPath", ".xml": "XPath"}


@dataclass(frozen=True)
class Outcome:
    """What a lift gave: its bytes, and the rejected cells as (file, row, column, rule)."""

    data: bytes
    report: bytes
    rejects: tuple[tuple[str, int | None, str | None, str], ...]
    rows: int
    superseded: int

    @property
    def lines(self) -> list[str]:
        return self.data.decode().split("\n")[:-1]

    @property
    def pairs(self) -> set[tuple[str, str, str]]:
        """Give (subject, predicate, object) without brackets, quotes and the example name space."""
        return {_plain(line) for line in self.lines}

    @property
    def texts(self) -> set[tuple[str, str, str]]:
        """Give the same without the datatypes of literals."""
        return {(s, p, o.partition('"^^<')[0]) for s, p, o in self.pairs}


def _plain(line: str) -> tuple[str, str, str]:
    subject, predicate, rest = line.removesuffix(" .").split(" ", 2)
    parts = (subject, predicate, rest)
    one, two, three = (p.removeprefix("<http://example.org/").rstrip(">") for p in parts)
    return one, two, three.strip('"')


def outcome(request: LiftRequest, out: Path) -> Outcome:
    with open_lift(request) as lifted:
        quads = lifted.write(out)
        return Outcome(
            out.read_bytes(),
            report_bytes(lifted.report(quads)),
            tuple((r.file, r.row, r.column, r.rule) for r in lifted.rejects),
            lifted.read_rows,
            lifted.superseded,
        )


@dataclass(frozen=True)
class Outside:
    """Lifts a file ``t.csv``, ``t.json`` or ``t.xml`` with a small mapping beside it."""

    folder: Callable[[], Path]

    def mapping(
        self,
        name: str,
        fields: str,
        *,
        iterator: str = "",
        source: str = "",
        maps: str | None = None,
    ) -> str:
        """Give a mapping of ``fields`` (each a property of its own) unless ``maps`` is given."""
        words = fields.split()
        if maps is None:
            pairs = "".join(
                f" rml:predicateObjectMap [ rml:predicate ex:p{i} ;"
                f' rml:objectMap [ rml:reference "{word}" ] ] ;'
                for i, word in enumerate(words)
            )
            maps = (
                "ex:T a rml:TriplesMap ; rml:logicalSource ex:S ; rml:subjectMap"
                f' [ rml:template "http://example.org/{{{words[0]}}}" ] ;{pairs} .'
            )
        loop = f'; rml:iterator "{iterator}" ' if iterator else ""
        return (
            f"{HEAD}ex:S rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ;"
            f' rml:path "{name}" ; dpcf:sourceName "t" ] ; rml:referenceFormulation'
            f" rml:{FORMULATIONS[Path(name).suffix]} {loop}{source} .\n{maps}\n"
        )

    def lift(self, data: str | bytes, fields: str, *, name: str = "t.csv", **more: Any) -> Outcome:
        folder = self.folder()
        body = data if isinstance(data, bytes) else data.encode()
        (folder / name).write_bytes(body)
        document = folder / "mapping.ttl"
        document.write_text(self.mapping(name, fields, **more), encoding="utf-8")
        return outcome(LiftRequest(str(document), {}, ORG, "d", b"k" * 32), folder / "out.nq")

    def csv(self, data: str | bytes, fields: str = "id a b", **more: Any) -> Outcome:
        return self.lift(data, fields, **more)

    def json(self, data: str | bytes, fields: str = "$.id $.a", **more: Any) -> Outcome:
        return self.lift(data, fields, **{"name": "t.json", "iterator": "$", **more})

    def xml(self, data: str | bytes, fields: str = "id a", **more: Any) -> Outcome:
        return self.lift(data, fields, **{"name": "t.xml", "iterator": "/r/i", **more})


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a new empty folder at each call, as a property needs one for each example."""
    numbers = itertools.count()
    base = tmp_path_factory.mktemp("lift")

    def make() -> Path:
        folder = base / str(next(numbers))
        folder.mkdir()
        return folder

    return make


@pytest.fixture(scope="session")
def outside(new_folder: Callable[[], Path]) -> Outside:
    return Outside(new_folder)


@pytest.fixture(scope="session")
def lift_of(
    new_folder: Callable[[], Path], partner_key: bytes, coalition_key: bytes
) -> Callable[..., Outcome]:
    """Lift an export with one of our mappings; ``coalition=False`` leaves that key out."""

    def run(mapping: str, sources: Mapping[str, Path], *, coalition: bool = True) -> Outcome:
        key = coalition_key if coalition else None
        request = LiftRequest(mapping, dict(sources), ORG, "test", partner_key, key)
        return outcome(request, new_folder() / "data.nq")

    return run


@dataclass(frozen=True)
class Read:
    """What a table source became: its rows as (row, cells of the columns), and what was told."""

    rows: list[tuple[Any, ...]]
    kinds: list[tuple[Any, ...]]
    digests: list[str]
    loaded: Loaded

    @property
    def rejects(self) -> list[tuple[int | None, str | None, str]]:
        return [(r.row, r.column, r.rule) for r in self.loaded.rejects]


@pytest.fixture
def read_table(new_folder: Callable[[], Path]) -> Callable[..., Read]:
    """Read a file as the source of some columns; nothing may stay in the private folder."""

    def run(path: Path, columns: str = "id a b", *, empty: bool = False, **source: Any) -> Read:
        work, names = new_folder(), columns.split()
        wanted = Source("t", path.name, "CSV", **source)
        views = [View("v", "t", tuple((n, n) for n in names))]
        with connect(work, [path.parent], None, None) as con:
            try:
                loaded = load_table(con, wanted, views, path.resolve(), allow_empty=empty)
            finally:
                assert [p for p in work.rglob("*") if p.is_file()] == []
            cells = ", ".join(column(n) for n in names)
            table = f'"{base_table(wanted)}" ORDER BY _row'
            rows = con.execute(f"SELECT _row, {cells} FROM {table}").fetchall()
            typed = ", ".join(natural_column(n) for n in names)
            kinds = (
                con.execute(f"SELECT {typed} FROM {table}").fetchall()
                if has_natural(con, wanted)
                else []
            )
            keyed = con.execute(f"SELECT _key, _digest FROM {table}").fetchall()
            assert all((digest is not None) == ("key" in source) for _, digest in keyed)
            return Read(rows, kinds, [digest for _, digest in keyed], loaded)

    return run


Worked = tuple[str | None, str | None, bool]


@pytest.fixture
def worked(tmp_path: Path) -> Callable[..., list[Worked]]:
    """Work a function out over rows of cells, without a mapping: (value, fault rule, is unknown).

    ``cells`` names the parameters a row's cells go to; other inputs are constants.
    """

    def run(
        function: str,
        rows: list[tuple[str | None, ...]],
        *,
        codes: Iterable[tuple[str, str, str | None]] = (),
        cells: tuple[str, ...] = ("value",),
        **constants: str,
    ) -> list[Worked]:
        sql = {name: f'v."{name}"' for name in cells} | {n: quote(t) for n, t in constants.items()}
        made = FUNCTIONS[function].build(Args(sql, constants, ORG, False))
        listed = [CodeRow(*row, "example") for row in codes]
        with connect(tmp_path, [tmp_path], b"k" * 32, None) as con:
            load_codes(con, listed, {constants.get("list", "")})
            columns = ", ".join(f'"{name}" VARCHAR' for name in cells)
            con.execute(f"CREATE TABLE v ({columns})")
            con.executemany(f"INSERT INTO v VALUES ({', '.join('?' for _ in cells)})", rows)
            found = con.execute(
                f"SELECT {made.value}, {made.rule or 'NULL'}, {made.unknown or 'FALSE'} FROM v"
            ).fetchall()
        return [(value, rule, bool(unknown)) for value, rule, unknown in found]

    return run


@pytest.fixture(scope="module")
def plan(request: pytest.FixtureRequest) -> Plan:
    """Give the plan of the mapping whose ``FOLDER`` the module names."""
    return compile_rml(request.module.FOLDER / "mapping.rml.ttl")


@pytest.fixture(scope="module")
def expected(request: pytest.FixtureRequest) -> str:
    """Give the quads that the sample in the module's ``FOLDER`` has to give."""
    text: str = (request.module.FOLDER / "expected.nq").read_text(encoding="utf-8")
    return text


@pytest.fixture(scope="module")
def clean(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Planted, Path]:
    """Give an export without mistakes, as the module's ``made`` makes it."""
    out = tmp_path_factory.mktemp("clean")
    return request.module.made(out), out


@pytest.fixture(scope="module")
def faulty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Planted, Path]:
    """Give an export with the module's number of ``FAULTS``."""
    out = tmp_path_factory.mktemp("faulty")
    return request.module.made(out, request.module.FAULTS), out
