"""How much the laws try: little by default, more with DPC_FULL=1, most with DPC_SOAK=1."""

import os

FULL = os.environ.get("DPC_FULL") == "1"
SOAK = os.environ.get("DPC_SOAK") == "1"


def size(small: int, full: int, soak: int | None = None) -> int:
    """Give the size a law runs at; without ``soak`` a night's run is a full one."""
    if SOAK:
        return full if soak is None else soak
    return full if FULL else small
