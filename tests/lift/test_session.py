"""A whole lift: the same bytes again, in whatever order the export stands; later versions win."""

import csv
import io
import json
import random
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError, MappingError
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.generate import GenerateRequest, generate

RECORDS, SEED = 25, 9
# a seed that fails is as good as a smaller one
PERMUTED = settings(
    derandomize=True, deadline=None, max_examples=3, phases=(Phase.explicit, Phase.generate)
)
SEEDS = st.integers(0, 2**32)
Sources = dict[str, Path]
Tables = ("years", "countries", "contents", "comparable")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sources]:
    base = tmp_path_factory.mktemp("exports")
    for name in ("aselo", "cybertipline", "primero"):
        generate(name, GenerateRequest(RECORDS, SEED, 4, base / name, "example-org"))
    statistics = mapping_dir("ncmec-statistics")
    return {
        "aselo": {"contacts": base / "aselo"},
        "cybertipline": {
            "report": base / "cybertipline/reports.xml",
            "files": base / "cybertipline/files.xml",
        },
        "primero": {"cases": base / "primero/cases.csv"},
        "ncmec-statistics": {t: statistics / f"sample.{t}.csv" for t in Tables},
    }


@pytest.fixture(scope="module")
def plain(exports: dict[str, Sources], lift_of: Callable[..., Any]) -> Callable[[str], Any]:
    """Give what an export as it is lifts to, lifted once."""
    return cache(lambda name: lift_of(name, exports[name]))


@pytest.mark.parametrize("name", ["aselo", "cybertipline", "primero", "ncmec-statistics"])
def test_the_same_export_gives_the_same_bytes(
    exports: dict[str, Sources],
    lift_of: Callable[..., Any],
    plain: Callable[[str], Any],
    name: str,
) -> None:
    first, second = plain(name), lift_of(name, exports[name])
    assert first.data
    assert (first.data, first.report) == (second.data, second.report)


@pytest.mark.parametrize("name", ["primero", "ncmec-statistics"])
def test_the_order_of_rows_changes_no_byte(
    exports: dict[str, Sources],
    lift_of: Callable[..., Any],
    new_folder: Callable[[], Path],
    plain: Callable[[str], Any],
    name: str,
) -> None:
    expected = plain(name)

    @given(SEEDS)
    @PERMUTED
    def law(seed: int) -> None:
        folder = new_folder()
        mixed = {s: mixed_rows(path, folder / path.name, seed) for s, path in exports[name].items()}
        made = lift_of(name, mixed)
        assert made.data == expected.data

    law()


def mixed_rows(path: Path, out: Path, seed: int) -> Path:
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    random.Random(seed).shuffle(rows)
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return out


def test_the_order_of_xml_records_changes_no_byte(
    exports: dict[str, Sources],
    lift_of: Callable[..., Any],
    new_folder: Callable[[], Path],
    plain: Callable[[str], Any],
) -> None:
    expected = plain("cybertipline")

    @given(SEEDS)
    @PERMUTED
    def law(seed: int) -> None:
        folder = new_folder()
        mixed = {}
        for source, path in exports["cybertipline"].items():
            root = etree.parse(str(path)).getroot()
            records = list(root)
            random.Random(seed).shuffle(records)
            root[:] = records
            mixed[source] = folder / path.name
            mixed[source].write_bytes(etree.tostring(root, encoding="UTF-8"))
        made = lift_of("cybertipline", mixed)
        assert made.data == expected.data

    law()


def test_the_names_of_json_files_and_the_order_of_an_array_change_no_byte(
    exports: dict[str, Sources],
    lift_of: Callable[..., Any],
    new_folder: Callable[[], Path],
    plain: Callable[[str], Any],
) -> None:
    expected = plain("aselo")
    files = [p for p in exports["aselo"]["contacts"].rglob("*.json") if p.name != "planted.json"]

    @given(SEEDS)
    @PERMUTED
    def law(seed: int) -> None:
        folder, names = new_folder(), [f"{i:03}.json" for i in range(len(files))]
        random.Random(seed).shuffle(names)
        records = []
        for path, name in zip(files, names, strict=True):
            place = folder / "in" / str(seed % 3) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        for path in sorted((folder / "in").rglob("*.json"), key=lambda p: p.name):
            record = json.loads(path.read_text(encoding="utf-8"))
            records.append(dict(reversed(record.items())))
        (folder / "all.json").write_text(json.dumps(records), encoding="utf-8")
        for source in (folder / "in", folder / "all.json"):
            assert lift_of("aselo", {"contacts": source}).data == expected.data

    law()


def test_semicolons_and_line_ends_change_no_byte(
    exports: dict[str, Sources],
    lift_of: Callable[..., Any],
    new_folder: Callable[[], Path],
    plain: Callable[[str], Any],
) -> None:
    expected, path = plain("primero"), exports["primero"]["cases"]
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    for name, delimiter, end in (("a", ";", "\n"), ("b", ",", "\r\n"), ("c", "\t", "\r\n")):
        file = new_folder() / f"{name}.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
        assert lift_of("primero", {"cases": file}).data == expected.data


KEYED = '; dpcf:recordKey "id" ; dpcf:recordVersion "v"'


