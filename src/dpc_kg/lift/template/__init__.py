"""The template for offices with a spreadsheet only: its sheets and columns, and their mapping."""

from dpc_kg.lift.template.sheets import Column, Sheet, sheets
from dpc_kg.lift.template.wording import EITHER, MUST, Choice, choices, header, marked, number

__all__ = [
    "EITHER",
    "MUST",
    "Choice",
    "Column",
    "Sheet",
    "choices",
    "header",
    "marked",
    "number",
    "sheets",
]
