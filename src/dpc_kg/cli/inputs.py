"""What the partner verbs take: files assigned to the sources of a mapping, keys, requests."""

import codecs
import csv
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dpc_kg.base.errors import DpcError, MappingError, NotSupported
from dpc_kg.base.identifiers import read_key

if TYPE_CHECKING:
    from dpc_kg.lift import LiftRequest
    from dpc_kg.lift.plan import Plan, Source

_WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".ods"}
_ENDINGS = {"CSV": {".csv", ".tsv", ".txt"}, "JSONPath": {".json"}, "XPath": {".xml"}}
_HEAD = 65536
_PLANTED = "planted.json"


def named_sources(given: Iterable[str]) -> dict[str, Path]:
    """Give the sources of ``NAME=PATH`` options by name; a Windows path may hold colons.

    Raises:
        DpcError: one is not of that form.
    """
    sources = {}
    for text in given:
        name, mark, path = text.partition("=")
        if not mark or not name or not path:
            raise DpcError("A source is given as NAME=PATH.", term=text)
        sources[name] = Path(path)
    return sources


def check_output(path: Path | None) -> None:
    """Check that a file can be written at ``path``, before the work is done.

    Raises:
        DpcError: it is a folder, or its folder is not there.
    """
    if path is None:
        return
    if path.is_dir():
        raise DpcError("This is a folder.", file=str(path), advice="Name a file to write.")
    if not path.parent.is_dir():
        raise DpcError("There is no such folder.", file=str(path.parent), advice="Make it first.")


def read_package(path: Path) -> bytes:
    """Give the bytes of a package file.

    Raises:
        DpcError: there is no such file, or it is a folder.
    """
    advice = "Name a package, as in: dpc-kg submit cases.dpcsub"
    if path.is_dir():
        raise DpcError("This is a folder.", file=str(path), advice=advice)
    if not path.exists():
        raise DpcError("There is no such file.", file=str(path), advice=advice)
    return path.read_bytes()


def assigned(plan: "Plan", files: list[Path]) -> dict[str, Path]:
    """Assign files or one export folder to the sources of a plan; optional ones may have none.

    Raises:
        MappingError: a source that is not optional has no file, or a file no source.
    """
    sources = {s.name: s for s in plan.sources}
    needed = [name for name, source in sources.items() if not source.optional]
    if len(files) == 1 and files[0].is_dir():
        found = _in_folder(sources, files[0])
    elif len(files) == len(sources) == 1:
        found = {next(iter(sources)): files[0]}
    else:
        found = _by_name(list(sources), files)
    if not found and len(files) == len(needed) == 1 and not files[0].is_dir():
        found = {needed[0]: files[0]}
    advice = f"Say which is which: {' '.join(f'--source {name}=PATH' for name in sources)}."
    left = [file for file in files if not file.is_dir() and file not in found.values()]
    if left:
        raise MappingError("This file fits no source.", file=left[0].name, advice=advice)
    missing = sorted(set(needed) - set(found)) or ([] if found else sorted(sources))
    if missing:
        raise MappingError(f"No file was found for the source {missing[0]}.", advice=advice)
    return found


def _in_folder(sources: "dict[str, Source]", folder: Path) -> dict[str, Path]:
    """Give the files of an export folder by source; a folder of documents may be one source."""
    found = {}
    for name, source in sources.items():
        endings = _ENDINGS[source.formulation]
        here = sorted(p for p in folder.iterdir() if _may_be(p, source) and p.name != _PLANTED)
        named = [p for p in here if p.stem.lower().rstrip("s") == name.lower().rstrip("s")]
        named.sort(key=lambda p: p.stem.lower() != name.lower())
        files = [p for p in here if not p.is_dir()]
        if named:
            found[name] = named[0]
        elif len(sources) == len(files) == 1:
            found[name] = files[0]
        elif len(sources) == 1 and source.formulation != "CSV" and _holds(folder, endings):
            found[name] = folder
    return found


def _may_be(path: Path, source: "Source") -> bool:
    """Tell whether a path may be a source by its ending; no folder of tables is a table."""
    endings = _ENDINGS[source.formulation]
    if path.is_dir():
        return source.formulation != "CSV" and _holds(path, endings)
    return path.suffix.lower() in endings


def _holds(folder: Path, endings: set[str]) -> bool:
    return any(p.suffix.lower() in endings for p in folder.rglob("*") if p.name != _PLANTED)


def _by_name(names: list[str], files: list[Path]) -> dict[str, Path]:
    """Give files by the source their names hold: an exact name first, then the longest."""
    found: dict[str, Path] = {}
    exact = {name.lower() for name in names}
    for file in sorted(files, key=lambda f: f.stem.lower() not in exact):
        stem = file.stem.lower()
        near = [n for n in names if n.lower().rstrip("s") in stem and n not in found]
        near.sort(key=lambda n: (n.lower() != stem, -len(n)))
        if near:
            found[near[0]] = file
    return found


