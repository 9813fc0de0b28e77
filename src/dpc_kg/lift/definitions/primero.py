"""The forms and lookups of a Primero deployment, as its configuration export or web service gives.

Files are told apart by what they hold, not by name: forms have ``fields``, lookups ``values``,
locations a ``code`` and a place in a hierarchy. They are the deployment's own (Primero is AGPL-3.0)
and are read at run time only.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.definitions import Definitions, FieldDecision
from dpc_kg.lift.definitions.primero_codes import code_rows
from dpc_kg.lift.definitions.primero_forms import Field, fields_of
from dpc_kg.lift.privacy import read_fields

_TEXT = {
    "audio_upload_box": "voice recording",
    "document_upload_box": "document",
    "photo_upload_box": "photograph",
    "text_field": "free text",
    "textarea": "free text",
}
_NOTHING = {"separator": "separator"}


def read(folder: Path, mapping_folder: Path) -> Definitions:
    """Give what a deployment's forms, lookups and locations say.

    Values of select fields become code rows; text of a form that ``fields.csv`` does not know is
    personal. A field that is in no form, and one that only the forms know, stays undeclared.

    Raises:
        MappingError: no form is there, or a file is not JSON of a known form.
    """
    documents, digest = _documents(folder)
    forms = [item for item in documents if isinstance(item.get("fields"), list)]
    if not forms:
        raise MappingError(
            "There are no forms in this folder.",
            file=folder.name,
            advice="Export the forms and lookups of the deployment as JSON, and name their folder.",
        )
    lookups = [item for item in documents if isinstance(item.get("values"), list)]
    locations = [i for i in documents if "code" in i and ("hierarchy" in i or "parent_code" in i)]
    fields = list(fields_of(forms))
    codes, unmatched = code_rows(fields, lookups, locations, mapping_folder)
    return Definitions(digest, codes, tuple(_decisions(fields, mapping_folder)), {}, unmatched)


def _documents(folder: Path) -> tuple[list[dict[str, Any]], str]:
    """Give the objects of every JSON file of a folder, and a digest of the files."""
    found: list[dict[str, Any]] = []
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.json")):
        data = path.read_bytes()
        digest.update(data)
        try:
            document = json.loads(data.decode("utf-8-sig"))
        except ValueError as e:
            raise MappingError(
                "This definition file is not JSON.", file=path.name, advice="Export it again."
            ) from e
        found += _objects(document)
    return found, digest.hexdigest()[:16]


def _objects(document: Any) -> list[dict[str, Any]]:
    """Give the objects a file lists, at its top or as its ``data``; a single one stands alone."""
    listed = document.get("data", document) if isinstance(document, dict) else document
    if isinstance(listed, dict):
        listed = [listed]
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _decisions(fields: list[Field], mapping_folder: Path) -> Iterator[FieldDecision]:
    """Give a decision for every text and separator of the forms that ours do not know."""
    own = read_fields(mapping_folder)
    seen = set()
    for field in fields:
        key = (field.source, field.path)
        if key in seen or own is None or own.decide(*key) is not None:
            continue
        seen.add(key)
        if field.kind in _TEXT:
            reason = f"P2: {_TEXT[field.kind]} of a form of the deployment"
            yield FieldDecision(*key, "personal", "", reason)
        elif field.kind in _NOTHING:
            yield FieldDecision(*key, "none", "", _NOTHING[field.kind])
