"""A view whose calls have been computed: columns of value, fault rule and "no place" mark."""

from dataclasses import dataclass, field

from dpc_kg.lift.plan import Call, View


@dataclass
class Resolved:
    """The table of a view's live rows, and the columns in which the results of its calls stand.

    ``has_records`` says whether a row belongs to a record, ``keeps_naturals`` whether natural
    datatypes stand beside the fields.
    """

    view: View
    table: str
    values: dict[Call, str] = field(default_factory=dict)
    rules: dict[Call, str] = field(default_factory=dict)
    unknowns: dict[Call, str] = field(default_factory=dict)
    has_records: bool = True
    keeps_naturals: bool = True