def checked_request(
    files: list[Path],
    source: Iterable[str],
    *,
    mapping: str | None,
    org: str,
    key_file: Path | None,
    coalition_key_file: Path | None,
    definitions: Path | None = None,
) -> "LiftRequest":
    """Give the request behind ``validate``: files are assigned to sources, a mapping is found.

    Raises:
        DpcError: no file is named, or one is not there.
        MappingError: no mapping fits, or a source has no file.
    """
    named = named_sources(source)
    if not files and not named:
        raise DpcError("No file is named.", advice="Give the export, as in: dpc-kg validate FILE")
    for file in [*files, *named.values()]:
        if not file.exists():
            raise DpcError("There is no such file or folder.", file=str(file))
    name = mapping or (guess_mapping(files) if files else _mapping_of(set(named)))
    sources = {**(assigned(_plan(name), files) if files else {}), **named}
    return lift_request(
        name,
        sources,
        org=org,
        dataset="check",
        key_file=key_file,
        coalition_key_file=coalition_key_file,
        definitions=definitions,
        passing_key=True,
    )


def _plan(mapping: str) -> "Plan":
    from dpc_kg.base.assets import mapping_dir
    from dpc_kg.lift.rml import compile_rml

    if mapping.endswith(".ttl"):
        return compile_rml(Path(mapping))
    return compile_rml(mapping_dir(mapping) / "mapping.rml.ttl")


def _mapping_of(names: set[str]) -> str:
    """Give the one mapping whose sources have these names."""
    from dpc_kg.base.assets import mapping_names

    fitting = [m for m in mapping_names() if names <= {s.name for s in _plan(m).sources}]
    if len(fitting) == 1:
        return fitting[0]
    raise _unclear(None, fitting or mapping_names())


def _unclear(file: str | None, known: list[str]) -> MappingError:
    return MappingError(
        "It is not clear which system this export comes from.",
        file=file,
        advice=f"Say it with --mapping; known: {', '.join(known)}.",
    )


def guess_mapping(files: list[Path]) -> str:
    """Give the mapping that fits these files, by their endings and headers.

    Raises:
        MappingError: none fits, or several do.
    """
    if any(file.suffix.lower() in _WORKBOOKS for file in files):
        raise NotSupported(
            "Workbooks are not read yet.", file=files[0].name, advice="Save the sheet as CSV UTF-8."
        )
    from dpc_kg.base.assets import mapping_names

    fitting = []
    for name in mapping_names():
        plan = _plan(name)
        try:
            sources = assigned(plan, files)
        except MappingError:
            continue
        if all(_fits(plan, plan.source(s), path) for s, path in sources.items()):
            fitting.append(name)
    if len(fitting) == 1:
        return fitting[0]
    raise _unclear(files[0].name, fitting or mapping_names())


def _fits(plan: "Plan", source: "Source", path: Path) -> bool:
    """Tell whether a file may be this source; one that cannot be read may be anything."""
    if path.is_dir():
        return _holds(path, _ENDINGS[source.formulation])
    if path.suffix.lower() not in _ENDINGS[source.formulation]:
        return False
    head = _head(path)
    if not head.strip():
        return True
    if source.formulation != "CSV":
        word = (source.key or source.iterator or "").strip("$./").split("/")[-1].split(".")[-1]
        return (f'"{word}"' if source.formulation == "JSONPath" else word) in head
    line = head.splitlines()[0]
    header = max((next(csv.reader([line], delimiter=d)) for d in ",;\t"), key=len)
    wanted = {
        r for v in plan.views if v.source == source.name for _, r in v.fields if r[:1] not in "$~#"
    }
    return len(wanted & {h.strip() for h in header}) > len(wanted) / 2


def _head(path: Path) -> str:
    """Give the beginning of a file, or nothing where it is not UTF-8: ``lift`` says what it is."""
    with path.open("rb") as file:
        raw = file.read(_HEAD)
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(raw)
    except UnicodeDecodeError:
        return ""


def lift_request(
    mapping: str,
    sources: Mapping[str, Path],
    *,
    org: str | None,
    dataset: str | None,
    key_file: Path | None,
    coalition_key_file: Path | None,
    base: str | None = None,
    definitions: Path | None = None,
    passing_key: bool = False,
) -> "LiftRequest":
    """Give a lift request; with ``passing_key`` a missing key is a random one, in memory only."""
    from dpc_kg.base.assets import mapping_dir
    from dpc_kg.lift import LiftRequest

    outside = LiftRequest(mapping).is_outside
    if not mapping.endswith(".ttl"):
        mapping_dir(mapping)
    key = read_key(key_file) if key_file is not None else None
    if key is None and not outside:
        if not passing_key:
            raise DpcError(
                "This mapping makes pseudonyms, and needs the partner's key.",
                term=mapping,
                advice="Give --key-file FILE; make one with: dpc-kg key new -o FILE",
            )
        key = secrets.token_bytes(32)
    coalition = read_key(coalition_key_file) if coalition_key_file is not None else None
    if coalition is not None and coalition == key:
        raise DpcError(
            "The partner's key and the coalition's key are the same.",
            file=str(coalition_key_file),
            advice="The partner's key is never shared; the coalition's is. Use two.",
        )
    if definitions is not None and not definitions.is_dir():
        raise DpcError("There is no such folder.", file=str(definitions))
    request = LiftRequest(mapping, dict(sources), org, dataset, key, coalition)
    own = {"definitions": definitions} | ({} if base is None else {"base": base})
    return LiftRequest(**{**vars(request), **own})
