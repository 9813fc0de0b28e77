"""Structured identifiers of the hold-out set: each kind, its variations, its half."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.lift.holdout import checked, register
from tests.lift.holdout.draws import drawn, seeded, table, written

_BARE = re.compile(r"(?!0)[\d#%{}|]+")  # digits alone, with neither a plus nor a trunk zero before
Make = Callable[[random.Random], str]
_BECH = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
NATIONAL: dict[str, tuple[str, Make]] = {
    "nhs": ("A", checked.nhs),
    "nino": ("A", checked.nino),
    "nir": ("A", checked.nir),
    "dni": ("A", checked.dni),
    "nie": ("A", checked.nie),
    "cpf": ("A", checked.cpf),
    "aadhaar": ("A", checked.aadhaar),
    "pesel": ("A", checked.pesel),
    "south-african": ("A", checked.south_african),
    "turkish": ("A", checked.turkish),
    "ssn": ("A", checked.ssn),
    "personnummer": ("A", checked.personnummer),
    "resident-china": ("A", checked.resident),
    "curp": ("A", checked.curp),
    "pan": ("B", checked.pan),
    "codice-fiscale": ("B", checked.fiscal),
    "bsn": ("B", checked.bsn),
    "cnp": ("B", checked.cnp),
    "rut": ("B", checked.rut),
    "resident-korea": ("B", checked.resident_korea),
    "hetu": ("B", checked.hetu),
    "ahv": ("B", checked.ahv),
    "thai-id": ("B", checked.thai),
    "israeli": ("B", checked.israeli),
    "melli": ("B", checked.melli),
    "bulgarian": ("B", checked.bulgarian),
    "belgian": ("B", checked.belgian),
    "cnic": ("B", checked.cnic),
    "emirates": ("B", checked.emirates),
    "baltic": ("C", register.baltic),
    "norwegian": ("C", register.norwegian),
    "danish": ("C", register.danish),
    "czech": ("C", register.czech),
    "oib": ("C", register.oib),
    "portuguese": ("C", register.portuguese),
    "cuil": ("C", register.cuil),
    "ecuadorian": ("C", register.ecuadorian),
    "kazakh": ("C", register.kazakh),
    "indonesian": ("C", register.indonesian),
    "malaysian": ("C", register.malaysian),
    "egyptian": ("C", register.egyptian),
    "singaporean": ("C", register.singaporean),
    "taiwanese": ("C", register.taiwanese),
    "lankan": ("C", register.lankan),
}
_UNCHECKED = {"ssn", "cnic"}  # without a check digit: bare, they are any number
_NATIONAL_DIGITS = {"aadhaar": ["deva"], "melli": ["arabext"], "thai-id": ["thai"]}


@dataclass(frozen=True)
class Variation:
    """One way an identifier is written: its kind, name, half, script of its digits."""

    kind: str
    name: str
    half: str
    script: str
    make: Make

    def cells(self, count: int, seed: object) -> list[str]:
        """Draw ``count`` identifiers of this variation."""
        draw = seeded(self.kind, self.name, self.script, seed)
        return [written(self.script, self.make(draw)) for _ in range(count)]


def _worded(draw: random.Random, form: str, words: dict[str, str]) -> str:
    def word(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("base58"):
            return checked.base58(draw, int(name[6:]))
        if name == "bech":
            return "".join(draw.choices(_BECH, k=38))
        if name == "LATIN":
            return draw.choice(words["latin"].split()).upper()
        return draw.choice(words[name].split()).replace("-", " " if name == "sharia" else "-")

    # a bare '%' or '@' of the address itself is kept out of the pattern's marks
    text = form if "<latin>" in form or "<other>" in form or "<LATIN>" in form else None
    if text is not None:
        return re.sub(r"<(\w+)>", word, re.sub(r"\{[^}]*\}|#", lambda m: drawn(draw, m[0]), text))
    if "<handle>" in form:
        kept = form.replace("@<handle>", "\0<handle>")
        filled = re.sub(r"[%#~]|\{[^}]*\}", lambda m: drawn(draw, m[0]), kept)
        return re.sub(r"<(\w+)>", word, filled).replace("\0", "@")
    return re.sub(r"<(\w+)>", word, drawn(draw, form))


def _patterned(forms: list[str], words: dict[str, str]) -> Make:
    return lambda draw: _worded(draw, draw.choice(forms), words)


def _written() -> Iterator[Variation]:
    entries = table("written.toml")
    words = entries.pop("words")
    for kind, variations in entries.items():
        for name, entry in variations.items():
            yield from _forms(kind, name, entry, words)


def _phones() -> Iterator[Variation]:
    for country, entry in table("phones.toml").items():
        yield from _forms("phone", country, entry, {})


def _forms(
    kind: str, name: str, entry: dict[str, Any], words: dict[str, str]
) -> Iterator[Variation]:
    """Give the forms of an entry mixed, in the digits of each script, and each form alone."""
    forms, half, scripts = entry["forms"], entry["half"], ["latn", *entry.get("digits", [])]
    for script in scripts:
        yield Variation(kind, name, half, script, _patterned(forms, words))
    for number, form in enumerate(forms if len(forms) > 1 else []):
        script = scripts[number % len(scripts)]
        alone = "bare phone" if kind == "phone" and _BARE.fullmatch(form) else kind
        yield Variation(alone, f"{name}:{number}", half, script, _patterned([form], words))


def _numbers() -> Iterator[Variation]:
    for name, (half, make) in NATIONAL.items():
        for script in ["latn", *_NATIONAL_DIGITS.get(name, [])]:
            yield Variation("national", name, half, script, make)
        kind = "bare number" if name in _UNCHECKED else "national"
        yield Variation(kind, f"{name}:plain", half, "latn", _unspaced(make))
    for half, countries in {
        "C": "GB TR SA",
        "A": "DE FR GB ES SA BR",
        "B": "NL IT PL KW TR UA",
    }.items():
        yield Variation("iban", countries, half, "latn", partial(checked.iban, countries))
    for half, states in {"A": "KEN FRA IND", "B": "D<< BRA SYR UKR"}.items():
        yield Variation("passport line", states, half, "latn", partial(checked.mrz, states))
    yield Variation("card", "ascii", "A", "latn", checked.card)
    yield Variation("card", "plain", "B", "latn", _unspaced(checked.card))
    yield Variation("card", "arabic", "B", "arab", checked.card)
    yield Variation("card", "fullwide", "B", "fullwide", checked.card)
    yield Variation("imei", "ascii", "A", "latn", checked.imei)
    yield Variation("imei", "grouped", "B", "latn", _grouped_imei)


def _unspaced(make: Make) -> Make:
    return lambda draw: re.sub(r"[ .-]", "", make(draw))


def _grouped_imei(draw: random.Random) -> str:
    text = checked.imei(draw)
    return f"{text[:2]}-{text[2:8]}-{text[8:14]}-{text[14:]}"


def variations(half: str) -> list[Variation]:
    """Give the variations of one half, in a fixed order."""
    return [v for v in [*_phones(), *_numbers(), *_written()] if v.half == half]
