"""Settings that hold everywhere."""

from datetime import datetime

LANGS = ("en", "fr", "es", "ar")
"""Languages of messages, labels and pages; the first is the fallback."""

RIGHT_TO_LEFT = frozenset({"ar"})
"""Languages written from right to left."""

PROFILES = ("basic", "essential", "full")
"""Tiers of the shapes, each holding the one before it."""

MADE = datetime(1980, 1, 1)
"""When a workbook says it was made: the same content gives the same bytes. It takes no zone."""
