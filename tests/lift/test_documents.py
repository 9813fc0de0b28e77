"""JSON and XML files: read record by record, refused where cut, malformed or dangerous."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.lift.jsonstream import json_records

ONE = {("1", "p0", "1"), ("1", "p1", "x")}
XML = "<r><i><id>1</id><a>x</a></i></r>"
COMMENT = f"<!--{'x' * 100_000}-->"
LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "canary">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"id": 1, "a": "x"}]', id="an array"),
        pytest.param('{"id": "1", "a": "x"}', id="one record"),
        pytest.param(' \r\n\t[ {"a":"x","id":1} ]\n', id="white space"),
        pytest.param('\ufeff[{"id": 1, "a": "x", "b": null}]', id="a byte order mark"),
        pytest.param('[{"id": 1, "a": "\\u0078"}]', id="an escape"),
    ],
)
def test_ways_to_write_one_json_record(outside: Any, text: str) -> None:
    assert outside.json(text).texts == ONE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.50", "1.50"),
        ("1e3", "1e3"),
        ("9" * 30, "9" * 30),
        ("true", "true"),
        ('"a\\"b\\\\c\\nd"', 'a\\"b\\\\c\\nd'),
        ('"😀 طفل"', "😀 طفل"),
    ],
)
def test_json_values_stay_as_written(outside: Any, value: str, text: str) -> None:
    assert ("1", "p1", text) in outside.json(f'{{"id":1,"a":{value}}}').texts


def test_null_and_absent_are_no_value(outside: Any) -> None:
    made = outside.json('[{"id":1,"a":null},{"id":2}]')
    assert made.texts == {("1", "p0", "1"), ("2", "p0", "2")}


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        pytest.param(b"", "empty-file", None, id="no byte"),
        pytest.param(b" \n", "empty-file", None, id="white space"),
        pytest.param('{"id":1}'.encode("utf-16"), "encoding", 1, id="UTF-16"),
        pytest.param('{"id":1}'.encode("utf-16-le"), "encoding", 1, id="UTF-16, no mark"),
        pytest.param('{"id":1,\n"a":"é"}'.encode("cp1252"), "encoding", 2, id="CP1252"),
        pytest.param(b'{"id":1,"a":"\\ud800"}', "encoding", 1, id="half a letter"),
        pytest.param(b'[{"id":1,"a":"x"},\n{"id":2,"a":"y', "truncated", 2, id="cut in a text"),
        pytest.param(b'[{"id":1,"a":"x"},\n{"id":2,', "truncated", 2, id="cut in a record"),
        pytest.param(b'[{"id":1,"a":"x"},\n', "truncated", None, id="cut between records"),
        pytest.param(b'[{"id":1,"a":"x"}', "truncated", 1, id="cut before the end"),
        pytest.param(b'{"id":1,"a":tru', "truncated", 1, id="cut in a word"),
        pytest.param(b'{"id":1,\n"a":}', "syntax", 2, id="no value"),
        pytest.param(b"{'id':1}", "syntax", 1, id="single quotes"),
        pytest.param(b'[{"id":1,"a":"x"},]', "syntax", 1, id="a comma too many"),
        pytest.param(b'{"id":1}{"id":2}', "syntax", None, id="two documents"),
        pytest.param(b'[{"id":1}]\n[{"id":2}]\n', "syntax", None, id="two arrays"),
        pytest.param(b'[{"id":1}] and more', "syntax", 1, id="text after the end"),
        pytest.param(b'{"id":1,"a":' + b"[" * 100_000, "syntax", None, id="nested without end"),
        pytest.param(
            b'{"id":' + b"[" * 990 + b"]" * 990 + b"}", "syntax", None, id="nested deeply"
        ),
    ],
)
def test_json_that_cannot_be_used(outside: Any, data: bytes, rule: str, line: int | None) -> None:
    with pytest.raises(SourceError) as caught:
        outside.json(data, source='; dpcf:recordKey "$.id"')
    assert (caught.value.rule, caught.value.file) == (rule, "t.json")
    assert line is None or caught.value.line == line
    assert caught.value.advice


@given(st.data())
@settings(derandomize=True, deadline=None, max_examples=25)
def test_a_cut_json_file_is_never_read_as_whole(outside: Any, data: st.DataObject) -> None:
    records = [{"id": i, "a": 'x"y\\', "b": {"c": [1, None, True]}} for i in range(3)]
    whole = json.dumps(records, indent=1)
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    with pytest.raises(SourceError) as caught:
        outside.json(cut)
    assert caught.value.rule == "truncated"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<?xml version="1.0" encoding="UTF-8"?>\n' + XML, id="with a declaration"),
        pytest.param(XML.replace("x", "<![CDATA[x]]>"), id="CDATA"),
        pytest.param(XML.replace("x", "&#120;"), id="a character reference"),
        pytest.param(f"<!-- <r> -->{XML}<!-- end -->", id="comments around"),
        pytest.param(XML.replace("x", "<!-- note -->x<?p note?>"), id="comments inside"),
        pytest.param("\ufeff" + XML, id="a byte order mark"),
        pytest.param(XML.replace("</r>", "<j><id>2</id></j></r>"), id="other elements"),
        pytest.param(COMMENT + XML, id="a long comment"),
    ],
)
def test_ways_to_write_one_xml_record(outside: Any, text: str) -> None:
    assert outside.xml(text).texts == ONE


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_xml_in_the_encoding_it_names(outside: Any, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{XML}'.replace("x</a>", "é</a>")
    assert ("1", "p1", "é") in outside.xml(text.encode(encoding)).texts


def test_the_word_doctype_in_a_text_is_no_doctype(outside: Any) -> None:
    made = outside.xml(XML.replace("x<", "<![CDATA[<!DOCTYPE html>]]><"))
    assert ("1", "p1", "<!DOCTYPE html>") in made.texts


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"<!DOCTYPE r>{XML}", id="plain"),
        pytest.param(f'<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE r>{XML}', id="after a comment"),
        pytest.param(f'{COMMENT}<!DOCTYPE r [<!ENTITY e "x">]>{XML}', id="after a long comment"),
        pytest.param(LAUGHS + XML.replace("x<", "&i;<"), id="a billion laughs"),
        pytest.param(COMMENT + LAUGHS + XML.replace("x<", "&i;<"), id="laughs after a comment"),
        pytest.param(
            f'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>{XML.replace("x<", "&e;<")}',
            id="a file of the machine",
        ),
        pytest.param(f'<!DOCTYPE r SYSTEM "http://example.org/r.dtd">{XML}', id="from the network"),
    ],
)
def test_a_document_type_is_refused(outside: Any, text: str) -> None:
    for data in (text.encode(), text.encode("utf-16")):
        with pytest.raises(SourceError) as caught:
            outside.xml(data)
        assert (caught.value.rule, caught.value.file) == ("doctype", "t.xml")
        assert "Remove the DOCTYPE" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        pytest.param(b"", "empty-file", None, id="no byte"),
        pytest.param(b" \n", "empty-file", None, id="white space"),
        pytest.param(b"<q/>", "empty-file", None, id="another root"),
        pytest.param(
            b'<r xmlns="urn:x"><i><id>1</id></i></r>', "empty-file", None, id="other names"
        ),
        pytest.param(
            XML.replace("<i>", "\n<i>").replace("x", "é").encode("cp1252"),
            "encoding",
            2,
            id="CP1252",
        ),
        pytest.param(b"<r>\n<i><id>1</id>", "truncated", 2, id="cut in a record"),
        pytest.param(b"<r>\n<i><id>1</id></i>\n", "truncated", None, id="cut after a record"),
        pytest.param(b"<r>\n<i><id>1</i", "truncated", 2, id="cut in a tag"),
        pytest.param(b"<r>\n<i><id>1</id></a></i>\n\n</r>", "syntax", 2, id="a tag never opened"),
        pytest.param(b"<r>\n<i><id>1 & 2</id></i>\n\n</r>", "syntax", 2, id="a bare ampersand"),
        pytest.param(b"id,a\n1,x\n", "syntax", 1, id="a table"),
        pytest.param(XML.encode() + b"\n<r/>\n\n", "syntax", 2, id="two documents"),
        pytest.param(b"<r><i><id>1</id><a>&e;</a></i>\n\n</r>", "syntax", 1, id="unknown entity"),
        pytest.param(
            b"<r>" + b"<i>" * 5000 + b"</i>" * 5000 + b"\n\n</r>",
            "syntax",
            None,
            id="nested deeply",
        ),
    ],
)
def test_xml_that_cannot_be_used(outside: Any, data: bytes, rule: str, line: int | None) -> None:
    with pytest.raises(SourceError) as caught:
        outside.xml(data)
    assert (caught.value.rule, caught.value.file) == (rule, "t.xml")
    assert line is None or caught.value.line == line
    assert caught.value.advice


@given(st.data())
@settings(derandomize=True, deadline=None, max_examples=25)
def test_a_cut_xml_file_is_never_read_as_whole(outside: Any, data: st.DataObject) -> None:
    record = '<i k="v">\n <id>1</id>\n <a>x &amp; y<!-- c --></a>\n</i>\n'
    whole = f"<r>\n{record * 3}</r>"
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    with pytest.raises(SourceError) as caught:
        outside.xml(cut)
    assert caught.value.rule == "truncated"


def test_records_are_numbered_from_one(outside: Any) -> None:
    key = '; dpcf:recordKey "{}"'
    made = outside.json('[{"id":1},{"a":"x"},{"id":3},{"id":" "}]', source=key.format("$.id"))
    assert made.rejects == (("t.json", 2, "id", "missing-key"), ("t.json", 4, "id", "missing-key"))
    body = "<r><i><id>1</id></i><i><a>x</a></i><i><id> </id></i></r>"
    made = outside.xml(body, source=key.format("id"))
    assert made.rejects == (("t.xml", 2, "id", "missing-key"), ("t.xml", 3, "id", "missing-key"))


@pytest.mark.parametrize("text", ["[1, null, []]", "5", '"x"', "{}"])
def test_json_without_objects_has_no_keys(outside: Any, text: str) -> None:
    made = outside.json(text, source='; dpcf:recordKey "$.id"')
    assert made.data == b""
    assert {rule for *_, rule in made.rejects} == {"missing-key"}


def test_a_folder_is_read_file_by_file(outside: Any, tmp_path: Path) -> None:
    (tmp_path / "2024" / "05").mkdir(parents=True)
    (tmp_path / "2024" / "05" / "b.json").write_text('{"id":2,"a":"y"}', encoding="utf-8")
    (tmp_path / "a.json").write_text('{"id":1,"a":"x"}', encoding="utf-8")
    (tmp_path / "planted.json").write_text('{"id":9}', encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no record", encoding="utf-8")
    made = folder_of(outside, tmp_path)
    assert made.texts == ONE | {("2", "p0", "2"), ("2", "p1", "y")}
    (tmp_path / "2024" / "c.json").write_text('{"id":3,', encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        folder_of(outside, tmp_path)
    assert caught.value.file == "2024/c.json"


def folder_of(outside: Any, folder: Path) -> Any:
    document = folder.parent / "mapping.ttl"
    text = outside.mapping("t.json", "$.id $.a", iterator="$")
    document.write_text(text.replace("t.json", folder.name), encoding="utf-8")
    import dpc_kg.lift as lift

    with lift.open_lift(lift.LiftRequest(str(document))) as lifted:
        out = folder.parent / "out.nq"
        lifted.write(out)
        return type("Made", (), {"texts": pairs(out)})


def pairs(out: Path) -> set[tuple[str, str, str]]:
    lines = out.read_text(encoding="utf-8").replace("http://example.org/", "").splitlines()
    split = (line.removesuffix(" .").split(" ", 2) for line in lines)
    return {(s.strip("<>"), p.strip("<>"), o.partition('"^^')[0].strip('"')) for s, p, o in split}


def test_a_folder_without_files_says_what_it_looks_for(outside: Any, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(SourceError, match=r"\.json") as caught:
        folder_of(outside, tmp_path / "in")
    assert caught.value.rule == "empty-file"


@pytest.mark.parametrize(
    ("fields", "iterator"),
    [("$.id $.a[", "$"), ("$.id $.a[1:2]", "$"), ("$.id $.a[?(@.x>3)]", "$"), ("$.id", "$.a[x")],
)
def test_a_json_path_outside_the_subset_is_refused(
    outside: Any, fields: str, iterator: str
) -> None:
    with pytest.raises(MappingError) as caught:
        outside.json('{"id":1,"a":"x"}', fields, iterator=iterator)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("fields", "iterator"),
    [("id a[", "/r/i"), ("id count(a)", "/r/i"), ("id f(a)", "/r/i"), ("id", "/r/i["), ("id", "")],
)
def test_an_xpath_outside_the_subset_is_refused(outside: Any, fields: str, iterator: str) -> None:
    with pytest.raises(MappingError) as caught:
        outside.xml(XML, fields, iterator=iterator)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("data", "line"), [(b"[1,\n2\xff", 2), (b"\xff", 1), (b"[\n\n\n\xe9\n", 4), (b"[1,\n\0]", 2)]
)
def test_the_line_of_a_wrong_byte(data: bytes, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        list(json_records(BytesIO(data), "$", "t.json"))
    assert (caught.value.rule, caught.value.line) == ("encoding", line)


def test_lines_are_counted_for_errors_only(outside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting them for every record made long arrays quadratic."""

    def counted(window: object, at: int | None = None) -> int:
        raise AssertionError(at)

    monkeypatch.setattr("dpc_kg.lift.jsonstream._Window.line", counted)
    assert outside.json(b'[{"id": 1, "a": "x"},\n {"id": 2, "a": "y"}]').rows == 2


