"""Seeded synthetic exports of partner systems, with planted faults."""

import importlib
from pathlib import Path

from dpc_kg.base.assets import mapping_names
from dpc_kg.base.errors import UnknownAsset
from dpc_kg.lift.generate.planted import GenerateRequest, Planted, write_planted

__all__ = ["GenerateRequest", "Planted", "generate", "generators"]

_APART = {"__init__", "planted"}


def generators() -> list[str]:
    """Give the names of the systems whose exports can be generated."""
    return sorted(_modules())


def _modules() -> dict[str, str]:
    """Give the module of each name: that of its mapping, the hyphens left out."""
    here = Path(__file__).parent
    stems = [p.stem for p in here.glob("*.py") if p.stem not in _APART and "_" not in p.stem]
    named = {name.replace("-", ""): name for name in mapping_names() if "-" in name}
    return {named.get(stem, stem): stem for stem in stems}


def generate(source: str, request: GenerateRequest) -> Planted:
    """Write a synthetic export of ``source`` and its ``planted.json`` into ``request.out``.

    Raises:
        UnknownAsset: there is no generator of this name.
    """
    if source not in generators():
        known = ", ".join(generators())
        raise UnknownAsset(
            "There is no generator of this name.", term=source, advice=f"Known: {known}."
        )
    request.out.mkdir(parents=True, exist_ok=True)
    module = importlib.import_module(f"dpc_kg.lift.generate.{_modules()[source]}")
    planted: Planted = module.generate(request)
    write_planted(planted, request.out)
    return planted
