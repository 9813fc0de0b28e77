"""The header of a table against the columns that a mapping reads."""

import difflib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from dpc_kg.base.errors import SourceError, shown

_LIST_FOR_READING = (
    " This looks like a list for reading, with labels as headers: its ID may stand for two records."
    " Take the export with field names (in Primero: CSV)."
)


def known_as(header: Sequence[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Give a header with the name a mapping knows in place of each text that ``titles`` lists."""
    return tuple(titles.get(text, text) for text in header)


def titles_of(header: Sequence[str], titles: Mapping[str, str]) -> dict[str, str]:
    """Give the text that stands in a header for each name that is another one."""
    return {titles[text]: text for text in header if titles.get(text, text) != text}


def check_columns(
    header: Sequence[str],
    wanted: Collection[str],
    name: str,
    *,
    row: int | None = 1,
    sheet: str | None = None,
) -> None:
    """Refuse a header in which a wanted column is missing or stands twice.

    Raises:
        SourceError: so it is; ``columns`` names all such columns.
    """
    missing = sorted(set(wanted) - set(header))
    if missing:
        near = difflib.get_close_matches(missing[0], header, n=1)
        hint = f" The nearest there is {shown(near[0])}." if near else ""
        if {m.upper() for m in missing} & (set(header) - set(wanted)):
            hint = _LIST_FOR_READING
        more = f", and {len(missing) - 1} more." if len(missing) > 1 else "."
        raise SourceError(
            f"The column {missing[0]} is missing{more}",
            rule="missing-column",
            file=name,
            sheet=sheet,
            row=row,
            column=missing[0],
            columns=tuple(missing),
            advice=f"Export with all mapped columns: {', '.join(missing)}.{hint}",
        )
    twice = sorted(c for c, n in Counter(header).items() if n > 1 and c in wanted)
    if twice:
        raise SourceError(
            f"The column {twice[0]} stands twice, so it is not clear which one is meant.",
            rule="duplicate-column",
            file=name,
            sheet=sheet,
            row=row,
            column=twice[0],
            columns=tuple(twice),
            advice="Export it once.",
        )
