"""Paths into documents: the concrete place of every value, and nothing outside the subset."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dpc_kg.lift.paths import UnknownPath, json_steps
from dpc_kg.lift.walkers import JsonWalker, Walker, XmlWalker

DOCUMENT: dict[str, Any] = {
    "id": "17",
    "a": {"b": [{"k": "v", "t": "x"}, {"k": "w"}], "Online harm": ["one", "two"]},
    "none": None,
    "it's": {"a\\b": "q"},
    "yes": True,
    "empty": [],
}
XML = etree.fromstring(
    "<i n='7'><id>17</id><a><b>one</b><b>t<c>w</c>o</b><e/></a><x>  </x><!-- c --></i>"
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.id", [("id", "17")]),
        ("id", [("id", "17")]),
        ("$['id']", [("id", "17")]),
        ("$.a.b[*].k", [("a.b[0].k", "v"), ("a.b[1].k", "w")]),
        ("$.a.b[1].k", [("a.b[1].k", "w")]),
        ("$.a.b[9].k", []),
        ("$.a['Online harm'][0]", [("a['Online harm'][0]", "one")]),
        ("$.a.b[?(@.k == 'w')].k", [("a.b[1].k", "w")]),
        ("$.a.*[*]", [("a.b[0]", None), ("a.b[1]", None)]),
        ("$.a.b.k", []),
        ("$.no.such", []),
        ("$.empty[*]", []),
        (r"$['it\'s']['a\\b']", [(r"['it\'s']['a\\b']", "q")]),
        (r"""$["it's"].*""", [(r"['it\'s']['a\\b']", "q")]),
    ],
)
def test_json_paths(path: str, found: list[tuple[str, str | None]]) -> None:
    made = [
        (at, node if isinstance(node, str) else None)
        for at, _, node in JsonWalker().iterate(DOCUMENT, path, "")
    ]
    assert [f for f in made if f[0].count("Online") == path.count("Online")] == found


def _texts(walker: Walker, found: Any, reference: str) -> list[str | None]:
    return [text for text, _ in walker.values(found, reference)]


def test_the_key_of_a_member_is_known() -> None:
    found = list(JsonWalker().iterate(DOCUMENT, "$.a.*[*]", ""))
    assert [(at, key) for at, key, _ in found][2:] == [
        ("a['Online harm'][0]", "Online harm"),
        ("a['Online harm'][1]", "Online harm"),
    ]
    assert _texts(JsonWalker(), found[2], "~") == ["Online harm"]
    assert _texts(JsonWalker(), found[2], "$") == ["one"]


@pytest.mark.parametrize(
    ("reference", "texts"),
    [
        ("$.id", ["17"]),
        ("$.none", [None]),
        ("$.no", [None]),
        ("$.yes", ["true"]),
        ("$.a.b[*].k", ["v", "w"]),
        ("$.empty", ["[]"]),
    ],
)
def test_json_texts(reference: str, texts: list[str | None]) -> None:
    assert _texts(JsonWalker(), ("", "", DOCUMENT), reference) == texts


@pytest.mark.parametrize(
    "path",
    ["$.a[1:2]", "$.a[?(@.b > 3)]", "$.a[", "$.a[-1]", "$a b]", "$.a[?(1)]", "$.'a'"],
)
def test_json_paths_outside_the_subset(path: str) -> None:
    with pytest.raises(UnknownPath):
        json_steps(path)


@pytest.mark.parametrize(
    ("at", "reference", "column"),
    [
        ("", "$.rawJson.callType", "rawJson.callType"),
        ("referrals[0]", "$.referredAt", "referrals[0].referredAt"),
        ("referrals[0]", "$", "referrals[0]"),
        ("", "$.csamReports[0].acknowledged", "csamReports[0].acknowledged"),
        ("", "$['Online harm']", "['Online harm']"),
    ],
)
def test_json_columns(at: str, reference: str, column: str) -> None:
    assert JsonWalker().column(at, reference) == column


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("a/b", ["a/b[1]", "a/b[2]"]),
        ("a/b[2]", ["a/b[2]"]),
        ("id", ["id"]),
        ("a/*", ["a/b[1]", "a/b[2]", "a/e"]),
        ("no", []),
        (".//c", ["a/b[2]/c"]),
    ],
)
def test_xml_places_have_an_index_where_names_repeat(path: str, places: list[str]) -> None:
    assert [at for at, _, _ in XmlWalker().iterate(XML, path, "")] == places


@pytest.mark.parametrize(
    ("reference", "texts"),
    [
        ("id", ["17"]),
        ("@n", ["7"]),
        ("a/b", ["one", "two"]),
        ("a/e", [""]),
        ("no", [None]),
        ("@no", [None]),
        ("a/b/text()", ["one", "t", "o"]),
        ("~", ["i"]),
    ],
)
def test_xml_texts(reference: str, texts: list[str | None]) -> None:
    assert _texts(XmlWalker(), ("", "i", XML), reference) == texts


def test_leaves_are_general_paths_with_whether_they_hold_text() -> None:
    json_leaves = sorted(JsonWalker().leaves(DOCUMENT))
    assert ("a.b[*].k", True) in json_leaves
    assert ("a['Online harm'][*]", True) in json_leaves
    assert ("none", False) in json_leaves
    xml_leaves = dict(XmlWalker().leaves(XML))
    assert (xml_leaves["@n"], xml_leaves["x"], xml_leaves["a/e"]) == (True, False, False)


KEYS = st.text(st.sampled_from("ab_ é."), min_size=1, max_size=4)
VALUES = st.recursive(
    st.sampled_from(["x", "y", None, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
@settings(derandomize=True, deadline=None, max_examples=80)
def test_a_concrete_path_leads_back_to_its_value(document: dict[str, Any]) -> None:
    walker = JsonWalker()
    for path in ("$.*", "$.*.*", "$.*[*]", "$.*.*[*]"):
        for at, _, node in walker.iterate(document, path, ""):
            again = list(walker.iterate(document, f"${at}" if at[0] == "[" else f"$.{at}", ""))
            assert again[0][2] is node
            assert again[0][0] == at
