"""Settings that hold everywhere."""

LANGS = ("en", "fr", "es", "ar")
"""Languages of messages, labels and pages; the first is the fallback."""

RIGHT_TO_LEFT = frozenset({"ar"})
"""Languages written from right to left."""

PROFILES = ("basic", "essential", "full")
"""Tiers of the shapes, each holding the one before it."""
