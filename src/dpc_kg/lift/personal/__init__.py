"""Personal data found before anything leaves: columns whose cells look personal, by kind and count.

The second line of defence behind ``fields.csv``: what a mapping reads is looked at once more.
"""

from dpc_kg.lift.personal.finding import Finding
from dpc_kg.lift.personal.gate import look

__all__ = ["Finding", "look"]
