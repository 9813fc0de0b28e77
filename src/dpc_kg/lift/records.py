"""The live records of a source: the latest version of each key; conflicts and missing keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb

from dpc_kg.lift.plan import Plan, Source
from dpc_kg.lift.reject import Reject, Rejects
from dpc_kg.lift.rows import Loaded, base_table, identifier, view_table
from dpc_kg.lift.sqltext import fetched
from dpc_kg.lift.stages import Stages
from dpc_kg.lift.terms import Setting
from dpc_kg.lift.views import record_table
from dpc_kg.lift.walkers import JsonWalker


@dataclass
class Live:
    """What became of a source's rows."""

    rejects: Rejects = field(default_factory=Rejects)
    refused: set[str] = field(default_factory=set)
    superseded: int = 0


def live_records(
    con: duckdb.DuckDBPyConnection, plan: Plan, source: Source, loaded: Loaded, setting: Setting
) -> Live:
    """Make the table of a source's live records (file, row, IRI of the record).

    Of rows with one key the later by its own timestamp lives (DESIGN section 5, Lift); equal
    timestamps with unequal content are a fault of the later row, and the record is refused.
    """
    base, table = identifier(base_table(source)), identifier(record_table(source.name))
    live = Live()
    if source.key is None and source.record_map is None:
        return live
    if con.execute(f"SELECT 1 FROM {base} LIMIT 1").fetchone() is None:
        con.execute(f"CREATE TABLE {table} (_file INTEGER, _row BIGINT, _record VARCHAR)")
        return live
    if source.key is None:
        con.execute(f"CREATE TABLE {table} AS SELECT _file, _row, {_record(plan, source, setting)}")
        return live
    con.execute(
        "CREATE OR REPLACE TEMP TABLE dpc_ranked AS SELECT *, row_number() OVER (PARTITION BY k"
        " ORDER BY moment DESC NULLS LAST, number DESC NULLS LAST, _file, _row) AS n FROM"
        " (SELECT _file, _row, dpc_clean(_key) AS k, dpc_clean(_version) AS version, _digest,"
        " dpc_moment(dpc_clean(_version)) AS moment,"
        f" TRY_CAST(dpc_clean(_version) AS DOUBLE) AS number FROM {base})"
    )
    live.rejects += _unreadable(con, source, loaded)
    live.rejects += _contradicted(con, source, loaded)
    row = con.execute("SELECT count(*) FROM dpc_ranked WHERE k IS NOT NULL AND n > 1").fetchone()
    live.superseded = (row[0] if row else 0) - live.rejects.counts()["duplicate"]
    con.execute(
        f"CREATE TABLE {table} AS SELECT s._file, s._row, {_record_of(plan, source, setting)}"
        f" FROM dpc_ranked s {_record_join(plan, source, setting)}"
        " WHERE s.k IS NOT NULL AND s.n = 1"
    )
    con.execute(
        f"SELECT DISTINCT r._record FROM {table} r JOIN dpc_contradicted c"
        " ON r._file = c.live_file AND r._row = c.live_row WHERE r._record IS NOT NULL"
    )
    live.refused.update(record for (record,) in fetched(con))
    return live


def _contradicted(
    con: duckdb.DuckDBPyConnection, source: Source, loaded: Loaded
) -> Iterator[Reject]:
    """Give the rows that say other things than the live row of their key, of the same time."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE dpc_contradicted AS SELECT b._file, b._row,"
        " w._file AS live_file, w._row AS live_row FROM dpc_ranked b JOIN dpc_ranked w"
        " ON w.k = b.k AND w.n = 1 AND b.n > 1 AND b.moment IS NOT DISTINCT FROM w.moment"
        " AND b.number IS NOT DISTINCT FROM w.number AND b._digest <> w._digest"
    )
    con.execute("SELECT _file, _row FROM dpc_contradicted")
    for file, row in fetched(con):
        yield _reject(source, loaded, file, row, source.key, "duplicate")


def _unreadable(con: duckdb.DuckDBPyConnection, source: Source, loaded: Loaded) -> Iterator[Reject]:
    """Give the rows without a key, and those whose version is neither a date nor a number."""
    con.execute("SELECT _file, _row FROM dpc_ranked WHERE k IS NULL")
    for file, row in fetched(con):
        yield _reject(source, loaded, file, row, source.key, "missing-key")
    con.execute(
        "SELECT _file, _row, dpc_day_first(version) FROM dpc_ranked WHERE k IS NOT NULL"
        " AND version IS NOT NULL AND moment IS NULL AND number IS NULL"
    )
    for file, row, day_first in fetched(con):
        rule = "date-order" if day_first else "date"
        yield _reject(source, loaded, file, row, source.version, rule)


def _reject(
    source: Source, loaded: Loaded, file: int, row: int, reference: str | None, rule: str
) -> Reject:
    name = reference or ""
    if source.formulation == "JSONPath":
        name = JsonWalker().column("", name)
    return Reject(source.name, loaded.files[file], row, name, rule, letter=loaded.letter(name))


def _record(plan: Plan, source: Source, setting: Setting) -> str:
    base = identifier(base_table(source))
    return (
        f"{_record_of(plan, source, setting)} FROM {base} s {_record_join(plan, source, setting)}"
    )


def _record_of(plan: Plan, source: Source, setting: Setting) -> str:
    return "m._record" if source.record_map is not None else "NULL::VARCHAR AS _record"


def _record_join(plan: Plan, source: Source, setting: Setting) -> str:
    if source.record_map is None:
        return ""
    triples = plan.triples(source.record_map)
    stages = Stages(setting)
    made = stages.expression(triples.subject.expression)
    view = identifier(view_table(plan.view(triples.view)))
    rows = stages.select(f"SELECT v.* FROM {view} v")
    return (
        f"LEFT JOIN (SELECT v._file, v._row, any_value({made}) AS _record FROM ({rows}) v"
        " GROUP BY v._file, v._row) m USING (_file, _row)"
    )
