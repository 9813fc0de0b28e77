"""Show a person which code each value of a helpline's forms gets, and who says so.

``python -m dpc_kg.lift.definitions.aselo_review FOLDER`` prints list, value, code, relation and
origin (own or shared table, words, kind of button), one value a line, tab between. What it prints
holds the helpline's own labels: it is for reading where the definitions lie, not for keeping.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError
from dpc_kg.lift.definitions.aselo import valued
from dpc_kg.lift.definitions.aselo_forms import read_forms
from dpc_kg.lift.definitions.aselo_words import matcher

HEADER = ("list", "value", "code", "relation", "by")


def review(folder: Path, mapping_folder: Path) -> Iterator[tuple[str, ...]]:
    """Give a row for each value, as `HEADER` says; code and the rest blank where there is none.

    Raises:
        MappingError: a definition file or a table of alignments cannot be used.
    """
    forms = read_forms(folder)
    for item in valued(forms, mapping_folder, matcher(mapping_folder, forms.version)):
        found = item.match
        value = " ".join(item.value.split())
        if found is None:
            yield (item.list, value, "", "", "")
        else:
            yield (item.list, value, found.code, found.relation, found.by)


def main(arguments: Sequence[str]) -> int:
    """Print the review of one folder; give 2 where it cannot be read."""
    if len(arguments) != 1:
        sys.stderr.write("Give one folder of form definitions.\n")
        return 2
    try:
        rows = [HEADER, *review(Path(arguments[0]), mapping_dir("aselo"))]
    except DpcError as e:
        sys.stderr.write(f"{e}\n")
        return 2
    sys.stdout.writelines("\t".join(row) + "\n" for row in rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
