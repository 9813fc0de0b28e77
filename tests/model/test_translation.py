"""The rules of translation: kept by every text there is, and each able to fail."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError
from dpc_kg.base.settings import LANGS
from dpc_kg.model import exemptions, reviews, texts, translation
from dpc_kg.model.exemptions import Exemption
from dpc_kg.model.texts import DEFINITION, Text
from dpc_kg.model.translation import Rulebook

IRI = "https://example.org/term"
GOOD = {
    "en": "The child was seen by {count} people.",
    "fr": "L'enfant a été vu par {count} personnes.",
    "es": "La niña o el niño fue visto por {count} personas.",
    "ar": "شاهد الطفلَ {count} أشخاص.",
}
HEAD = """@prefix dpc: <https://w3id.org/dpc/cdm#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return translation.rulebook()


def text(words: Mapping[str, str], *more: tuple[str, str]) -> Text:
    return Text("ontology/x.ttl", IRI, DEFINITION, tuple(sorted((*words.items(), *more))))


def rules(words: Mapping[str, str], book: Rulebook, *more: tuple[str, str]) -> set[tuple[str, str]]:
    return {(one.rule, one.lang) for one in translation.problems([text(words, *more)], book)}


def test_every_text_of_ours_keeps_the_rules(book: Rulebook) -> None:
    found = translation.all_texts()
    assert {one.file.split("/")[0] for one in found} >= {"ontology", "shapes", "validate", "model"}
    assert not [str(problem) for problem in translation.problems(found, book)]
    assert not translation.unused_exemptions(found, book)
    assert not translation.overstated(found, assets.root())


def test_figures_count_every_language(book: Rulebook) -> None:
    found = translation.all_texts()
    figures = translation.figures(found, book)
    assert [one.lang for one in figures] == list(LANGS[1:])
    for one in figures:
        assert one.texts > len(found) // 2
        assert one.terms >= one.obeyed > one.terms // 2 > 0


def test_figures_count_problems(book: Rulebook) -> None:
    broken = text(GOOD | {"fr": "La personne a été vue par {count} personnes."})
    french = translation.figures([broken], book)[0]
    assert (french.texts, french.terms, french.obeyed, french.problems) == (1, 1, 0, 1)


def test_a_good_text_has_no_problem(book: Rulebook) -> None:
    assert not rules(GOOD, book)


