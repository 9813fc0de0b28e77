"""Reading bytes into tables: one room a format, all to one contract (`dpc_kg.lift.tables`).

Text and Parquet are read where the lift runs, in streams. What a parser must take apart as a whole
(workbooks, JSON, SQLite) is read by a worker process with caps on memory and time. Nothing is
imported here, so that the worker starts with what it needs alone.
"""
