"""The gate finds columns of names by their shape, in many scripts, and leaves lists of words be."""

from random import Random

import pytest

from dpc_kg.lift.personal.headers import headed
from dpc_kg.lift.personal.names import is_shaped
from tests.lift.laws.sizes import size
from tests.lift.personal_columns import judged
from tests.lift.personal_names import SYLLABLES, name, name_column

COLUMNS = size(152, 500)
RECALL = 0.95


@pytest.fixture(scope="module")
def flagged() -> dict[str, tuple[int, int]]:
    """Give of each script how many columns of names were found, of how many."""
    return {}


@pytest.mark.parametrize("script", SYLLABLES)
def test_columns_of_names_are_found(script: str, flagged: dict[str, tuple[int, int]]) -> None:
    random, found = Random(f"names {script}"), 0
    made = -(-COLUMNS // len(SYLLABLES))
    for number in range(made):
        cells = name_column(random, script, random.choice([25, 60, 200]))
        found += "name" in judged({f"c{number}": cells})[f"c{number}"]
    flagged[script] = found, made
    print(f"{script}: {found} of {made} columns of names found")
    assert found >= 0.8 * made


def test_recall(flagged: dict[str, tuple[int, int]]) -> None:
    if len(flagged) < len(SYLLABLES):
        pytest.skip("needs the columns of every script")
    found, made = (sum(counts) for counts in zip(*flagged.values(), strict=True))
    print(f"{found} of {made} columns of names found, in {len(flagged)} scripts")
    assert made >= COLUMNS
    assert found >= RECALL * made


@pytest.mark.parametrize(
    "header",
    ["Full name", "prénom", "apellidos", "اسم الطفل", "ФИО", "姓名", "নাম", "jina la mtoto"],
)
def test_few_names_are_found_under_a_header_that_says_so(header: str) -> None:
    random = Random(header)
    cells = [name(random, "latin", form) for form in ("plain", "small", "capitals")]
    assert "name" in judged({header: cells}, None)[header]
    assert "name" not in judged({header: cells})[header], "a mapping has decided about it"


LISTS = {
    "services": "Psychosocial Support;Safe House;Legal Aid;Family Tracing;Medical Care",
    "concerns": "Child Marriage;Child Labour;Sexual Exploitation;Online Grooming;Physical Abuse",
    "places": "Nairobi;Mombasa;Kisumu;Nakuru;Eldoret;Thika;Malindi;Kitale;Garissa;Kakamega;Nyeri",
    "statuses": "مفتوح;مغلق;قيد المتابعة;محال;معلق;جديد",
    "kinds": "open;closed;in progress;referred;on hold;transferred;new;re-opened",
    "codes": "CT_A;CT_B;GBV-01;GBV-02;ABUSE;NEGLECT;OTHER;N/A",
}


@pytest.mark.parametrize("kind", LISTS)
def test_labels_of_a_list_are_no_names(kind: str) -> None:
    random, labels = Random(kind), LISTS[kind].split(";")
    cells = [random.choice(labels) for _ in range(300)]
    assert judged({"c": cells})["c"] == frozenset()


def test_numbers_days_and_identifiers_are_no_names() -> None:
    random = Random("others")
    columns = {
        "days": [f"20{n % 24:02}-0{n % 9 + 1}-1{n % 9}" for n in range(90)],
        "months": [f"{('Jan', 'Feb', 'Mar')[n % 3]} {1990 + n}" for n in range(90)],
        "numbers": [str(n * 37) for n in range(90)],
        "keys": [f"{random.getrandbits(64):016x}" for _ in range(90)],
        "case numbers": [f"CP-{n:04}" for n in range(90)],
        "words": [f"item_{n}_of_list" for n in range(90)],
        "blank": [" " for _ in range(90)],
    }
    assert {c: k for c, k in judged(columns).items() if k} == {}


def test_sentences_are_free_text() -> None:
    random = Random("text")
    said = "the child was seen at home and asked for help with school this week"
    cells = [" ".join(random.choices(said.split(), k=14)) for _ in range(40)]
    assert judged({"c": cells})["c"] == {"free-text"}


@pytest.mark.parametrize("script", SYLLABLES)
def test_a_name_has_the_shape_of_one(script: str) -> None:
    random = Random(script)
    made = [name(random, script) for _ in range(50)]
    assert [n for n in made if not is_shaped(n)] == []


@pytest.mark.parametrize(
    "text", ["", "A", "case-12", "a_b", "x" * 80, "Yes/No", "10", "ABC", "Ab Бв"]
)
def test_what_has_not(text: str) -> None:
    assert not is_shaped(text)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("rawJson.childInformation.firstName", "name"),
        ("Téléphone du parent", "phone"),
        ("correo electrónico", "e-mail"),
        ("تاريخ الميلاد", "birth-date"),
        ("notes[*].text", None),
        ("gps_latitude", "coordinates"),
        ("status", None),
    ],
)
def test_words_of_a_header(path: str, kind: str | None) -> None:
    assert (kind in headed(path)) if kind else headed(path) == frozenset()
