"""Seeded identifiers of nobody: reserved numbers and domains, in the digits and letters of scripts.

Formats follow what numbering authorities publish (ITU E.123 and E.164, ISO 13616, ISO/IEC 7812, RFC
5737, 3849, 7042 and 2606), written here apart from the detectors; check digits are computed anew.
"""

import base64
import hashlib
import uuid
from collections.abc import Callable
from random import Random

ZEROS = {
    "latin": 0x30,
    "arabic": 0x660,
    "persian": 0x6F0,
    "devanagari": 0x966,
    "bengali": 0x9E6,
    "gurmukhi": 0xA66,
    "gujarati": 0xAE6,
    "tamil": 0xBE6,
    "telugu": 0xC66,
    "kannada": 0xCE6,
    "thai": 0xE50,
    "lao": 0xED0,
    "myanmar": 0x1040,
    "khmer": 0x17E0,
    "fullwidth": 0xFF10,
}
"""The digit nought of each script."""

LETTERS = {
    "latin": "abdefgiklmnoprstuvz",
    "arabic": "ابتثجحدرزسشصطعفقكلمن",
    "cyrillic": "абвгдежзиклмнопрстуф",
    "greek": "αβγδεζηθικλμνοπρστυφ",
    "hebrew": "אבגדהוזחטיכלמנסעפצקר",
    "devanagari": "कखगघचछजटडतदनपबमरलवसह",
    "han": "山水木火土金日月星云风雨花草林田石川海江",
    "hangul": "가나다라마바사아자차카타파하고노도로모보",
    "ethiopic": "ሀለሐመሠረሰሸቀበተቸነኘአከወዘየደ",
    "georgian": "აბგდევზთიკლმნოპჟრსტუ",
    "armenian": "աբգդեզէըթժիլխծկհձղճմ",
    "thai": "กขคงจชซญดตถทธนบปผพฟม",
}

_NAMES = ("example.org", "example.com", "example.net", "mail.example", "host.test")
_PHONES = (
    # country code, national number with # for free digits, as its authority groups it
    ("1", "(###) 555-01##"),
    ("1", "###.555.01##"),
    ("44", "7700 900###"),
    ("44", "20 7946 0###"),
    ("33", "1 99 00 ## ##"),
    ("61", "491 570 ###"),
    ("49", "30 23125 ###"),
    ("34", "9## ### ###"),
    ("20", "10 #### ####"),
    ("254", "7## ######"),
    ("63", "917 555 ####"),
    ("91", "98### #####"),
    ("880", "17##-######"),
    ("966", "5# ### ####"),
    ("7", "(9##) ###-##-##"),
    ("86", "1## #### ####"),
)
_NATIONAL = (
    "(###) 555-01##",
    "###-555-01##",
    "07700 900###",
    "020 7946 0###",
    "01 99 00 ## ##",
    "0199 00 ## ##",
    "0491 570 ###",
    "030/23125###",
    "0917-555-####",
    "017##-######",
    "05# ### ####",
    "(0##) ####-####",
    "8 (9##) ###-##-##",
    "077########",
)
_BANKS = {"GB": "LLLLdddddddddddddd", "DE": "d" * 18, "FR": "d" * 10 + "L" * 2 + "d" * 11}
_BANKS |= {"ES": "d" * 20, "NL": "LLLL" + "d" * 10, "SA": "d" * 20, "TN": "d" * 20, "LB": "d" * 24}
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def digits(random: Random, count: int) -> str:
    return "".join(str(random.randrange(10)) for _ in range(count))


def filled(random: Random, shape: str) -> str:
    return "".join(digits(random, 1) if c == "#" else c for c in shape)


def word(random: Random, script: str = "latin", least: int = 3) -> str:
    return "".join(random.choice(LETTERS[script]) for _ in range(random.randint(least, 8)))


def e_mail(random: Random) -> str:
    script = random.choice([*LETTERS, *["latin"] * 8])
    local = word(random, script) + random.choice(["", ".", "_", "+"]) + word(random, script)
    around = random.choice(["{}", "{}", "<{}>", "mailto:{}", "write to {}", "{} (work)"])
    return around.format(f"{local}@{random.choice(_NAMES)}")


