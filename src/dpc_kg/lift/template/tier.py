"""The tier that a template was made for, as the workbook itself says it."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from dpc_kg.base.settings import PROFILES

PROPERTY = "dpc-tier"
"""The document property of a template; Excel and LibreOffice keep it when they save."""

_PART = "docProps/custom.xml"
_LARGEST = 1 << 16
_VALUE = re.compile(rf'name="{PROPERTY}"[^>]*>\s*<[^>]*>({"|".join(PROFILES)})<')


def tier_of(paths: Iterable[object]) -> str | None:
    """Give the tier of the first template among the files of an export; None where none is."""
    books = (p for p in paths if isinstance(p, Path) and p.suffix.lower() in (".xlsx", ".xlsm"))
    return next((tier for book in books if (tier := _tier(book)) is not None), None)


def _tier(book: Path) -> str | None:
    try:
        with zipfile.ZipFile(book) as parts, parts.open(_PART) as part:
            found = _VALUE.search(part.read(_LARGEST).decode("utf-8", errors="replace"))
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None  # what is wrong with the file is told where it is read
    return found[1] if found else None
