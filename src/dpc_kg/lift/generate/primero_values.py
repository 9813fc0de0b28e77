"""The words of synthetic Primero cases: code lists, obviously invented persons, free text.

Every personal value is made up and says so: example domains, the telephone number ``000``, names
that are no names. The personal gate must drop all of them.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from dpc_kg.base.assets import asset

Value = bool | int | str | list["Value"] | dict[str, "Value"] | None
"""What a form field holds before the export writes it as text."""

NAMES = {
    "en": ("Testchild", "Sample", "Placeholder"),
    "fr": ("Enfant-Exemple", "Prénom-Fictif", "Élève-Modèle"),
    "es": ("Niñez-Ejemplo", "Nombre-Ficticio", "Muestra-Ñandú"),
    "ar": ("اسم-تجريبي", "طفل-مثال", "نموذج-وهمي"),
}
NOTES = {
    "en": (
        'Synthetic note, nobody real: "call back later",\nthen visit.',
        "=SUM(1,2) is what a visitor typed; synthetic.",
        "Synthetic: the caseworker wrote #{nothing} and a back\\slash.",
    ),
    "fr": (
        "Note fictive : l’enfant « exemple » revient lundi,\nà l’école.",
        "- à rappeler ; note inventée",
    ),
    "es": (
        "Nota ficticia: ¿quién llamó?, nadie real.\nSe visitará mañana.",
        "+1 visita, texto inventado",
    ),
    "ar": ("ملاحظة وهمية، لا أحد حقيقي.\nزيارة لاحقة.", "نص مخترع، «مثال» فقط"),
}
PLACES = {
    "en": "{n} Example Street,\nTestville",
    "fr": "{n}, rue de l’Exemple,\nVille-Fictive",
    "es": "Calle Ejemplo {n}, Ciudad Ficticia",
    "ar": "شارع المثال {n}، مدينة وهمية",
}
TYPED_NAME = "Testname Omega (typed into a list)"
LEGACY_CODES = ("old_code_2019", "غير_معروف_قديم", "ancien_code_été")
AGENCIES = ("example-shelter", "example-clinic", "example-legal-desk", "example-family-tracing")
AGENCY_NAMES = ("Example Child Helpline", "Maison Exemple", "Casa de Muestra", "مركز المثال")


@dataclass(frozen=True)
class CodeLists:
    """The deployment's lists (``codes.csv``): values with a place in the model, and without."""

    placed: dict[str, tuple[str, ...]]
    unplaced: dict[str, tuple[str, ...]]
    codes: dict[tuple[str, str], str]

    def values_of(self, name: str, code: str) -> tuple[str, ...]:
        """Give the raw values of a list that stand for one code."""
        return tuple(v for v in self.placed[name] if self.codes[name, v] == code)


@lru_cache(maxsize=1)
def code_lists() -> CodeLists:
    """Give the lists the mapping declares, so that generator and mapping cannot disagree."""
    placed: dict[str, tuple[str, ...]] = {}
    unplaced: dict[str, tuple[str, ...]] = {}
    codes: dict[tuple[str, str], str] = {}
    path = asset("mappings", "lift", "primero", "codes.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            name, value, code = row["list"], row["value"], row["code"]
            side = placed if code else unplaced
            side[name] = (*side.get(name, ()), value)
            codes[name, value] = code
    return CodeLists(placed, unplaced, codes)


def full_name(rng: Random, lang: str, number: int) -> tuple[str, str]:
    """Give a given name and a family name that nobody bears."""
    return rng.choice(NAMES[lang]), f"{rng.choice(NAMES[lang])} {number}"


def phone(rng: Random) -> str:
    """Give a telephone number that cannot be dialled; the leading plus looks like a formula."""
    return f"+000 000 {rng.randrange(1000):03d} {rng.randrange(1000):03d}"


def address(rng: Random, lang: str) -> str:
    """Give an invented postal address, mostly on two lines."""
    return PLACES[lang].format(n=rng.randint(1, 99))


def handle(number: int) -> str:
    """Give an invented account name; the leading @ looks like a formula."""
    return f"@synthetic_handle_{number}"


def note(rng: Random, lang: str) -> str:
    """Give free text in one of the four languages."""
    return rng.choice(NOTES[lang])


def hex_id(rng: Random) -> str:
    """Give a random version-4 UUID drawn from ``rng``."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
