"""Which file of an export is which source of a mapping: told by its name, then by its content."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dpc_kg.base.errors import MappingError

if TYPE_CHECKING:
    from dpc_kg.lift.plan import Plan, Source

_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TABLES = (".csv", ".tsv", ".tab", ".txt", *_BOOKS)
_DATABASES = (".sqlite", ".sqlite3", ".db", ".parquet")
_ENDINGS: dict[str, tuple[str, ...]] = {
    "CSV": (*TABLES, *_DATABASES, ".json"),
    "JSONPath": (".json", ".ndjson", ".jsonl"),
    "SPARQL": (".json", ".jsonld", ".nq", ".nt", ".trig", ".ttl"),
    "XPath": (".xml",),
}
_PACKED = re.compile(r"(\.tar)?\.(gz|xz|bz2|zip)$|\.(tgz|txz|tbz2?)$", re.IGNORECASE)
_LITTER = ("~$", ".", "Thumbs.db", "desktop.ini")
_PLANTED = "planted.json"


@dataclass(frozen=True)
class Fit:
    """How well a file is a source: the shares of what is needed, and of what is there, that agree.

    ``row`` is where the header stands, ``sheet`` on which sheet, ``found`` how many names agree.
    """

    needed: float
    known: float
    found: int
    missing: tuple[str, ...] = ()
    row: int = 1
    sheet: str | None = None

    @property
    def good(self) -> bool:
        """Whether the file is probably this source: a few common names alone prove nothing."""
        enough = self.found >= _MANY or self.known >= _HALF
        return self.row == 1 and self.needed > _HALF and enough

    @property
    def rank(self) -> tuple[float, float, int]:
        """What is compared between sources, the better one being greater."""
        return self.needed, self.known, self.found


_MANY, _HALF = 10, 0.5

Look = Callable[["Source", Path], "Fit | None"]
"""Tells how well a file or folder is a source; None where it cannot be read."""


def assigned(
    plan: "Plan", files: list[Path], look: Look | None = None, *, by_name: bool = True
) -> dict[str, Path]:
    """Assign files or one export folder to the sources of a plan; optional ones may have none.

    With ``look`` what no name tells is found by what stands in the files.

    Raises:
        MappingError: a source that is not optional has no file, or a file no source.
    """
    sources = {s.given: s for s in plan.sources}
    needed = [name for name, source in sources.items() if not source.optional]
    folder = files[0] if len(files) == 1 and files[0].is_dir() else None
    files = of_interest(files)
    found: dict[str, Path] = {}
    if by_name and folder is not None:
        found = _in_folder(sources, folder)
    elif by_name:
        found = _by_name(sources, files)
    if look is not None:
        inside = of_interest(sorted(folder.iterdir())) if folder is not None else files
        # of a file that a name told there is no more to find, but a workbook has several sheets
        told = {p for p in found.values() if _plain(p).suffix.lower() not in _BOOKS}
        inside = [p for p in inside if p.is_file() and p not in told]
        _by_content(sources, inside, look, found, folder)
    if not found and folder is not None:
        found = _only(sources, needed, folder)
    elif not found and len(files) == 1 in (len(needed), len(sources)):
        found = {(needed or list(sources))[0]: files[0]}
    _check(sources, needed, [] if folder is not None else files, found)
    return found


def _check(
    sources: "dict[str, Source]", needed: list[str], files: list[Path], found: dict[str, Path]
) -> None:
    advice = f"Say which is which: {' '.join(f'--source {name}=PATH' for name in sources)}."
    left = [file for file in files if file not in found.values()]
    if left:
        raise MappingError("This file fits no source.", file=left[0].name, advice=advice)
    missing = sorted(set(needed) - set(found)) or ([] if found else sorted(sources))
    if missing:
        raise MappingError(f"No file was found for the source {missing[0]}.", advice=advice)


def of_interest(files: list[Path]) -> list[Path]:
    """Give the files without those that a computer's programs or the generator put beside them."""
    kept = [f for f in files if not f.name.startswith(_LITTER) and f.name != _PLANTED]
    return kept if kept or len(files) != 1 else files


# -- by name


def _plain(path: Path) -> Path:
    """Give the path without the endings of packing."""
    return path if path.is_dir() else path.with_name(_PACKED.sub("", path.name) or path.name)