def phone(random: Random) -> str:
    code, shape = random.choice(_PHONES)
    number = filled(random, shape)
    form = random.randrange(4)
    if form == 0:
        number = "".join(c for c in number if c.isdigit())
        return f"+{code}{number}"
    if form == 1:
        return f"+{code}-{number.replace(' ', '-')}"
    return f"+{code} {number}"


def phone_here(random: Random) -> str:
    return filled(random, random.choice(_NATIONAL))


def ip_address(random: Random) -> str:
    if random.random() < 0.5:
        net = random.choice(["192.0.2", "198.51.100", "203.0.113"])
        return f"{net}.{random.randrange(1, 255)}" + random.choice(["", "", ":443", "/32"])
    tail = ":".join(f"{random.randrange(1, 65536):x}" for _ in range(random.randint(1, 5)))
    found = f"2001:db8::{tail}"
    return random.choice([found, found.upper(), f"[{found}]"])


def machine(random: Random) -> str:
    tail = f"{random.randrange(256):02x}"
    found = random.choice([f"00:00:5e:00:53:{tail}", f"00-00-5E-00-53-{tail.upper()}"])
    return random.choice([found, f"0000.5e00.53{tail}"])


def web_address(random: Random) -> str:
    path = word(random, random.choice([*LETTERS]))
    forms = (
        f"https://example.org/{path}",
        f"http://{word(random)}.example/u?id={digits(random, 5)}",
        f"www.example.com/{path}",
        f"HTTPS://EXAMPLE.NET/{path}",
        f"facebook.example/{word(random)}",
        f"t.me/{word(random)}",
        f"hxxps://{word(random)}.example/x",
    )
    return random.choice(forms)


def handle(random: Random) -> str:
    script = random.choice(["latin", "latin", "cyrillic", "arabic", "hangul", "greek"])
    tail = random.choice(["", "_", "."]) + word(random, script)
    return f"@{word(random, script)}{tail}"


def place(random: Random) -> str:
    north, east = random.uniform(-80, 80), random.uniform(-179, 179)
    size = random.randint(3, 8)
    forms = (
        f"{north:.{size}f}, {east:.{size}f}",
        f"{north:.{size}f};{east:.{size}f}",
        f"{north:.{size}f} {east:.{size}f}",
        f"POINT({east:.{size}f} {north:.{size}f})",
        f"{abs(int(north))}°{random.randrange(60)}'{random.randrange(60)}\"N",
    )
    return random.choice(forms)


def bank_account(random: Random) -> str:
    country = random.choice([*_BANKS])
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    body = "".join(
        random.choice(letters) if c == "L" else digits(random, 1) for c in _BANKS[country]
    )
    figures = "".join(str(letters.index(c) + 10) if c in letters else c for c in body + country)
    found = f"{country}{98 - int(figures + '00') % 97:02}{body}"
    if random.random() < 0.5:
        return found
    return " ".join(found[i : i + 4] for i in range(0, len(found), 4))


