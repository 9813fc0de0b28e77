"""Values of synthetic hash lists: digests, keys and dates that are obviously made up.

Every digest begins with eight zeros. What stands in a personal field is a canary: it holds the
word ``Canary``, so that a test can see that none of it leaves.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

WIDTHS = {"md5": 32, "sha1": 40, "sha256": 64}
_START = datetime(2024, 1, 3, 9, 0, tzinfo=UTC)
_DAYS = 420

AGENCIES = ("Example Task Force", "Exemple Police", "Example Clearing House")
UNLISTED_AGENCIES = ("Unidad Ejemplo", "وحدة مثال")
TOOLS = ("Example Extractor", "Sichtung Beispiel", "Example Matcher")
UNLISTED_TOOL = "Outil sans place"
MEMBERS = (("9001", "Example Provider"), ("9002", "Example Storage"))
UNLISTED_MEMBER = ("9044", "Proveedor Ejemplo")
PLATFORMS = ("Example Social", "Example Video")
FEEDBACKS = ("met", "taken down", "agrees", "disagrees", "within our rules", "not met", "broken")
MIME_TYPES = ("image/jpeg", "image/png", "video/mp4", "image/webp", "video/quicktime")
SIZES = (512, 99_999, 100_000, 2_835_112, 48_000_000, 100_000_000, 100_000_001)


def canary(what: str, number: object) -> str:
    """Give a personal value that no person has."""
    return f"Canary {what} {number}"


@dataclass(frozen=True)
class Series:
    """What the values of one export depend on; ``known`` are digests of another export."""

    org: str
    seed: int
    known: tuple[dict[str, str], ...] = ()

    def rng(self, *place: object) -> Random:
        """Give the random numbers of one place: the same whatever the size of the export."""
        return Random(":".join(str(p) for p in (self.org, self.seed, *place)))  # noqa: S311

    def digests(self, file: int) -> dict[str, str]:
        """Give the digests of an invented file by its number, in lower case."""
        rng = self.rng("file", file)
        return {
            name: "0" * 8 + "".join(rng.choice("0123456789abcdef") for _ in range(width - 8))
            for name, width in WIDTHS.items()
        }

    def guid(self, *place: object) -> str:
        """Give an invented GUID, in lower case, without braces."""
        return str(uuid.UUID(int=self.rng("guid", *place).getrandbits(128), version=4))

    def moment(self, rng: Random) -> datetime:
        """Give a moment within the time the export covers, to the second."""
        return _START + timedelta(days=rng.randrange(_DAYS), seconds=rng.randrange(40_000))


def stamp(moment: datetime) -> str:
    """Give a moment as systems in UTC write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_west(moment: datetime) -> str:
    """Give a moment as a tool five hours behind UTC writes it, with milliseconds."""
    return (moment - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S.120-05:00")