def _in_folder(sources: "dict[str, Source]", folder: Path) -> dict[str, Path]:
    """Give the files of an export folder by source; a folder of documents may be one source."""
    inside = of_interest(sorted(folder.iterdir()))
    found = {}
    for name, source in sources.items():
        here = [p for p in inside if may_be(p, source)]
        named = [p for p in here if _plain(p).stem.lower().rstrip("s") == name.lower().rstrip("s")]
        named.sort(key=lambda p: (_plain(p).stem.lower() != name.lower(), _order(p, source)))
        if named:
            # of an inner folder by the source's own name the reader takes what is in it: so files
            # are told by their path in the export
            inner = named[0].is_dir() and named[0].name == source.name
            found[name] = folder if inner else named[0]
        elif source.formulation != "CSV" and _holds(folder, source, name):
            found[name] = folder
    return found


def _order(path: Path, source: "Source") -> int:
    endings, ending = _ENDINGS[source.formulation], _plain(path).suffix.lower()
    return endings.index(ending) if ending in endings else len(endings)


def _only(sources: "dict[str, Source]", needed: list[str], folder: Path) -> dict[str, Path]:
    """Give the one file or the folder of documents of the source that an export must have."""
    if len(needed) != 1:
        return {}
    source = sources[needed[0]]
    inside = [p for p in of_interest(list(folder.iterdir())) if p.is_file()]
    files = [p for p in inside if may_be(p, source)]
    if len(files) == 1:
        return {source.given: files[0]}
    if source.formulation != "CSV" and _holds(folder, source):
        return {source.given: folder}
    return {}


def may_be(path: Path, source: "Source") -> bool:
    """Tell whether a path may be a source by its ending; no folder of tables is a table."""
    if path.is_dir():
        return source.formulation != "CSV" and _holds(path, source)
    plain = _plain(path)
    ending = plain.suffix.lower()
    # what is packed need not tell what is in it
    return ending in _ENDINGS[source.formulation] or (plain != path and not ending)


def says_otherwise(path: Path, formulations: set[str]) -> bool:
    """Tell whether the ending of a file is one of other formulations, and of none of these."""
    ending = _plain(path).suffix.lower()
    known = {name for name, endings in _ENDINGS.items() if ending in endings}
    return bool(known) and not known & formulations


def _holds(folder: Path, source: "Source", inside: str = "") -> bool:
    """Tell whether a folder holds a file of an ending, ``inside`` a folder of that name in it."""
    endings = _ENDINGS[source.formulation]
    files = (p for p in folder.rglob("*") if p.suffix.lower() in endings and p.name != _PLANTED)
    return any(not inside or inside in p.relative_to(folder).parts[:-1] for p in files)


def _by_name(sources: "dict[str, Source]", files: list[Path]) -> dict[str, Path]:
    """Give files by the source their names hold: an exact name first, then the longest."""
    found: dict[str, Path] = {}
    exact = {name.lower() for name in sources}
    for file in sorted(files, key=lambda f: _plain(f).stem.lower() not in exact):
        stem = _plain(file).stem.lower()
        near = [n for n in sources if n.lower().rstrip("s") in stem and n not in found]
        near.sort(key=lambda n: (n.lower() != stem, -len(n)))
        if near:
            found[near[0]] = file
    return found


# -- by content


def _by_content(
    sources: "dict[str, Source]",
    files: list[Path],
    look: Look,
    found: dict[str, Path],
    folder: Path | None,
) -> None:
    """Add the files that no name told to the sources they fit best; a workbook may be several.

    Raises:
        MappingError: several files fit one source, and no name says which is meant.
    """
    fits = [
        (fit, name, file)
        for file in files
        for name, source in sources.items()
        if may_be(file, source) and (fit := look(source, file)) is not None and fit.good
    ]
    fits.sort(key=lambda f: (*(-part for part in f[0].rank), f[1], f[2].name))
    taken = {(file, fit.sheet) for fit, name, file in fits if found.get(name) == file}
    taken |= {(file, None) for file in found.values()}
    named = set(found)
    several: dict[str, list[Path]] = {}
    for fit, name, file in fits:
        if (file, fit.sheet) in taken:
            continue
        taken.add((file, fit.sheet))
        if name not in named:
            several.setdefault(name, []).append(file)
    for name, own in several.items():
        found[name] = _one_of(sources[name], own, folder)


def _one_of(source: "Source", files: list[Path], folder: Path | None) -> Path:
    """Give the one file, or the folder whose documents are all of one source."""
    if len(files) == 1:
        return files[0]
    if source.formulation in ("JSONPath", "XPath") and folder is not None:
        inside = [p for p in of_interest(sorted(folder.rglob("*"))) if may_be(p, source)]
        if {p for p in inside if p.is_file()} == set(files):
            return folder
    raise MappingError(
        f"Several files fit the source {source.given}.",
        file=files[1].name,
        advice=f"Name the one that is meant: --source {source.given}=PATH.",
    )
