"""The values a deployment offers in its select fields, each with its code in the model if any.

A value finds its code by our own ``codes.csv``, by an alignment (``alignments/*.csv``, keyed by a
digest of lookup and value so that no list of another project is repeated), or by a label of ours.
"""

import csv
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import SKOS

from dpc_kg.base.assets import asset
from dpc_kg.base.errors import MappingError
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import CODES
from dpc_kg.lift.blame import blamed
from dpc_kg.lift.definitions import CodeRow
from dpc_kg.lift.definitions.primero_forms import Field, Options, labels
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.plan import Const, calls
from dpc_kg.lift.privacy import read_codes
from dpc_kg.lift.rml import compile_rml

LOCATION, TIMEFRAME = "location", "service-timeframe"
_SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_SPAN = re.compile(r"(\d{1,3})_(minute|hour|day|week)s?")
_DIGEST = 16
_BOX: Options = (("true", ()), ("false", ()))


def digest_of(lookup: str, value: str) -> str:
    """Give what an alignment names a value by; ``lookup`` is its id, or the path of its field."""
    return hashlib.sha256(f"{lookup}\x1f{value}".encode()).hexdigest()[:_DIGEST]


def code_rows(
    fields: Iterable[Field],
    lookups: list[dict[str, Any]],
    locations: list[dict[str, Any]],
    mapping_folder: Path,
) -> tuple[tuple[CodeRow, ...], dict[str, int]]:
    """Give the rows of every list the forms fill, and by list how many values found no code."""
    own = {(row.list, row.value): row for row in read_codes(mapping_folder)}
    schemes = {row.list: row.scheme for row in own.values()}
    aligned = _aligned(mapping_folder / "alignments")
    offered = {str(x.get("unique_id") or x.get("id")): _values(x) for x in lookups}
    uses = _uses(mapping_folder)
    rows: dict[tuple[str, str], CodeRow] = {}
    for field in fields:
        options = (
            _BOX if field.kind == "tick_box" else offered.get(field.lookup or "", field.options)
        )
        for name, scheme in uses.get((field.source, field.path), ()):
            for value, texts in options:
                known = own.get((name, value))
                code = known.code if known is not None else None
                code = code or aligned.get((name, digest_of(field.lookup or field.path, value)))
                code = code or _found(name, scheme, value, texts)
                before = rows.get((name, value))
                if before is None or before.code is None:
                    rows[name, value] = CodeRow(name, value, code, schemes[name])
    for value, country in _countries(locations):
        rows[LOCATION, value] = CodeRow(LOCATION, value, country, schemes[LOCATION])
    unmatched = Counter(row.list for row in rows.values() if row.code is None)
    # What the system itself writes (the states of a transition, say) is in no lookup.
    filled = {name for name, _ in rows}
    system = [row for key, row in own.items() if row.list in filled and key not in rows]
    return (*rows.values(), *system), dict(unmatched)


def _values(lookup: dict[str, Any]) -> Options:
    given = [v for v in lookup["values"] if isinstance(v, dict) and v.get("id") is not None]
    return tuple((str(v["id"]), labels(v.get("display_text"))) for v in given)


def _uses(mapping_folder: Path) -> dict[tuple[str, str], set[tuple[str, str | None]]]:
    """Give by (source, path) the lists, and their schemes, in which the mapping looks it up."""
    plan = compile_rml(mapping_folder / "mapping.rml.ttl")
    found: dict[tuple[str, str], set[tuple[str, str | None]]] = {}
    for triples in plan.maps:
        view = plan.view(triples.view)
        pairs = [p.object.expression for p in triples.pairs]
        for call in (c for e in (triples.subject.expression, *pairs) for c in calls(e)):
            name, scheme = call.arg("list"), call.arg("scheme")
            value = call.arg("value")
            if not isinstance(name, Const) or value is None:
                continue
            kind = scheme.text if isinstance(scheme, Const) else None
            for reference in blamed(value):
                path = declared_path(plan, view, reference).removesuffix("[*]")
                found.setdefault((view.source, path), set()).add((name.text, kind))
    return found


def _aligned(folder: Path) -> dict[tuple[str, str], str]:
    """Give the codes of the alignment files by list and digest.

    Raises:
        MappingError: one digest has two codes in a list.
    """
    found: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                key = (row["list"], row["digest"])
                if found.setdefault(key, row["code"]) != row["code"]:
                    raise MappingError(
                        "A value has two codes in one list.", file=path.name, row=line
                    )
    return found


def _found(name: str, scheme: str | None, value: str, texts: tuple[str, ...]) -> str | None:
    """Give the code whose label or notation is that of the value; a span of time in seconds."""
    span = _SPAN.fullmatch(value) if name == TIMEFRAME else None
    if span is not None:
        return str(int(span[1]) * _SECONDS[span[2]])
    known = _labels(scheme) if scheme is not None else {}
    return next((known[t] for t in map(_plain, (*texts, value)) if t in known), None)


@cache
def _labels(scheme: str) -> dict[str, str]:
    """Give the codes of a scheme by notation and label; a word that names two of them is left out.

    A list of its own words is no answer: ``unmapped`` is never found so.
    """
    graph = read(asset("ontology", "codes", f"{scheme}.ttl"))
    found: dict[str, set[str]] = {}
    for prop in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation):
        for concept, text in graph.subject_objects(prop):
            if str(concept).startswith(f"{CODES}{scheme}/"):
                found.setdefault(_plain(str(text)), set()).add(str(concept).removeprefix(CODES))
    single = {text: codes.pop() for text, codes in found.items() if len(codes) == 1}
    return {text: code for text, code in single.items() if not code.endswith("/unmapped")}


def _plain(text: str) -> str:
    """Give a text without case, marks and punctuation, to compare by."""
    return " ".join(
        re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold().replace("_", " "))
    )


def _countries(locations: list[dict[str, Any]]) -> Iterator[tuple[str, str | None]]:
    """Give each location's code with the country at the top of its hierarchy, if ISO 3166."""
    for item in locations:
        above = item.get("hierarchy")
        path = [str(x) for x in above] if isinstance(above, list) else str(above or "").split(".")
        top = next((x for x in path if x), str(item["code"]))
        country = top.upper()
        yield str(item["code"]), country if re.fullmatch("[A-Z]{2}", country) else None
