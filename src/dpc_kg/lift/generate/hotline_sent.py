"""One report as a helpline sends it to the Internet Watch Foundation, with its own number and date.

The members are those of the interface; ``report_id`` and ``received_at`` are kept by the sender.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from dpc_kg.lift.generate.hotline_words import CANARY, address, email

_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_MINUTES = 540 * 24 * 60
_CODES = {
    "Media_Type_ID": 1,
    "Report_Channel_ID": 51,
    "Origin_ID": 5,
    "Submission_Type_ID": 1,
    "Reported_Category_ID": 2,
}
_NOT_PUBLIC = {
    "Media_Type_ID": 7,
    "Report_Channel_ID": 96,
    "Origin_ID": 12,
    "Submission_Type_ID": 4,
    "Reported_Category_ID": 31,
    "Reporter_Country_ID": 204,
}

Member = str | int | None


@dataclass(frozen=True)
class Sent:
    """A report sent on; ``unknown`` names the members with numbers of lists that are not public."""

    number: int
    members: dict[str, Member]
    unknown: tuple[str, ...] = field(default=())

    @property
    def plain(self) -> bool:
        """Tell whether it may carry a planted fault."""
        return not self.unknown


def sent(seed: int, org: str, number: int) -> Sent:
    """Give report ``number`` of an export; it depends on its arguments alone."""
    rng = Random(f"hotline/iwf/{seed}/{org}/{number}")  # noqa: S311 - test data, not a secret
    at = _FIRST_DAY + timedelta(minutes=rng.randrange(_MINUTES))
    anonymous = rng.random() < 0.7
    members: dict[str, Member] = {
        "report_id": f"S-{seed}-{number:06d}",
        "received_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "Reporting_Type": "R",
        "Live_Report": "T" if rng.random() < 0.1 else "L",
        **_CODES,
        "Reported_URL": address(rng, number),
        "Reporter_Anonymous": "Y" if anonymous else "N",
        "Reporter_First_Name": None if anonymous else f"{CANARY} First",
        "Reporter_Last_Name": None if anonymous else f"{CANARY} Last",
        "Reporter_Email_ID": None if anonymous else email(number),
        "Reporter_Country_ID": None,
        "Reporter_Description": None if anonymous else f"{CANARY}: invented text",
    }
    if rng.randrange(12):
        return Sent(number, members)
    odd = rng.choice(sorted(_NOT_PUBLIC))
    return Sent(number, members | {odd: _NOT_PUBLIC[odd]}, (odd,))
