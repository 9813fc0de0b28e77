"""The command line: one verb, one call (DESIGN section 6)."""

from dpc_kg.cli.main import main

__all__ = ["main"]
