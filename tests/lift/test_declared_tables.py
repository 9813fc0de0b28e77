"""CSV files of a declared form: dialect, encoding, texts for no value, and packed in many ways."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.lift.plan import Source
from dpc_kg.lift.sources.copies import read_bytes

PLAIN = "id,a,b\n1,x,y\n2,é,\n"
ROWS = [(2, "1", "x", "y"), (3, "2", "é", None)]
CSVW = "http://www.w3.org/ns/csvw#"


@pytest.mark.parametrize(
    ("text", "options", "rows"),
    [
        pytest.param("id;a;b\n1;x,y;z\n", {"delimiter": ";"}, [(2, "1", "x,y", "z")], id=";"),
        pytest.param("id~a~b\n1~x~z\n", {"delimiter": "~"}, [(2, "1", "x", "z")], id="odd mark"),
        pytest.param("id,a,b\n1,'x,y',z\n", {"quoteChar": "'"}, [(2, "1", "x,y", "z")], id="quote"),
        pytest.param('id,a,b\n1,"x,z\n', {"quoteChar": ""}, [(2, "1", '"x', "z")], id="no quote"),
        pytest.param(
            'id,a,b\n1,"x\\"y",z\n', {"doubleQuote": "false"}, [(2, "1", 'x"y', "z")], id="escape"
        ),
        pytest.param(
            'Title "of it\n\nid,a,b\n1,x,y\n', {"skipRows": "2"}, [(4, "1", "x", "y")], id="skip"
        ),
        pytest.param(
            '# "a\nid,a,b\n1,x,y\n# b\n2,"x\n# c",y\n',
            {"commentPrefix": "#"},
            [(3, "1", "x", "y"), (5, "2", "x\n# c", "y")],
            id="comments",
        ),
        pytest.param("id,a,b\n#1,x,y\n", {}, [(2, "#1", "x", "y")], id="no comment undeclared"),
        pytest.param("id,a,b\n1, x , y\n", {"trim": "true"}, [(2, "1", "x", "y")], id="trimmed"),
        pytest.param(
            'id,a,b\n1, "x",y\n', {"skipInitialSpace": "true"}, [(2, "1", "x", "y")], id="space"
        ),
    ],
)
def test_a_declared_dialect(
    read_table: Callable[..., Any], tmp_path: Path, text: str, options: dict[str, str], rows: Any
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8", newline="")
    declared = tuple((CSVW + name, value) for name, value in options.items())
    assert read_table(path, options=declared).rows == rows


def test_without_a_header_columns_have_numbers(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("1,x\n2,y\n", encoding="utf-8")
    for name, value in (("header", "false"), ("headerRowCount", "0")):
        found = read_table(path, "_col.1 _col.2", options=((name, value),))
        assert found.rows == [(1, "1", "x"), (2, "2", "y")]


@pytest.mark.parametrize(
    "option",
    [("delimiter", ";;"), ("header", "maybe"), ("skipColumns", "1"), ("headerRowCount", "2")],
)
def test_a_dialect_that_is_not_supported(
    read_table: Callable[..., Any], tmp_path: Path, option: tuple[str, str]
) -> None:
    (tmp_path / "t.csv").write_text(PLAIN, encoding="utf-8")
    with pytest.raises(MappingError):
        read_table(tmp_path / "t.csv", options=(option,))


@pytest.mark.parametrize(
    ("nulls", "cells"),
    [
        (None, ("NULL", None)),
        ((), ("NULL", "")),
        (("",), ("NULL", None)),
        (("", "NULL"), (None, None)),
        (("NULL",), (None, "")),
    ],
)
@pytest.mark.parametrize("end", ["", "\n"], ids=["fast", "slow"])
def test_texts_that_stand_for_no_value(
    read_table: Callable[..., Any], tmp_path: Path, nulls: Any, cells: Any, end: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f'id,a,b\n1,NULL,\n2,"NULL",""\n{end}', encoding="utf-8")
    made = read_table(path, nulls=nulls, key="id")
    assert made.rows == [(2, "1", *cells), (3, "2", *cells)]


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("http://w3id.org/rml/UTF-16", "utf-16"),
        ("UTF-16LE", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("latin-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("http://w3id.org/rml/UTF-8", "utf-8-sig"),
    ],
)
def test_a_declared_encoding(
    read_table: Callable[..., Any], tmp_path: Path, declared: str, codec: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(PLAIN.encode(codec))
    assert read_table(path, encoding=declared).rows == ROWS


def test_an_encoding_is_never_guessed(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(PLAIN.encode("latin-1"))
    with pytest.raises(SourceError) as caught:
        read_table(path)
    assert (caught.value.rule, caught.value.line) == ("encoding", 3)
    with pytest.raises(MappingError):
        read_table(path, encoding="EBCDIC-7")
    path.write_bytes(PLAIN.encode("utf-16")[:-1])
    with pytest.raises(SourceError):
        read_table(path, encoding="UTF-16")


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(mode: str, *members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


DATA = PLAIN.encode()
PACKED = {
    "t.csv.gz": gzip.compress(DATA),
    "two.csv.gz": gzip.compress(DATA[:9]) + gzip.compress(DATA[9:]),
    "t.csv.bz2": bz2.compress(DATA),
    "t.csv.xz": lzma.compress(DATA),
    "two.csv.xz": lzma.compress(DATA[:9]) + lzma.compress(DATA[9:]),
    "t.csv.zip": zipped(("t.csv", DATA), ("__MACOSX/._t.csv", b"x")),
    "t.csv.tar.gz": tarred("w:gz", ("t.csv", DATA)),
    "t.tgz": tarred("w:gz", ("./t.csv", DATA)),
    "t.csv.tar.xz": tarred("w:xz", ("t.csv", DATA)),
}
DECLARED = {".zip": "zip", ".tar.gz": "targzip", ".tgz": "targz", ".tar.xz": "tarxz", ".gz": "gzip"}


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_table(read_table: Callable[..., Any], tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKED[name])
    made = read_table(path)
    assert (made.rows, made.loaded.files) == (ROWS, [name])
    declared = next((d for end, d in DECLARED.items() if name.endswith(end)), None)
    if declared is not None:
        again = read_table(path, compression=f"http://w3id.org/rml/{declared}")
        assert again.rows == ROWS
        assert again.loaded.digests == made.loaded.digests


@pytest.mark.parametrize("name", [*PACKED, "plain"])
def test_the_bytes_of_a_packed_document(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKED.get(name, DATA))
    assert read_bytes(Source("t", name, "JSONPath"), path) == DATA


def test_a_document_in_another_encoding_says_so_no_more(tmp_path: Path) -> None:
    path = tmp_path / "t.xml.gz"
    text = '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'
    path.write_bytes(gzip.compress(text.encode("utf-16")))
    made = read_bytes(Source("t", "t.xml", "XPath", encoding="UTF-16"), path)
    assert made.decode() == '<?xml version="1.0"?><a>é</a>'


def test_the_member_that_the_mapping_names(read_table: Callable[..., Any], tmp_path: Path) -> None:
    members = (("a/t.csv", DATA), ("a/u.csv", b"id\n7\n"))
    for name, data in (("t.zip", zipped(*members)), ("t.tar.gz", tarred("w:gz", *members))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceError, match="2 files"):
            read_table(tmp_path / name)
        chosen = read_table(tmp_path / name, "id", options=(("member", "a/u.csv"),))
        assert chosen.rows == [(2, "7")]
        with pytest.raises(SourceError, match="not in the archive"):
            read_table(tmp_path / name, options=(("member", "a/v.csv"),))


def test_a_declared_packing_must_be_the_true_one(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(DATA)
    assert read_table(path, compression="rml:none").rows == ROWS
    for declared in ("gzip", "zip", "brotli"):
        with pytest.raises(SourceError):
            read_table(path, compression=declared)


def test_a_header_alone_is_no_row_only_where_that_is_allowed(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,a,b\n", encoding="utf-8")
    with pytest.raises(SourceError):
        read_table(path)
    assert read_table(path, empty=True).rows == []
    assert read_table(path, optional=True).rows == []
    path.write_text("id,a,b\n\n", encoding="utf-8")
    assert read_table(path, empty=True).rows == []