MISTAKES: dict[str, tuple[str, str, str]] = {
    "another script in Arabic": ("script", "ar", "شاهد child الطفل {count} أشخاص."),
    "no Arabic at all": ("script", "ar", "L'enfant {count}"),
    "a letter of Persian": ("script", "ar", "شاهد الطفل {count} أشخاص في کتاب."),
    "an unseen sign": ("script", "ar", "شاهد الطفل \u200f{count} أشخاص."),
    "Arabic in French": ("script", "fr", "L'enfant طفل a été vu par {count} personnes."),
    "Cyrillic in Spanish": ("script", "es", "La niña fue vista por {count} рersonas."),
    "the English text": ("same", "fr", GOOD["en"].upper()),
    "another language": (
        "language",
        "fr",
        "El niño fue visto por los {count} en la casa del enfant.",
    ),
    "a placeholder lost": ("placeholders", "es", "La niña o el niño fue visto por personas."),
    "a placeholder translated": ("placeholders", "fr", "L'enfant a été vu par {nombre} personnes."),
    "a placeholder twice": ("placeholders", "ar", "شاهد الطفل {count} أو {count} أشخاص."),
    "another word than the glossary's": (
        "glossary",
        "fr",
        "La personne a été vue par {count} personnes.",
    ),
    "a word that is never ours": (
        "terminology",
        "fr",
        "Un enfant prostitué a été vu par {count} personnes.",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(mistake: str, book: Rulebook) -> None:
    rule, lang, words = MISTAKES[mistake]
    assert (rule, lang) in rules(GOOD | {lang: words}, book)


def test_a_missing_language_is_found(book: Rulebook) -> None:
    assert rules({lang: GOOD[lang] for lang in ("en", "fr", "ar")}, book) == {("incomplete", "es")}


def test_two_texts_in_one_language_are_found(book: Rulebook) -> None:
    assert ("incomplete", "fr") in rules(GOOD, book, ("fr", "Un enfant et {count} personnes."))


def test_a_text_without_a_language_is_found(book: Rulebook) -> None:
    assert ("untagged", "") in rules(GOOD, book, ("", "The child."))


def test_names_and_notations_may_stand_in_arabic(book: Rulebook) -> None:
    words = {
        "en": "Keep SHA-256 and example-ngo.",
        "fr": "Gardez SHA-256 et example-ngo.",
        "es": "Conserve SHA-256 y example-ngo.",
        "ar": "احتفظ بـ SHA-256 و example-ngo.",
    }
    assert not rules(words, book)
    assert ("script", "ar") in rules(words | {"ar": "احتفظ بـ MD5."}, book)


def exempting(book: Rulebook, *lines: Exemption) -> Rulebook:
    return replace(book, exempt=lines)


def test_an_exemption_excuses_what_it_names_and_nothing_else(book: Rulebook) -> None:
    broken = GOOD | {"fr": "La personne a été vue par {count} personnes."}
    line = Exemption("glossary", "fr", "child", IRI, "", "said so")
    assert not rules(broken, exempting(book, line))
    for other in (replace(line, lang="es"), replace(line, term="case"), replace(line, rule="same")):
        assert rules(broken, exempting(book, other))
        assert translation.unused_exemptions([text(broken)], exempting(book, other)) == [other]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("same,fr,,,Total", "cell"),
        ("same,fr,,,Total,", "reason"),
        ("same,fr,,,,why not", "everything"),
    ],
)
def test_a_malformed_exemption_is_refused(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / exemptions.FILE
    path.parent.mkdir(parents=True)
    path.write_text(",".join(exemptions.COLUMNS) + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(DpcError, match=message) as caught:
        exemptions.exemptions(tmp_path)
    assert caught.value.line == 2


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / exemptions.FILE
    path.parent.mkdir(parents=True)
    path.write_text("rule,why\n", encoding="utf-8")
    with pytest.raises(DpcError, match="columns"):
        exemptions.exemptions(tmp_path)


def model(folder: Path, status: str, words: str = "Dossier") -> Path:
    (folder / "ontology" / "language").mkdir(parents=True, exist_ok=True)
    (folder / "ontology" / "x.ttl").write_text(
        f'{HEAD}<{IRI}> skos:prefLabel "Case"@en, "{words}"@fr, "Caso"@es, "حالة"@ar .\n'
        f"<https://example.org/x> a owl:Ontology ; dpc:translationStatus"
        f" <https://w3id.org/dpc/codes/translation-status/{status}> .\n",
        encoding="utf-8",
    )
    return folder


def record(folder: Path, *langs: str) -> None:
    one = texts.asset_texts(folder)[0]
    marks = ", ".join(f'"{reviews.mark(one, lang)}"' for lang in langs)
    path = folder / reviews.FILE
    path.write_text(f"{HEAD}<{IRI}> dpc:reviewedText {marks} .\n", encoding="utf-8")


def test_a_review_holds_until_a_word_changes(tmp_path: Path) -> None:
    folder = model(tmp_path, "drafted")
    assert not reviews.reviews(folder)
    record(folder, "fr")
    known = reviews.reviews(folder)
    before = texts.asset_texts(folder)[0]
    assert [reviews.status(before, lang, known) for lang in LANGS[1:]] == [
        *("reviewed", "drafted", "drafted")
    ]
    model(tmp_path, "drafted", words="Affaire")
    after = texts.asset_texts(folder)[0]
    assert reviews.status(after, "fr", known) == "drafted"
    assert reviews.stale([before], known) == frozenset()
    assert reviews.stale([after], known) == known
    english = replace(before, forms=(("en", "File"), *before.forms[2:]))
    assert reviews.status(english, "fr", known) == "drafted"


def test_a_file_said_to_be_reviewed_holds_no_drafted_text(tmp_path: Path) -> None:
    folder = model(tmp_path, "reviewed")
    found = texts.asset_texts(folder)
    assert {one.lang for one in translation.overstated(found, folder)} == set(LANGS[1:])
    record(folder, *LANGS[1:])
    assert not translation.overstated(found, folder)
    assert not translation.overstated(found, model(tmp_path, "drafted"))


def test_texts_of_a_catalogue_come_by_table_and_form(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text(
        '[rows.short]\nen = ["{n} rows", "1 row"]\nfr = ["{n} lignes"]\n[other]\nx = 1\n',
        encoding="utf-8",
    )
    assert texts.toml_texts(path, tmp_path) == [
        Text("words.toml", "rows.short", "0", (("en", "{n} rows"), ("fr", "{n} lignes"))),
        Text("words.toml", "rows.short", "1", (("en", "1 row"),)),
    ]


@pytest.mark.parametrize(("name", "content"), [("x.ttl", "<a> <b>"), ("x.toml", "a = [")])
def test_a_malformed_file_is_named(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    read = texts.turtle_texts if path.suffix == ".ttl" else texts.toml_texts
    with pytest.raises(DpcError, match=name):
        read(path, tmp_path)


def test_the_room_prints_figures_and_gives_an_exit_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "all_texts", lambda: [text(GOOD)])
    monkeypatch.setattr(translation, "unused_exemptions", lambda *_: [])
    assert translation.main() == 0
    assert capsys.readouterr().out.startswith("fr: 1 texts, 0 reviewed, 0 problems;")
    monkeypatch.setattr(translation, "all_texts", lambda: [text(GOOD | {"fr": GOOD["en"]})])
    assert translation.main() == 1
    assert "fr: same" in capsys.readouterr().out