def test_the_last_version_wins(outside: Any) -> None:
    rows = ["1,2024-01-02,new", "1,2024-01-01,old", "1,2023-12-31T23:59:59Z,older", "2,,only"]
    for order in (rows, rows[::-1]):
        made = outside.csv("\n".join(["id,v,a", *order]), "id a", source=KEYED)
        assert {o for _, p, o in made.pairs if p == "p1"} == {"new", "only"}
        assert (made.superseded, made.rejects) == (2, ())


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:01Z"),
        ("2024-05-01T10:00:00.100Z", "2024-05-01T10:00:00.900Z"),
        ("2024-05-01T12:00:00.100+02:00", "2024-05-01T10:00:00.900Z"),
        ("2024-05-01T23:00:00+02:00", "2024-05-01T22:00:00Z"),
        ("2024-05-01", "2024-05-01T00:00:01Z"),
        ("", "2024-05-01"),
    ],
)
def test_versions_are_moments_not_texts(outside: Any, first: str, later: str) -> None:
    for rows in ((f"1,{first},old", f"1,{later},new"), (f"1,{later},new", f"1,{first},old")):
        made = outside.csv("\n".join(["id,v,a", *rows]), "id a", source=KEYED)
        assert ("1", "p1", "new") in made.pairs
        assert len(made.pairs) == 2


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("2024-01-01", "2024-01-01"),
        ("", ""),
        ("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00"),
    ],
)
def test_one_version_with_two_contents_is_refused(outside: Any, one: str, two: str) -> None:
    made = outside.csv(f"id,v,a\n1,{one},x\n2,,q\n1,{two},y\n", "id a", source=KEYED)
    assert made.rejects == (("t.csv", 4, "id", "duplicate"),)


def test_an_exact_copy_is_no_fault(outside: Any) -> None:
    made = outside.csv("id,v,a\n1,2024,x\n1,2024,x\n", "id a", source=KEYED)
    assert (made.rejects, made.superseded, len(made.pairs)) == ((), 1, 2)


def test_a_refused_record_is_in_no_order_of_rows(
    exports: dict[str, Sources], lift_of: Callable[..., Any], new_folder: Callable[[], Path]
) -> None:
    """Two contents of one version: neither is written, whichever stands first."""
    path = mapping_dir("primero") / "sample.csv"
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    twin = list(rows[0])
    twin[header.index("sex")] = "male" if twin[header.index("sex")] != "male" else "female"
    made = []
    for order in ([*rows, twin], [twin, *rows]):
        folder = new_folder()
        with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *order])
        made.append(lift_of("primero", {"cases": folder / "cases.csv"}))
    assert [o.rejects[-1][3] for o in made] == ["duplicate", "duplicate"]
    assert made[0].data == made[1].data
    count = re.compile(rb"> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <[^>]*#Case> ")
    keys = {row[header.index("id")] for row in rows}
    assert len(count.findall(made[0].data)) == len(keys) - 1


def test_without_the_coalition_key_there_are_no_hashes(
    exports: dict[str, Sources], lift_of: Callable[..., Any], plain: Callable[[str], Any]
) -> None:
    own = plain("cybertipline")
    without = lift_of("cybertipline", exports["cybertipline"], coalition=False)
    for word in (b"#HashReference>", b"#Sighting>", b"#hasHash>", b"/coalition/hash/"):
        assert word in own.data
        assert word not in without.data
    rest = [line for line in own.data.splitlines() if not re.search(rb"[Hh]ash|[Ss]ighting", line)]
    kept = [line for line in without.data.splitlines() if b"UnmappedItem" not in line]
    assert {line for line in rest if b"/unmapped/" not in line} <= set(kept) | {
        line for line in rest if b"/unmapped/" in line
    }


def test_another_key_gives_other_names(exports: dict[str, Sources], tmp_path: Path) -> None:
    made = []
    for key in (b"1" * 32, b"2" * 32):
        request = LiftRequest("primero", exports["primero"], "example-org", "d", key, None)
        with open_lift(request) as lifted:
            lifted.write(tmp_path / "data.nq")
            made.append(
                set(re.findall(rb"/case/([0-9a-f]{64})>", (tmp_path / "data.nq").read_bytes()))
            )
    assert made[0]
    assert not made[0] & made[1]


def test_what_a_request_must_hold(exports: dict[str, Sources], tmp_path: Path) -> None:
    sources = exports["primero"]
    for request, word in (
        (LiftRequest("primero", sources, None, "d", b"k" * 32), "organisation"),
        (LiftRequest("primero", sources, "example-org", "d", None), "key"),
        (LiftRequest("primero", sources, "Not Valid", "d", b"k" * 32), "organisation"),
        (LiftRequest("primero", {}, "example-org", "d", b"k" * 32), "--source cases=PATH"),
        (LiftRequest("primero", {**sources, "x": tmp_path}, "a-b", "d", b"k" * 32), "named x"),
        (LiftRequest(str(tmp_path / "gone.ttl")), "no such mapping"),
        (LiftRequest("no-such", sources, "a-b", "d", b"k" * 32), "no mapping"),
    ):
        with pytest.raises(DpcError, match=word), open_lift(request):
            pytest.fail("the lift was opened")


def test_a_missing_source_names_the_file_and_the_triples_maps(tmp_path: Path) -> None:
    request = LiftRequest("primero", {"cases": tmp_path / "gone.csv"}, "a-b", "d", b"k" * 32)
    with pytest.raises(MappingError) as caught, open_lift(request):
        pytest.fail("the lift was opened")
    text = str(caught.value)
    assert "gone.csv" in text
    assert "Case" in text
    assert caught.value.exit_code == 2