def _luhn(body: str) -> str:
    total = 0
    for place_, figure in enumerate(reversed(body)):
        value = int(figure) * (2 if place_ % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def card(random: Random) -> str:
    found = _luhn(random.choice(["4000", "5100", "6011"]) + digits(random, 11))
    mark = random.choice(["", " ", "-"])
    return mark.join(found[i : i + 4] for i in range(0, 16, 4))


def imei(random: Random) -> str:
    return _luhn("00" + digits(random, 12))


def device(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def ssn(random: Random) -> str:
    return f"9{digits(random, 2)}-{random.randint(10, 99)}-{random.randint(1000, 9999)}"


def nhs(random: Random) -> str:
    while True:
        body = "999" + digits(random, 6)
        check = 11 - sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            found = f"{body}{check % 11}"
            return f"{found[:3]} {found[3:6]} {found[6:]}"


def nir(random: Random) -> str:
    month, place_ = random.randint(1, 12), random.randint(1, 95)
    body = f"{random.choice('12')}{digits(random, 2)}{month:02}{place_:02}{digits(random, 6)}"
    key = f"{97 - int(body) % 97:02}"
    parts = (body[0], body[1:3], body[3:5], body[5:7], body[7:10], body[10:], key)
    return random.choice(["", " "]).join(parts)


def dni(random: Random) -> str:
    number = random.randrange(10**7, 10**8)
    letter = "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]
    if random.random() < 0.3:
        number = random.randrange(10**6, 10**7)
        letter = "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]
        return f"X{number:07}{letter}"
    return f"{number}{random.choice(['', '-'])}{letter}"


def cpf(random: Random) -> str:
    body = [random.randrange(10) for _ in range(9)]
    for size in (10, 11):
        total = sum(d * w for d, w in zip(body, range(size, 1, -1), strict=True))
        body.append(0 if total % 11 < 2 else 11 - total % 11)
    text = "".join(map(str, body))
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def curp(random: Random) -> str:
    letters = "BCDFGHJKLMNPQRSTVWXYZ"
    four = "".join(random.choice(letters) for _ in range(4))
    five = "".join(random.choice(letters) for _ in range(5))
    day = f"{random.randint(0, 99):02}{random.randint(1, 12):02}{random.randint(1, 28):02}"
    return f"{four}{day}{random.choice('HM')}{five}0{random.randrange(10)}"


def resident(random: Random) -> str:
    body = f"999999{random.randint(1950, 2020)}{random.randint(1, 12):02}"
    body += f"{random.randint(1, 28):02}{digits(random, 3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def korean(random: Random) -> str:
    day = f"{random.randint(0, 99):02}{random.randint(1, 12):02}{random.randint(1, 28):02}"
    return f"{day}-{random.randint(1, 4)}{digits(random, 6)}"


def picture(random: Random) -> str:
    raw = random.randbytes(random.randint(60, 400))
    return random.choice(
        [
            base64.b64encode(raw).decode(),
            base64.urlsafe_b64encode(raw).decode(),
            f"data:image/png;base64,{base64.b64encode(raw[:40]).decode()}",
        ]
    )


def wallet(random: Random) -> str:
    if random.random() < 0.4:
        return "0x" + random.randbytes(20).hex()
    if random.random() < 0.4:
        tail = "".join(random.choice("023456789acdefghjklmnpqrstuvwxyz") for _ in range(39))
        return f"tb1q{tail}"
    raw = b"\x6f" + random.randbytes(20)  # of a test network
    raw += hashlib.sha256(hashlib.sha256(raw).digest()).digest()[:4]
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return text


Make = Callable[[Random], str]

ALONE: dict[str, Make] = {
    "e-mail": e_mail,
    "phone": phone,
    "ip-address": ip_address,
    "machine address": machine,
    "web-address": web_address,
    "account": handle,
    "coordinates": place,
    "bank-account": bank_account,
    "media": picture,
    "wallet": wallet,
    "us ssn": ssn,
    "uk nhs": nhs,
    "fr nir": nir,
    "es dni, nie": dni,
    "br cpf": cpf,
    "mx curp": curp,
    "cn resident": resident,
    "kr resident": korean,
}
"""Identifiers of which one cell is enough."""

TOGETHER: dict[str, Make] = {
    "phone of a country": phone_here,
    "payment-card": card,
    "imei": imei,
    "device": device,
}
"""Those that other things are written like: a column is of them, or it is not."""


def written(random: Random, text: str, script: str) -> str:
    """Give a text with its digits in a script, and now and then marks that nobody sees."""
    zero = ZEROS[script]
    made = "".join(chr(zero + int(c)) if c.isascii() and c.isdigit() else c for c in text)
    if script in {"arabic", "persian"} and random.random() < 0.3:
        made = f"\u200f{made}\u200e"
    return made


SCRIPTED = {
    "phone",
    "phone of a country",
    "payment-card",
    "us ssn",
    "uk nhs",
    "fr nir",
    "br cpf",
    "imei",
    "coordinates",
}
"""Identifiers that are written in the digits of any script."""

BIRTHS = {
    "Date de naissance": "{d:02}/{m:02}/{y}",
    "date_of_birth": "{y}-{m:02}-{d:02}",
    "Fecha de nacimiento": "{d}.{m}.{y}",
    "تاريخ الميلاد": "{y}/{m:02}/{d:02}",
    "DOB": "{d} March {y}",
    "childBirthDate": "{y}-{m:02}-{d:02}T00:00:00",
    "né le": "{d} mars {y}",
}
PASSPORTS = {
    "passport_no": "AB#######",
    "Numéro de passeport": "##AB#####",
    "pasaporte": "X#######",
    "جواز السفر": "N########",
    "Passport": "#########",
}