RECORDS = st.lists(
    st.dictionaries(
        st.text(max_size=4),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers(), max_size=3),
        max_size=4,
    ),
    max_size=20,
)


@given(records=RECORDS, indent=st.sampled_from([None, 1]), chunk=st.integers(1, 40))
def test_records_are_the_same_for_any_window(
    records: list[dict[str, Any]], indent: int | None, chunk: int
) -> None:
    document = {"head": [1, {"data": []}], "data": records, "tail": "x"}
    text = json.dumps(document, indent=indent, ensure_ascii=False).encode(errors="surrogatepass")
    with patch("dpc_kg.lift.jsonstream._CHUNK", chunk):
        found = list(json_records(BytesIO(text), "$.data[*]", "t.json"))
    assert json.loads(json.dumps(found)) == json.loads(json.dumps(records), parse_int=str)


@pytest.mark.parametrize("text", ['{"a": 1}\n{"a": 2}\n', '[{"a": 1}, {"a": 2}]'])
def test_one_record_a_line_is_read_like_an_array(text: str) -> None:
    assert list(json_records(BytesIO(text.encode()), "$", "t.json")) == [{"a": "1"}, {"a": "2"}]


def test_a_list_without_a_record_is_an_empty_export(outside: Any) -> None:
    assert outside.json("[]").data == b""
    assert outside.json('{"data": []}', iterator="$.data[*]").data == b""
    assert outside.xml("<r></r>").data == b""
    with pytest.raises(SourceError) as caught:
        outside.json('{"date": []}', iterator="$.data[*]")
    assert caught.value.rule == "empty-file"
