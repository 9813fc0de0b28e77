"""Organisations that a list names, and figures that would be lost; the rest: test_functions.py."""

from collections.abc import Callable

from dpc_kg.base.identifiers import entity_iri
from dpc_kg.base.vocab import ID

Work = Callable[..., list[tuple[str | None, str | None, bool]]]

LISTS = [("organization", "We", "self"), ("organization", "They", "their-hotline")]


def test_an_organisation_is_known_by_its_own_name_or_a_pseudonym(worked: Work) -> None:
    rows = [("We",), ("They",), ("Others",), ("",)]
    made = worked("organizationListed", rows, codes=LISTS, list="organization")
    assert [value for value, _, _ in made] == [
        f"{ID}example-org/organization/example-org",
        f"{ID}their-hotline/organization/their-hotline",
        entity_iri("example-org", "organization", b"k" * 32, "Others"),
        None,
    ]


def test_a_figure_without_a_period_is_no_silent_loss(worked: Work) -> None:
    rows = [("5", "2023"), ("5", ""), ("", ""), ("", "2023")]
    made = worked("observation", rows, cells=("value", "period"), dataset="d")
    assert [rule for _, rule, _ in made] == [None, "missing-key", None, None]
    assert made[0][0] == f"{ID}example-org/observation/d.2023"
