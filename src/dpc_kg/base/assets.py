"""Where ontology, shapes, mappings and queries lie: in a checkout or in the installed wheel."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from dpc_kg.base.errors import UnknownAsset


@lru_cache(maxsize=1)
def root() -> Path:
    """Give the folder that holds ``ontology shapes mappings queries``."""
    here = Path(__file__).resolve()
    packaged = here.parents[1] / "assets"
    if (packaged / "ontology").is_dir():
        return packaged
    return here.parents[3]


def asset(*parts: str) -> Path:
    """Give the path of one asset.

    Raises:
        UnknownAsset: no such file or folder.
    """
    path = root().joinpath(*parts)
    if not path.exists():
        raise UnknownAsset("There is no such asset.", term="/".join(parts))
    return path


def ontology_files() -> list[Path]:
    """Give the ontology modules, code lists and processes, sorted; bridges stay out (DESIGN 3)."""
    base = root() / "ontology"
    found = [*base.glob("*.ttl"), *base.glob("codes/*.ttl"), *base.glob("processes/*.ttl")]
    return sorted(found)


def shape_files() -> list[Path]:
    """Give the shapes that data is validated against, sorted (lints and PROF stay out)."""
    apart = {"lint.ttl", "lint-extension.ttl", "profiles.ttl"}
    return sorted(p for p in (root() / "shapes").glob("*.ttl") if p.name not in apart)


def mapping_names() -> list[str]:
    """Give the names of the sources that can be lifted, sorted."""
    return sorted(p.parent.name for p in (root() / "mappings/lift").glob("*/mapping.rml.ttl"))


def mapping_dir(name: str) -> Path:
    """Give the folder of a source's mapping.

    Raises:
        UnknownAsset: no such source; the advice lists those there are.
    """
    if name not in mapping_names():
        known = ", ".join(mapping_names())
        raise UnknownAsset(
            "There is no mapping of this name.", term=name, advice=f"Known: {known}."
        )
    return root() / "mappings/lift" / name


def query_files() -> dict[str, Path]:
    """Give the saved queries by name (the file's stem), sorted."""
    found = sorted((root() / "queries").glob("*/*.rq"), key=lambda p: p.stem)
    return {path.stem: path for path in found}


def look() -> str:
    """Give the style sheet that pages and reports share."""
    return files("dpc_kg.base").joinpath("look.css").read_text(encoding="utf-8")
