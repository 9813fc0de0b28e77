"""A mapping for a new source without programming: drafted from its files, and checked."""

from dpc_kg.lift.mapdraft.examine import Examined, examine
from dpc_kg.lift.mapdraft.findings import Finding
from dpc_kg.lift.mapdraft.folder import draft, redraft

__all__ = ["Examined", "Finding", "draft", "examine", "redraft"]
