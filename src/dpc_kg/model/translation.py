"""Whether texts in four languages keep the rules of translation.

``untagged``      a text names no language
``incomplete``    a language is missing, or has two texts
``script``        letters of another script, or signs that nobody sees
``same``          the translation is the English text
``language``      the sentence reads like another language
``placeholders``  ``{}`` and ``{name}`` differ from the English
``glossary``      a term of the glossary is said in another way
``terminology``   a word that is never ours
``status``        a file is said to be reviewed and holds a drafted translation

    python -m dpc_kg.model.translation      check all assets; exit 1 if there is a problem
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dpc_kg.base import assets
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import local_name
from dpc_kg.model import exemptions, glossary, reviews, script, terminology
from dpc_kg.model.exemptions import Exemption
from dpc_kg.model.glossary import Glossary
from dpc_kg.model.terminology import Word
from dpc_kg.model.texts import Text, asset_texts, catalogue_texts

RULES = (
    *("untagged", "incomplete", "script", "same", "language"),
    *("placeholders", "glossary", "terminology", "status"),
)


@dataclass(frozen=True)
class Problem:
    """A text that breaks a rule. ``term`` is the word concerned, where there is one."""

    rule: str
    lang: str
    text: Text
    term: str = ""

    def __str__(self) -> str:
        place = f"{self.text.file}, {self.text.subject}, {local_name(self.text.predicate)}"
        said = self.text.words.get(self.lang, "")
        what = f"{self.rule} {self.term}".strip()
        return f"{place}, {self.lang or 'no language'}: {what}: {said} [{self.text.english}]"


@dataclass(frozen=True)
class Rulebook:
    """What texts are held against."""

    glossary: Glossary
    words: tuple[Word, ...]
    exempt: tuple[Exemption, ...]


@dataclass(frozen=True)
class Figures:
    """What was looked at in one language, counted."""

    lang: str
    texts: int
    reviewed: int
    terms: int
    obeyed: int
    problems: int


def rulebook(root: Path | None = None) -> Rulebook:
    """Give glossary, terminology and exemptions of the assets.

    Raises:
        DpcError: one of them is malformed.
    """
    exempt = tuple(exemptions.exemptions(root))
    return Rulebook(glossary.load(root), terminology.words(root), exempt)


def all_texts(root: Path | None = None) -> list[Text]:
    """Give the texts of the assets and of the program."""
    return [*asset_texts(root), *catalogue_texts()]


def problems(texts: Iterable[Text], book: Rulebook) -> list[Problem]:
    """Give what breaks a rule and is not exempt, in the order of the texts."""
    return [found for found in _findings(texts, book) if not _excuses(book.exempt, found)]


def unused_exemptions(texts: Iterable[Text], book: Rulebook) -> list[Exemption]:
    """Give the exemptions that excuse nothing any more."""
    found = list(_findings(texts, book))
    return [line for line in book.exempt if not any(_excuses([line], one) for one in found)]


def translation_problems(text: Text, lang: str, book: Rulebook) -> list[Problem]:
    """Give what is wrong with one translation of a text."""
    found = (Problem(rule, lang, text, term) for rule, term in _of_language(text, lang, book))
    return [one for one in found if not _excuses(book.exempt, one)]


def overstated(texts: Sequence[Text], root: Path) -> list[Problem]:
    """Give the drafted translations of files whose header says that they are reviewed."""
    claimed, known = set(reviews.files_said_reviewed(root)), reviews.reviews(root)
    return [
        Problem("status", lang, text)
        for text in texts
        if text.file in claimed
        for lang in LANGS[1:]
        if reviews.status(text, lang, known) == reviews.DRAFTED
    ]


def figures(texts: Sequence[Text], book: Rulebook, root: Path | None = None) -> list[Figures]:
    """Count, for each language but English, what was looked at and what was found."""
    wrong = Counter(found.lang for found in problems(texts, book))
    known = reviews.reviews(root)
    return [_figures(texts, lang, book, known, wrong[lang]) for lang in LANGS[1:]]


def _figures(
    texts: Sequence[Text], lang: str, book: Rulebook, known: reviews.Reviews, wrong: int
) -> Figures:
    said = [text for text in texts if lang in text.words]
    terms = [(text, entry) for text in said for entry in book.glossary.named_in(text.english)]
    return Figures(
        lang=lang,
        texts=len(said),
        reviewed=sum(reviews.status(text, lang, known) == reviews.REVIEWED for text in said),
        terms=len(terms),
        obeyed=sum(entry.accepts(lang, text.words[lang]) for text, entry in terms),
        problems=wrong,
    )


def _findings(texts: Iterable[Text], book: Rulebook) -> Iterator[Problem]:
    for text in texts:
        for rule, lang in _of_whole(text):
            yield Problem(rule, lang, text)
        for lang in LANGS:
            if lang in text.words:
                for rule, term in _of_language(text, lang, book):
                    yield Problem(rule, lang, text, term)


def _of_whole(text: Text) -> Iterator[tuple[str, str]]:
    count = Counter(lang for lang, _ in text.forms)
    if "" in count:
        yield "untagged", ""
    for lang in LANGS:
        if count[lang] != 1:
            yield "incomplete", lang


Check = Callable[[Text, str], Iterable[str]]
"""From a text and a language to the words concerned: nothing where the rule is kept."""

_PLAIN: tuple[tuple[str, Check], ...] = (
    ("script", lambda text, lang: script.strangers(text.words[lang], lang, text.english)),
    ("same", lambda text, lang: script.repeated(text.words[lang], text.english)),
    ("language", lambda text, lang: script.other_language(text.words[lang], lang)),
    ("placeholders", lambda text, lang: script.lost(text.words[lang], text.english)),
)


def _of_language(text: Text, lang: str, book: Rulebook) -> Iterator[tuple[str, str]]:
    for rule, check in _PLAIN:
        if lang != LANGS[0] or rule == "script":
            yield from ((rule, term) for term in check(text, lang))
    if lang != LANGS[0]:
        for entry in book.glossary.named_in(text.english):
            if not entry.accepts(lang, text.words[lang]):
                yield "glossary", entry.name
    for word in terminology.refused_in(text.words[lang], lang, book.words):
        yield "terminology", word.text


def _excuses(lines: Iterable[Exemption], found: Problem) -> bool:
    about = (found.rule, found.lang, found.term, found.text.subject, found.text.english)
    return any(line.covers(*about) for line in lines)


def main() -> int:
    """Print figures and problems of all assets; give the exit code."""
    texts, book = all_texts(), rulebook()
    found = [*problems(texts, book), *overstated(texts, assets.root())]
    for one in figures(texts, book):
        sys.stdout.write(
            f"{one.lang}: {one.texts} texts, {one.reviewed} reviewed, {one.problems} problems;"
            f" glossary terms said as the glossary says: {one.obeyed} of {one.terms}\n"
        )
    for problem in found:
        sys.stdout.write(f"{problem}\n")
    unused = unused_exemptions(texts, book)
    for line in unused:
        sys.stdout.write(f"an exemption that excuses nothing: {line}\n")
    return 1 if found or unused else 0


if __name__ == "__main__":
    sys.exit(main())
