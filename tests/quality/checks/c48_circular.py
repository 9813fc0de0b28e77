"""Find definitions that say no more than their label."""

import re

from tests.quality.context import Context
from tests.quality.parts import Outcome

TITLE = "circular definitions"
TOOL = "own"
_TEXTS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?label ?text (LANG(?text) AS ?lang)
WHERE {
  ?term skos:definition ?text ; rdfs:label|skos:prefLabel ?label .
  FILTER(LANG(?text) = LANG(?label))
}
ORDER BY ?term ?lang
"""
FILLERS = {
    "en": "a an the of to in on at by for from with and or is are was be that which this it its as",
    "fr": "un une le la les l de des du d à au aux en dans par pour avec et ou est sont que qui ce",
    "es": "un una el la los las de del a al en por para con y o es son que se su lo",
    "ar": "في من إلى على عن أو و هو هي التي الذي ما أن",
}


def run(context: Context) -> Outcome:
    """Look at every definition beside its label."""
    rows = list(context.rows(_TEXTS))
    problems = tuple(
        f"{row['term']} ({row['lang']}): {row['text']}"
        for row in rows
        if _words(row["text"], row["lang"]) <= _words(row["label"], row["lang"])
    )
    return Outcome(len(rows), "definitions", problems)


def _words(text: str, lang: str) -> set[str]:
    """Give the words that mean something, without the endings of their plurals."""
    words = set(re.findall(r"\w+", text.casefold())) - set(FILLERS[lang].split())
    return {word.removesuffix("s") for word in words}
