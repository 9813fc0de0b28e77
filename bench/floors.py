"""What a lift cannot be quicker than: the bytes written, and the lines of a plan made by hand.

``python -m bench.floors write DATA OUT`` writes the bytes of a lifted file and nothing else.
``python -m bench.floors build CASES WORKERS OUT`` makes the lines of
``bench/assets/lift/cases.rml.ttl`` by SQL written for them, over DuckDB. It checks nothing, knows
no mapping and keeps no place of a cell. Its lines are checked equal to those of the lift.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

_DATA = "https://data.example.org/"
_EX = "https://example.org/cases#"
_DCT = "http://purl.org/dc/terms/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_BLOCK = 1 << 20
_COPY = r"(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x01')"


def write(data: Path, out: Path) -> None:
    """Copy a file block by block."""
    with data.open("rb") as source, out.open("wb", buffering=0) as target:
        while block := source.read(_BLOCK):
            target.write(block)


def build(cases: Path, workers: Path, out: Path) -> None:
    """Make the lines of cases, organisations and workers."""
    import duckdb

    con = duckdb.connect(config={"threads": 2})
    con.execute(f"CREATE TABLE workers AS SELECT * FROM {_table(workers)}")
    source = (
        f"(SELECT c.*, w.worker_id FROM {_table(cases)} c LEFT JOIN workers w ON c.worker = w.code)"
    )
    parts = [
        _rows(source, "case_id", "case", _case()),
        _rows(
            f"(SELECT DISTINCT organisation FROM {_table(cases)})",
            "organisation",
            "organisation",
            [_constant(_TYPE, f"<{_EX}Organisation>"), _literal(_LABEL, "organisation")],
        ),
        _rows("workers", "worker_id", "worker", _worker()),
    ]
    con.execute(f"COPY ({' UNION ALL '.join(parts)}) TO '{out}' {_COPY}")
    con.close()


def _table(path: Path) -> str:
    return (
        f"read_csv('{path}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"',"
        " nullstr='')"
    )


def _rows(source: str, key: str, kind: str, lines: Sequence[str]) -> str:
    """Give a SELECT of one text a row: every line after the subject, which stands once in it."""
    subject = f"'<{_DATA}{kind}/' || {_safe(key)} || '> '"
    body = ", ".join(f"s || {line}" for line in lines)
    return f"SELECT concat_ws(chr(10), {body}) FROM (SELECT *, {subject} AS s FROM {source})"


def _case() -> list[str]:
    return [
        _constant(_TYPE, f"<{_EX}Case>"),
        _literal(f"<{_DCT}identifier>", "case_id"),
        _literal(f"<{_EX}receivedAt>", "received_at", f"^^<{_XSD}dateTime>"),
        _literal(f"<{_EX}openedOn>", "opened_on", f"^^<{_XSD}date>"),
        _literal(f"<{_EX}closedOn>", "closed_on", f"^^<{_XSD}date>"),
        _iri("category", "category"),
        _iri("status", "status"),
        _literal(f"<{_EX}severity>", "severity", f"^^<{_XSD}integer>"),
        _iri("country", "country"),
        _iri("ageBand", "age_band", "age-band"),
        _literal(f"<{_EX}childCount>", "child_count", f"^^<{_XSD}integer>"),
        _literal(f"<{_EX}referred>", "referred", f"^^<{_XSD}boolean>"),
        _literal(f"<{_DCT}description>", "summary", "@en"),
        _literal(f"<{_EX}contentRef>", "content_ref"),
        _iri("worker", "worker_id", "worker"),
        _iri("handledBy", "organisation", "organisation"),
    ]


def _worker() -> list[str]:
    return [
        _constant(_TYPE, f"<{_EX}Worker>"),
        _literal(f"<{_DCT}identifier>", "code"),
        _literal(_LABEL, "name", "@en"),
        _iri("country", "country"),
        _iri("kind", "kind"),
    ]


def _constant(predicate: str, value: str) -> str:
    return f"'{predicate} {value} .'"


def _literal(predicate: str, column: str, tail: str = "") -> str:
    escaped = column
    for plain, text in (("\\", "\\\\"), ('"', '\\"')):
        escaped = f"replace({escaped}, '{plain}', '{text}')"
    escaped = f"replace(replace({escaped}, chr(10), '\\n'), chr(13), '\\r')"
    return f"'{predicate} \"' || {escaped} || '\"{tail} .'"


def _iri(predicate: str, column: str, kind: str | None = None) -> str:
    return f"'<{_EX}{predicate}> <{_DATA}{kind or column}/' || {_safe(column)} || '> .'"


def _safe(column: str) -> str:
    plain = f"regexp_full_match({column}, '[A-Za-z0-9._~-]*')"
    return f"CASE WHEN {plain} THEN {column} ELSE url_encode({column}) END"


def main(arguments: Sequence[str]) -> int:
    """Make one floor."""
    verb, *files = arguments
    floors: dict[str, Callable[..., None]] = {"write": write, "build": build}
    floors[verb](*map(Path, files))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
