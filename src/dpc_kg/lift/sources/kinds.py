"""The words for natural types of cells, after the XSD type each becomes (R2RML section 10.2)."""

import re

STRING = "string"
INTEGER = "integer"
DECIMAL = "decimal"
DOUBLE = "double"
BOOLEAN = "boolean"
DATE = "date"
TIME = "time"
DATETIME = "dateTime"
BINARY = "hexBinary"

_NATURAL = (
    (r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|INT[248]|U(TINY|SMALL|BIG|HUGE)INT", INTEGER),
    (r"DECIMAL.*|NUMERIC.*", DECIMAL),
    (r"FLOAT[48]?|DOUBLE( PRECISION)?|REAL", DOUBLE),
    (r"BOOL(EAN)?", BOOLEAN),
    (r"DATE", DATE),
    (r"TIMESTAMP.*|DATETIME", DATETIME),
    (r"TIME(TZ)?( .*)?", TIME),
    (r"BLOB|BYTEA|VARBINARY|BINARY", BINARY),
)


def natural_of(kind: str) -> str:
    """Give the natural type of an SQL type by its name.

    >>> natural_of("BIGINT"), natural_of("DECIMAL(5,2)"), natural_of("text")
    ('integer', 'decimal', 'string')
    """
    upper = kind.upper().strip()
    return next((n for pattern, n in _NATURAL if re.fullmatch(pattern, upper)), STRING)
