"""The live records of a source: the latest version of each key; conflicts and missing keys."""

from dataclasses import dataclass, field

import duckdb

from dpc_kg.base.faults import column_letter
from dpc_kg.lift.paths import JsonWalker
from dpc_kg.lift.plan import Plan, Source, calls
from dpc_kg.lift.rows import Loaded, Reject, base_table, identifier, view_table
from dpc_kg.lift.terms import Setting, make, record_table


@dataclass
class Live:
    """What became of a source's rows."""

    rejects: list[Reject] = field(default_factory=list)
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
    if source.key is None:
        con.execute(f"CREATE TABLE {table} AS SELECT _file, _row, {_record(plan, source, setting)}")
        return live
    con.execute(
        "CREATE OR REPLACE TEMP TABLE dpc_ranked AS SELECT _file, _row,"
        " dpc_clean(_key) AS k, _version, _digest,"
        " row_number() OVER (PARTITION BY dpc_clean(_key) ORDER BY dpc_utc(dpc_clean(_version)) DESC"
        " NULLS LAST, dpc_clean(_version) DESC NULLS LAST, _file, _row) AS n"
        f" FROM {base}"
    )
    column = _key_column(source)
    letter = column_letter(loaded.columns[column]) if column in loaded.columns else None
    for file, row in con.execute("SELECT _file, _row FROM dpc_ranked WHERE k IS NULL").fetchall():
        live.rejects.append(
            Reject(source.name, loaded.files[file], row, column, "missing-key", letter=letter)
        )
    conflicts = con.execute(
        "SELECT b._file, b._row, w._file, w._row FROM dpc_ranked b JOIN dpc_ranked w ON w.k = b.k"
        " AND w.n = 1 AND b.n > 1 AND b._version IS NOT DISTINCT FROM w._version"
        " AND b._digest <> w._digest"
    ).fetchall()
    for file, row, _, _ in conflicts:
        live.rejects.append(
            Reject(source.name, loaded.files[file], row, column, "duplicate", letter=letter)
        )
    row = con.execute("SELECT count(*) FROM dpc_ranked WHERE k IS NOT NULL AND n > 1").fetchone()
    live.superseded = (row[0] if row else 0) - len(conflicts)
    con.execute(
        f"CREATE TABLE {table} AS SELECT s._file, s._row, {_record_of(plan, source, setting)}"
        f" FROM dpc_ranked s {_record_join(plan, source, setting)}"
        " WHERE s.k IS NOT NULL AND s.n = 1"
    )
    for _, _, file, row in conflicts:
        found = con.execute(
            f"SELECT _record FROM {table} WHERE _file = ? AND _row = ?", [file, row]
        ).fetchone()
        if found is not None and found[0] is not None:
            live.refused.add(found[0])
    return live


def _key_column(source: Source) -> str:
    key = source.key or ""
    return JsonWalker().column("", key) if source.formulation == "JSONPath" else key


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
    view = identifier(view_table(plan.view(triples.view)))
    made = make(calls(triples.subject.expression)[-1], setting).value
    return (
        f"LEFT JOIN (SELECT v._file, v._row, any_value({made}) AS _record FROM {view} v"
        " GROUP BY v._file, v._row) m USING (_file, _row)"
    )
