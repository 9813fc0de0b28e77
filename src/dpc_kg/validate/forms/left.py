"""What a report counts of an export that was left out, in the order of every form."""

from collections.abc import Iterator

from dpc_kg.validate.report import DROPPED, CheckReport, FieldCount


def left_out(report: CheckReport) -> Iterator[tuple[str, list[FieldCount]]]:
    """Give the fields that were left out by why, and those with codes without a place.

    Each with its key in the wording; nothing of a kind that there is none of.
    """
    for reason in DROPPED:
        entries: list[FieldCount] = [each for each in report.dropped if each.reason == reason]
        if entries:
            yield f"dropped-{reason}", entries
    if report.unknown:
        yield "unknown", list(report.unknown)
