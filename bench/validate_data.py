"""Data for the bench of validation, with planted violations, in a process of its own.

``python -m bench.validate_data SET TRIPLES FOLDER``. ``model``: a lifted export whose records are
copied under other pseudonyms, as one large submission, for the shapes of the full tier.
``across``: the made-up data of the shared prototype and its shapes, of which some read across
records. The same size gives the same bytes. Leaves ``data.nq``, ``data.nt`` (with the class
hierarchy), ``shapes.nt``, ``planted.tsv``.
"""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from bench.cases import SEED, SHACL
from dpc_kg.base.assets import ontology_files
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.validate.engines import class_hierarchy, serialized, shapes_of
from dpc_kg.validate.shapesgraph import shapes_graph

SETS = ("model", "across")
_ORG = "example-org"
_RECORDS = 40
_FAULTY = 0.05
_KEY = b"k" * 32
_MARK = "cdm#receivedAt> "
_FAULTS = {"left out": ("MinCount",), "twice": ("MaxCount",), "no moment": ("Datatype", "Pattern")}
_GRAPH = re.compile(r" <[^>]*> \.$")
_PSEUDONYM = re.compile(rf"/id/(coalition|{_ORG})/([a-z-]+)/[0-9a-f]{{6}}")
_PROTOTYPE = "prototypes/shacl"


def prototype() -> Path | None:
    """Give the folder of the shared prototype; None where it is not there."""
    folder = Path(os.environ.get("DPC_SHARED", "../shared")) / _PROTOTYPE
    return folder if (folder / "gen.py").exists() else None


def write_model(triples: int, folder: Path) -> None:
    """Write copies of one lifted export until there are enough triples."""
    base = _lifted(folder)
    dice = random.Random(SEED)
    written, number = 0, 0
    hierarchy = serialized(class_hierarchy(tuple(ontology_files()))).decode()
    with (
        _text(folder / "data.nq") as quads,
        _text(folder / "data.nt") as plain,
        _text(folder / "planted.tsv") as planted,
    ):
        plain.write(hierarchy)
        while written < triples:
            number += 1
            lines = list(_spoilt(_renamed(base, number), dice, planted))
            quads.writelines(f"{line}\n" for line in lines)
            plain.writelines(_GRAPH.sub(" .", line) + "\n" for line in lines)
            written += len(lines)
    text = shapes_graph(shapes_of("full")).text
    (folder / "shapes.nt").write_text(text, encoding="utf-8", newline="\n")


def _lifted(folder: Path) -> str:
    export = folder / "export"
    command = [sys.executable, "-m", "dpc_kg", "generate", "cybertipline", "--seed", str(SEED)]
    subprocess.run(
        [*command, "--records", str(_RECORDS), "-o", str(export)], check=True, capture_output=True
    )
    sources = {"report": export / "reports.xml", "files": export / "files.xml"}
    request = LiftRequest("cybertipline", sources, _ORG, "bench", _KEY, _KEY)
    with open_lift(request) as lifted:
        lifted.write(folder / "base.nq")
    return (folder / "base.nq").read_text(encoding="utf-8")


def _renamed(base: str, number: int) -> list[str]:
    """Give the lines about other records of the same organisation."""
    return _PSEUDONYM.sub(rf"/id/\1/\2/{number:06x}", base).splitlines()


def _spoilt(lines: list[str], dice: random.Random, planted: TextIO) -> Iterator[str]:
    """Give lines, here and there a moment left out, twice or none, and note what that breaks."""
    for line in lines:
        if _MARK not in line or dice.random() > _FAULTY:
            yield line
            continue
        kind = dice.choice(list(_FAULTS))
        focus = line.split(">", 1)[0][1:]
        planted.writelines(_result(focus, name) for name in _FAULTS[kind])
        if kind == "twice":
            yield line
            yield re.sub(r'"[0-9]{4}', '"1999', line)
        elif kind == "no moment":
            yield re.sub(r'"[^"]*"', '"soon"', line)


def write_across(triples: int, folder: Path, home: Path) -> None:
    """Write the data of the shared prototype; what its generator lists is what is planted."""
    data = folder / "data.nt"
    command = [sys.executable, str(home / "gen.py"), str(triples), str(data), "--seed", str(SEED)]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "data.nq").hardlink_to(data)
    listed = (folder / "data.nt.expected").read_text(encoding="utf-8").splitlines()
    with _text(folder / "planted.tsv") as planted:
        planted.writelines(_result(*line.split("\t")[:2]) for line in listed)
    text = shapes_graph([home / "shapes.ttl"]).text
    (folder / "shapes.nt").write_text(text, encoding="utf-8", newline="\n")


def _result(focus: str, component: str) -> str:
    return f"{focus}\t{SHACL}{component}ConstraintComponent\n"


def _text(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="\n")


def main(arguments: Sequence[str]) -> int:
    """Write one set."""
    name, triples, folder = arguments[0], int(arguments[1]), Path(arguments[2])
    folder.mkdir(parents=True)
    home = prototype()
    if name == "model":
        write_model(triples, folder)
    elif home is not None:
        write_across(triples, folder, home)
    else:
        sys.stderr.write("The shared prototype is not there: set DPC_SHARED.\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
