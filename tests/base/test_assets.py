"""Assets: found by name, and an unknown name says which there are."""

from pathlib import Path

import pytest

from dpc_kg.base import assets
from dpc_kg.base.errors import UnknownAsset


def test_assets_lie_in_the_checkout(repository: Path) -> None:
    assert assets.root() == repository
    assert assets.asset("shapes") == repository / "shapes"
    with pytest.raises(UnknownAsset, match="no/such"):
        assets.asset("no", "such")


def test_lists_are_sorted_and_hold_files_that_exist() -> None:
    for found in (assets.ontology_files(), assets.shape_files()):
        assert found
        assert found == sorted(found)
        assert all(path.is_file() and path.suffix == ".ttl" for path in found)


def test_shapes_about_our_own_files_stay_out() -> None:
    assert {"lint.ttl", "profiles.ttl"}.isdisjoint(p.name for p in assets.shape_files())


def test_mappings_by_name() -> None:
    names = assets.mapping_names()
    assert {"aselo", "cybertipline", "ncmec-statistics", "primero"} <= set(names)
    for name in names:
        assert (assets.mapping_dir(name) / "mapping.rml.ttl").is_file()


@pytest.mark.parametrize("name", ["no-such", "", ".", "..", "../lift/aselo", "aselo/"])
def test_an_unknown_mapping_is_refused_and_the_known_ones_named(name: str) -> None:
    with pytest.raises(UnknownAsset) as caught:
        assets.mapping_dir(name)
    assert "aselo" in str(caught.value)


def test_queries_by_the_stem_of_their_file() -> None:
    found = assets.query_files()
    assert "shared-hashes" in found
    assert list(found) == sorted(found)
    assert all(path.stem == name for name, path in found.items())
