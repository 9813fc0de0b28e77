"""An invented helpline's table, as CSV, JSON or XML, in four languages: material for drafts."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from pathlib import Path

CANARIES = ("Canary-Name", "canary@example.org", "+00 000 000 0000", "Canary told a long story")
"""Personal values of the export: none may ever be written."""

RARE = "A word said once"
PLACED = {
    "key": "dpc:HelplineContact",
    "received": "dpc:receivedAt",
    "channel": "dpc:channel",
    "kind": "dpc:callType",
    "age": "dpc:ageBand",
    "again": "dpc:repeatContact",
    "updated": "dpc:HelplineContact",
}
HEADERS = {
    "en": {
        "key": "contact_id",
        "received": "Received at",
        "channel": "Channel",
        "kind": "Kind of contact",
        "age": "Age band",
        "again": "Has been in touch before",
        "updated": "Updated at",
        "name": "First name",
        "mail": "Reach",
        "phone": "Line",
        "story": "What happened",
        "odd": "Xyzzy",
    },
    "fr": {
        "key": "Numéro",
        "received": "Reçu le",
        "channel": "Canal",
        "kind": "Type de contact",
        "age": "Tranche d'âge",
        "again": "A déjà pris contact",
        "updated": "Mis à jour le",
        "name": "Prénom",
        "mail": "Écrire",
        "phone": "Ligne",
        "story": "Ce qui s'est passé",
        "odd": "Xyzzy",
    },
    "es": {
        "key": "Referencia",
        "received": "Recibido el",
        "channel": "Canal",
        "kind": "Tipo de contacto",
        "age": "Grupo de edad",
        "again": "Contacto repetido",
        "updated": "Actualizado el",
        "name": "Nombre",
        "mail": "Escribir",
        "phone": "Línea",
        "story": "Qué pasó",
        "odd": "Xyzzy",
    },
    "ar": {
        "key": "رقم",
        "received": "تاريخ الاستلام",
        "channel": "القناة",
        "kind": "نوع الاتصال",
        "age": "الفئة العمرية",
        "again": "سبق له الاتصال",
        "updated": "تحديث",
        "name": "الاسم",
        "mail": "مراسلة",
        "phone": "خط",
        "story": "ما حدث",
        "odd": "Xyzzy",
    },
}
CHANNELS = {
    "en": ("Phone", "E-mail", "Web chat"),
    "fr": ("Téléphone", "Courriel", "Phone"),
    "es": ("Teléfono", "Phone", "Correo electrónico"),
    "ar": ("Phone", "البريد الإلكتروني", "Web chat"),
}


def rows(lang: str = "en", count: int = 24) -> list[dict[str, str]]:
    """Give the table; every value is invented and the same at each call."""
    names = HEADERS[lang]
    made = []
    for i in range(count):
        row = {
            "key": f"C-{1000 + i}",
            "received": f"2025-0{1 + i % 6}-1{i % 9}",
            "channel": CHANNELS[lang][i % 3],
            "kind": ("child-calling", "adult-about-child")[i % 2],
            "age": str(9 + i % 8),
            "again": ("yes", "no")[i % 2],
            "updated": f"2025-07-0{1 + i % 9}T10:00:00Z",
            "name": CANARIES[0],
            "mail": CANARIES[1],
            "phone": CANARIES[2],
            "story": f"{CANARIES[3]}, number {i}, which goes on and on and on",
            "odd": ("one", "two", "three")[i % 3],
        }
        made.append({names[k]: v for k, v in row.items()})
    made[-1][names["channel"]] = RARE
    made[-2][names["channel"]] = CANARIES[0]
    return made


def write(folder: Path, ending: str = "csv", lang: str = "en", delimiter: str = ",") -> Path:
    """Write the table as ``contacts`` with one of the endings; give the file."""
    path = folder / f"contacts.{ending}"
    made = rows(lang)
    if ending == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, list(made[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(made)
        path.write_text(text.getvalue(), encoding="utf-8")
    elif ending == "json":
        document = {"made": "2025-07-01", "contacts": [_nested(row, lang) for row in made]}
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    else:
        body = "".join(_element(row, lang) for row in made)
        path.write_text(f"<export><list>{body}</list></export>", encoding="utf-8")
    return path


def _keys(row: dict[str, str], lang: str) -> dict[str, str]:
    back = {header: key for key, header in HEADERS[lang].items()}
    english = {key: header.replace(" ", "_") for key, header in HEADERS["en"].items()}
    return {english[back[header]]: value for header, value in row.items()}


def _nested(row: dict[str, str], lang: str) -> dict[str, object]:
    flat = _keys(row, lang)
    child = {"Age_band": int(flat.pop("Age_band")), "First_name": flat.pop("First_name")}
    return {**flat, "child": child, "notes": [{"text": CANARIES[3]}, {"text": CANARIES[0]}]}


def _element(row: dict[str, str], lang: str) -> str:
    flat = _keys(row, lang)
    key = quoteattr(flat.pop("contact_id"))
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in flat.items())
    return f"<contact id={key}>{inner}</contact>"
