"""No list of labels of Aselo or Primero stands in a file of ours: they are under the AGPL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.labellists import LONG, RUN, Copies, LabelList, label_lists, streams, words
from tests.test_house import REPOSITORY, TEXTS, tracked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ALSO = frozenset({".xml", ".nq", ".jsonld", ".tsv", ".txt"})
"""Kinds of files that are shipped beside those whose text the house looks at."""

SHORT = ["Blue Otter", "Green", "Red Fox", "Owl", "Grey Heron", "Newt", "Brown Bear", "Toad"]
SENTENCES = [f"a long label about thing {letter}" for letter in "stuvwxyz"]


@pytest.fixture(scope="session")
def theirs(shared: Path) -> list[LabelList]:
    return label_lists(shared)


def copies_in(path: Path, copies: Copies) -> set[str]:
    return {name for stream in streams(path) for name in copies.within(stream)}


@pytest.mark.shared
def test_their_lists_are_read(theirs: list[LabelList]) -> None:
    systems = {one.name.split("/")[0] for one in theirs}
    assert systems == {"aselo", "primero"}
    assert len(theirs) > 100
    assert all(len(one.labels) >= RUN for one in theirs)
    assert any(one.name.endswith(".yml en/exports/incident_recorder_xls/headers") for one in theirs)


@pytest.mark.shared
def test_no_file_of_ours_repeats_a_list_of_theirs(theirs: list[LabelList]) -> None:
    copies = Copies(theirs)
    found = {
        path.relative_to(REPOSITORY).as_posix(): sorted(names)
        for path in tracked()
        if path.suffix in TEXTS | ALSO and (names := copies_in(path, copies))
    }
    assert found == {}


WAYS: dict[str, Callable[[list[str]], str]] = {
    "copy.md": lambda run: "Some words. " + ", ".join(run) + ". And others.",
    "table.md": lambda run: "\n".join(f"| {label} | note {i} |" for i, label in enumerate(run)),
    "codes.csv": lambda run: "value,code\n" + "\n".join(f'"{label}",x/y' for label in run),
    "list.py": lambda run: f"A = {[label.upper() for label in run]!r}\n",
    "pairs.py": lambda run: f"A = {tuple((label, 'x/y') for label in run)!r}\n",
    "keys.py": lambda run: f"A = {dict.fromkeys(run, 'x/y')!r}\n",
    "calls.py": lambda run: f"A = [{', '.join(f'Code({label!r}, 1)' for label in run)}]\n",
    "split.py": lambda run: f"A = '{' '.join(run)}'.split()\n",
    "options.json": lambda run: json.dumps([{"n": i, "text": v} for i, v in enumerate(run)]),
    "keys.json": lambda run: json.dumps({label: i for i, label in enumerate(run)}),
    "codes.ttl": lambda run: "".join(
        f'x:{i}\n    x:label\n        "{label}"@en ,\n        "a"@fr ;\n    x:note "n{i}"@en ;\n.\n'
        for i, label in enumerate(run)
    ),
    "any.txt": lambda run: "\n".join(run),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_planted_list_is_found(name: str, tmp_path: Path) -> None:
    """Six labels in a row are found in each form, five are not."""
    copies = Copies([LabelList("list", tuple(map(words, SHORT)))])
    path = tmp_path / name
    path.write_text(WAYS[name](SHORT[1 : RUN + 1]), encoding="utf-8")
    assert copies_in(path, copies) == {"list"}
    path.write_text(WAYS[name](SHORT[1:RUN]), encoding="utf-8")
    assert copies_in(path, copies) == set()
    path.write_text(WAYS[name]([*SHORT[1:RUN], "Something else"]), encoding="utf-8")
    assert copies_in(path, copies) == set()


def test_long_labels_are_found_in_any_order(tmp_path: Path) -> None:
    assert all(len(words(label)) >= LONG for label in SENTENCES)
    copies = Copies([LabelList("list", tuple(map(words, SENTENCES)))])
    path = tmp_path / "x.md"
    path.write_text(". Then: ".join(SENTENCES[RUN - 1 :: -1]), encoding="utf-8")
    assert copies_in(path, copies) == {"list"}
    path.write_text(". Then: ".join(SENTENCES[RUN - 2 :: -1]), encoding="utf-8")
    assert copies_in(path, copies) == set()
    path.write_text((" word" * 99).join(SENTENCES[RUN - 1 :: -1]), encoding="utf-8")
    assert copies_in(path, copies) == set()


@pytest.mark.shared
def test_a_real_list_is_found_where_it_is_planted(theirs: list[LabelList], tmp_path: Path) -> None:
    copies = Copies(theirs)
    path = tmp_path / "x.csv"
    for one in theirs[:: max(1, len(theirs) // 20)]:
        run = [" ".join(label) for label in one.labels[-RUN:]]
        path.write_text("value,code\n" + "".join(f'"{v}",\n' for v in run), encoding="utf-8")
        assert copies_in(path, copies), one.name
