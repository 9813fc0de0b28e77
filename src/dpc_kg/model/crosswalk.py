"""The crosswalk: our terms and codes in the words of neighbouring standards (SSSOM 1.1 tables).

One file a standard under ``mappings/align``: a header of comment lines, then tab-separated rows.
Reading fails on what cannot be read; :func:`findings` lists what can be read and is not right.
``python -m dpc_kg.model.crosswalk`` lists that and the subjects the model does not have; with
``--labels`` it first writes the model's labels into the files.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError, UnknownAsset
from dpc_kg.base.vocab import CODES, EXT, SKOS
from dpc_kg.model import ontology

SUFFIX = ".sssom.tsv"
SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
NO_TERM_FOUND = SSSOM + "NoTermFound"
"""Stands where a standard has nothing for our term: a gap that was looked for."""

EXACT = SKOS + "exactMatch"
BROAD = SKOS + "broadMatch"
PREDICATES = frozenset(
    SKOS + name
    for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)
SEEN = SEMAPV + "ManualMappingCuration"
RECALLED = SEMAPV + "UnspecifiedMatching"
RECALLED_AT_MOST = 0.5
"""Confidence of a row whose target nobody has seen in a pinned file."""

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "comment",
)
_REQUIRED = frozenset(COLUMNS) - {"subject_label", "object_label", "comment"}
_HEADER = ("mapping_set_id", "mapping_set_version", "license", "object_source")
_CURIE = re.compile(r"([A-Za-z][\w.-]*):(.*)")


@dataclass(frozen=True)
class Mapping:
    """One row. ``subject``, ``predicate``, ``object`` and ``justification`` are full IRIs.

    ``confidence`` lies between 0 and 1; ``line`` is the 1-based line of ``file``.
    """

    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    justification: str
    confidence: float
    comment: str
    file: str
    line: int

    @property
    def is_gap(self) -> bool:
        """Whether the row says that the standard has no such term."""
        return self.object == NO_TERM_FOUND

    @property
    def is_stub(self) -> bool:
        """Whether the target has no IRI of its own and stands under our ``ext`` namespace."""
        return self.object.startswith(EXT)


@dataclass(frozen=True)
class MappingSet:
    """One SSSOM file. ``name`` is the file's name without ending; ``source`` the standard's IRI."""

    name: str
    iri: str
    version: str
    licence: str
    title: str
    source: str
    creators: tuple[str, ...]
    prefixes: tuple[tuple[str, str], ...]
    mappings: tuple[Mapping, ...]
    file: str


@dataclass(frozen=True, order=True)
class Finding:
    """Something a mapping file says that it must not say; ``rule`` is a short fixed name."""

    file: str
    line: int
    rule: str
    message: str


def load(folder: Path | None = None) -> tuple[MappingSet, ...]:
    """Give the mapping sets of a folder (the project's own by default), sorted by name.

    Raises:
        UnknownAsset: the folder holds no mapping set.
        DpcError: a file cannot be read; it names file and line.
    """
    return _load(folder or assets.root() / "mappings" / "align")


def mappings(standard: str) -> tuple[Mapping, ...]:
    """Give the rows of one standard (``prov``, ``case-uco``) in the order of its file.

    Raises:
        UnknownAsset: there is no mapping set of this name; the advice lists those there are.
    """
    found = {one.name: one for one in load()}
    if standard not in found:
        raise UnknownAsset(
            "There is no alignment of this name.",
            term=standard,
            advice=f"Known: {', '.join(found)}.",
        )
    return found[standard].mappings


def read(path: Path) -> MappingSet:
    """Give one SSSOM file.

    Raises:
        DpcError: no such file, a header or row that cannot be read (with its line).
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as e:
        raise DpcError("There is no such file.", file=str(path)) from e
    head = [line[1:] for line in takewhile(lambda text: text.startswith("#"), lines)]
    if any(line.startswith("#") for line in lines[len(head) :]):
        raise DpcError(
            "A header line stands after the table.", file=path.name, line=_stray(lines, len(head))
        )
    texts, maps, lists = _header(head, path.name)
    prefixes = maps.get("curie_map", {})
    for name in _HEADER:
        if name not in texts:
            raise DpcError("The header lacks a field.", file=path.name, line=1, term=name)
    rows = _rows(lines, len(head), prefixes, path.name)
    return MappingSet(
        name=path.name.removesuffix(SUFFIX),
        iri=texts["mapping_set_id"],
        version=texts["mapping_set_version"],
        licence=texts["license"],
        title=texts.get("mapping_set_title", ""),
        source=texts["object_source"],
        creators=tuple(lists.get("creator_label", ())),
        prefixes=tuple(prefixes.items()),
        mappings=tuple(rows),
        file=path.name,
    )


def findings(sets: Iterable[MappingSet]) -> tuple[Finding, ...]:
    """Give what the sets say wrongly: header, predicate, confidence, repetition, contradiction."""
    found: list[Finding] = []
    for one in sets:
        found += _head_findings(one)
        found += (finding for row in one.mappings for finding in _row_findings(row))
        found += _repetitions(one)
        found += _contradictions(one)
    return tuple(sorted(found))


def undeclared(sets: Iterable[MappingSet], declared: Iterable[str]) -> tuple[Mapping, ...]:
    """Give the rows whose subject is none of the declared terms and codes (IRIs)."""
    known = frozenset(declared)
    return tuple(row for one in sets for row in one.mappings if row.subject not in known)


def declared() -> frozenset[str]:
    """Give the IRIs of the model's terms, code lists and codes."""
    lists = ontology.schemes()
    codes = (code.iri for scheme in lists for code in ontology.codes(scheme))
    names = (term.iri for term in ontology.terms())
    return frozenset([*names, *(CODES + scheme for scheme in lists), *codes])


def relabel(path: Path) -> int:
    """Write the model's English labels of subjects into a file; give the number of rows changed.

    Raises:
        DpcError: the file cannot be read.
    """
    known = declared()
    lines = path.read_text(encoding="utf-8").splitlines()
    heading = next(n for n, line in enumerate(lines) if not line.startswith("#"))
    place = lines[heading].split("\t").index("subject_label")
    changed = 0
    for row in read(path).mappings:
        label = ontology.label(row.subject)
        if row.subject in known and row.subject_label != label:
            cells = lines[row.line - 1].split("\t")
            lines[row.line - 1] = "\t".join([*cells[:place], label, *cells[place + 1 :]])
            changed += 1
    if changed:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return changed


def main(arguments: Iterable[str]) -> int:
    """Print what is wrong with the alignments; 1 where anything is."""
    if "--labels" in arguments:
        for path in sorted((assets.root() / "mappings" / "align").glob(f"*{SUFFIX}")):
            print(f"{path.name}: {relabel(path)} labels written")
    sets = load()
    lines = [f"{f.file}, line {f.line}: {f.rule}: {f.message}" for f in findings(sets)]
    lines += [
        f"{row.file}, line {row.line}: undeclared: {row.subject}"
        for row in undeclared(sets, declared())
    ]
    print("\n".join(lines) if lines else "Nothing is wrong.")
    return 1 if lines else 0


@lru_cache(maxsize=4)
def _load(folder: Path) -> tuple[MappingSet, ...]:
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        raise UnknownAsset("There is no alignment.", file=str(folder))
    return tuple(read(path) for path in paths)


def _stray(lines: list[str], start: int) -> int:
    return next(n for n, text in enumerate(lines, 1) if n > start and text.startswith("#"))


def _header(
    head: list[str], file: str
) -> tuple[dict[str, str], dict[str, dict[str, str]], dict[str, list[str]]]:
    """Read the part of YAML that SSSOM headers use: texts, one map, lists of texts."""
    texts: dict[str, str] = {}
    maps: dict[str, dict[str, str]] = defaultdict(dict)
    lists: dict[str, list[str]] = defaultdict(list)
    under = ""
    for number, line in enumerate(head, 1):
        key, colon, value = line.partition(":")
        if line.startswith("  - ") and under:
            lists[under].append(_plain(line[4:]))
        elif line.startswith("  ") and colon and under:
            maps[under][key.strip()] = _plain(value)
        elif colon and key == key.strip() and key:
            if key in texts or key in maps or key in lists:
                raise DpcError("A header field stands twice.", file=file, line=number, term=key)
            under = "" if value.strip() else key
            if value.strip():
                texts[key] = _plain(value)
        else:
            raise DpcError("This header line cannot be read.", file=file, line=number)
    return texts, maps, lists


def _plain(text: str) -> str:
    return text.strip().removeprefix('"').removesuffix('"')


def _rows(lines: list[str], skip: int, prefixes: dict[str, str], file: str) -> Iterator[Mapping]:
    if len(lines) <= skip:
        raise DpcError("There is no table.", file=file, line=skip + 1)
    names = lines[skip].split("\t")
    lacking = sorted(_REQUIRED - set(names))
    if lacking or len(set(names)) != len(names):
        raise DpcError(
            "The table lacks a column or has one twice.",
            file=file,
            line=skip + 1,
            advice=f"Columns: {' '.join(COLUMNS)}.",
        )
    for number, line in enumerate(lines[skip + 1 :], skip + 2):
        cells = line.split("\t")
        if len(cells) != len(names):
            raise DpcError(
                f"The row has {len(cells)} cells where {len(names)} are named.",
                file=file,
                line=number,
            )
        yield _row(dict(zip(names, cells, strict=True)), prefixes, file, number)


def _row(cell: Table[str, str], prefixes: dict[str, str], file: str, line: int) -> Mapping:
    def iri(column: str) -> str:
        return _expand(cell[column], prefixes, file, line)

    try:
        confidence = float(cell["confidence"])
    except ValueError as e:
        raise DpcError("The confidence is no number.", file=file, line=line) from e
    return Mapping(
        subject=iri("subject_id"),
        subject_label=cell.get("subject_label", ""),
        predicate=iri("predicate_id"),
        object=iri("object_id"),
        object_label=cell.get("object_label", ""),
        justification=iri("mapping_justification"),
        confidence=confidence,
        comment=cell.get("comment", ""),
        file=file,
        line=line,
    )


def _expand(curie: str, prefixes: dict[str, str], file: str, line: int) -> str:
    match = _CURIE.fullmatch(curie)
    if match is None or match[1] not in prefixes:
        raise DpcError(
            "This is no name with a prefix of the curie_map.", file=file, line=line, term=curie
        )
    return prefixes[match[1]] + match[2]


def _head_findings(one: MappingSet) -> Iterator[Finding]:
    for name, value in (
        ("mapping_set_id", one.iri),
        ("license", one.licence),
        ("object_source", one.source),
    ):
        if not re.fullmatch(r"https?://[^\s<>\"]+", value):
            yield Finding(one.file, 1, "header-iri", f"{name} must be an IRI.")
    if not one.iri.endswith(f"/{one.name}"):
        yield Finding(one.file, 1, "header-id", "mapping_set_id must end with the file's name.")
    if not re.fullmatch(r"\d+\.\d+\.\d+", one.version):
        yield Finding(one.file, 1, "header-version", "mapping_set_version must be like 0.1.0.")
    if not (one.title and one.creators):
        yield Finding(one.file, 1, "header-text", "Title and creator_label must be given.")


def _row_findings(row: Mapping) -> Iterator[Finding]:
    def finding(rule: str, message: str) -> Finding:
        return Finding(row.file, row.line, rule, message)

    if row.predicate not in PREDICATES:
        yield finding("predicate", "Only the five SKOS mapping properties are used.")
    if row.justification not in (SEEN, RECALLED):
        yield finding("justification", "A row is seen in a pinned file or recalled.")
    if not 0 < row.confidence <= 1:
        yield finding("confidence", "The confidence must lie above 0 and not above 1.")
    if row.justification == RECALLED and row.confidence > RECALLED_AT_MOST:
        yield finding("recalled", f"A recalled row has at most {RECALLED_AT_MOST}.")
    if row.justification == SEEN and row.confidence <= RECALLED_AT_MOST:
        yield finding("seen", f"A row with a target that was seen has over {RECALLED_AT_MOST}.")
    if not row.subject_label or not (row.object_label or row.is_gap):
        yield finding("label", "Subject and object need a label.")
    if row.is_gap and not row.comment:
        yield finding("gap", "A gap needs a comment that says what is missing.")


def _repetitions(one: MappingSet) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Mapping] = {}
    for row in one.mappings:
        pair = (row.subject, row.object)
        if pair in seen:
            same = seen[pair].predicate == row.predicate
            rule = "duplicate" if same else "contradiction"
            message = f"Subject and object stand in line {seen[pair].line} already."
            yield Finding(row.file, row.line, rule, message)
        seen.setdefault(pair, row)


def _contradictions(one: MappingSet) -> Iterator[Finding]:
    exact = [row for row in one.mappings if row.predicate == EXACT and not row.is_gap]
    for side in ("subject", "object"):
        first: dict[str, Mapping] = {}
        for row in exact:
            term = getattr(row, side)
            if term in first:
                message = f"The {side} has its exact match in line {first[term].line}."
                yield Finding(row.file, row.line, "exact-one-to-many", message)
            first.setdefault(term, row)
    matched = {row.subject for row in exact}
    for row in one.mappings:
        if row.is_gap and row.subject in matched:
            yield Finding(row.file, row.line, "gap-and-match", "The term has an exact match here.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
