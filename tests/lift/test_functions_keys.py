"""Organisations that a list names, and figures that would be lost; the rest: test_functions.py."""

from collections.abc import Callable

from dpc_kg.base.identifiers import entity_iri, entity_text, pseudonym
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


def hidden(text: str) -> str:
    return pseudonym(b"k" * 32, entity_text("example-org", "label", text))


def test_only_what_is_declared_stands_in_the_name_of_a_figure(worked: Work) -> None:
    cells = ("dataset", "observer", "measure", "period", "label", "label2", "value")
    listed = [("a", "Réunion", None), ("b", "total, all", None), ("c", "Them", "their-hotline")]
    name = "Jean Exemple"
    rows = [
        ("Réunion", "Them", "total, all", "2022 H2", "Réunion", "Them", "5"),
        (name, name, name, name, name, name, "5"),
        ("Réunion", "Them", "Them", "2022 - 2023", f"Réunion {name}", "réunion", "5"),
    ]
    made = [value for value, _, _ in worked("observation", rows, codes=listed, cells=cells)]
    start = f"{ID}example-org/observation/"
    h = hidden(name)
    assert made == [
        f"{start}Réunion.Them.total%2C%20all.2022%20H2.Réunion%2C%20Them",
        f"{start}{h}.{h}.{h}.{h}.{h}%2C%20{h}",
        f"{start}Réunion.Them.Them.2022%20-%202023"
        f".{hidden(f'Réunion {name}')}%2C%20{hidden('réunion')}",
    ]


def test_the_same_figure_again_has_a_number_and_no_text(worked: Work) -> None:
    rows = [("5", ".2"), ("5", ""), ("5", None), ("5", ".Jean"), ("5", "Jean.2")]
    made = worked("observation", rows, cells=("value", "again"), dataset="d")
    ends = [str(value).removeprefix(f"{ID}example-org/observation/") for value, _, _ in made]
    assert ends == ["d.2", "d", "d", "d", "d"]
