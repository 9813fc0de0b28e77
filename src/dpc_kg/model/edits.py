"""Changes of texts in the Turtle assets: exactly the lines that hold them, all or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, Literal, URIRef

from dpc_kg.base.errors import DpcError
from dpc_kg.base.platform import write_durably
from dpc_kg.base.rdfio import canonical_turtle, read
from dpc_kg.model import reviews


@dataclass(frozen=True)
class Edit:
    """Other words for one text in one language; ``file`` is relative to the assets."""

    file: str
    subject: str
    predicate: str
    lang: str
    old: str
    new: str


@dataclass(frozen=True)
class Judged:
    """Reviews to record and to take back: pairs of a subject and the mark of a text."""

    reviewed: reviews.Reviews = frozenset()
    withdrawn: reviews.Reviews = frozenset()


def rewritten(root: Path, edits: Iterable[Edit], judged: Judged) -> dict[Path, str]:
    """Give the new contents of the files that change; nothing is written.

    Raises:
        DpcError: a file is not in its canonical form, or a text stands there no more.
    """
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.file, []).append(edit)
    contents = {root / file: _edited(root / file, wanted) for file, wanted in by_file.items()}
    if judged.reviewed or judged.withdrawn:
        path = root / reviews.FILE
        contents[path] = _judged(path, judged)
    return {path: text for path, text in contents.items() if text != _now(path)}


def _now(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _canonical(path: Path) -> Graph:
    graph = read(path)
    if canonical_turtle(graph) != _now(path):
        advice = "Run dpc-kg fmt on it first: then an edit changes one line and nothing else."
        raise DpcError("This file is not in its canonical form.", file=path.name, advice=advice)
    return graph


def _edited(path: Path, edits: Iterable[Edit]) -> str:
    graph = _canonical(path)
    for edit in edits:
        subject, predicate = URIRef(edit.subject), URIRef(edit.predicate)
        old, new = (Literal(words, lang=edit.lang) for words in (edit.old, edit.new))
        if edit.old and (subject, predicate, old) not in graph:
            raise DpcError("A text stands here no more.", file=path.name, term=edit.subject)
        graph.remove((subject, predicate, old))
        graph.add((subject, predicate, new))
    return canonical_turtle(graph)


def _judged(path: Path, judged: Judged) -> str:
    graph = _canonical(path)
    predicate = URIRef(reviews.REVIEWED_TEXT)
    for subject, mark in judged.withdrawn:
        graph.remove((URIRef(subject), predicate, Literal(mark)))
    for subject, mark in judged.reviewed:
        graph.add((URIRef(subject), predicate, Literal(mark)))
    return canonical_turtle(graph)


def write_all(contents: Mapping[Path, str]) -> None:
    """Write all files, or leave all as they were.

    Raises:
        OSError: one of them cannot be written; the others were put back.
    """
    before = {path: path.read_bytes() for path in contents}
    begun: list[Path] = []
    try:
        for path, text in sorted(contents.items()):
            begun.append(path)
            write_durably(path, text.encode("utf-8"))
    except BaseException:
        for path in begun:
            if path.read_bytes() != before[path]:
                write_durably(path, before[path])
        raise
