"""How much is read of a file that others wrote (research: attacks 37, 40, 42)."""

MAX_BYTES = 100_000_000
"""Of one unpacked file, and of all parts of a workbook together."""

MAX_RATIO = 100
"""Of unpacked to packed bytes, once there is more than `RATIO_FLOOR` of the former."""

RATIO_FLOOR = 1 << 20

MAX_MEMBERS = 1_000
"""Of an archive or workbook."""

MAX_DIRECTORY = 1 << 20
"""Bytes of the list of members at the end of a zip."""

MAX_ROWS = 50_000
"""Of a sheet, unless the mapping declares more (option ``maxRows``)."""

MAX_AREA = 5_000_000
"""Cells of a sheet between its first and its last filled one."""

MAX_LINE = 1 << 24
"""Bytes of one row."""

MEMORY = 1 << 30
"""Address space of the worker that reads a workbook, a document or a database."""

SECONDS = 120
"""Processor time of that worker; twice that by the clock."""
