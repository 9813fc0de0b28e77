"""IRIs and pseudonyms: a key scope each, and nothing of the text in the name."""

import hashlib
import hmac
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base import identifiers as ids
from dpc_kg.base.errors import DpcError

KEY = b"k" * 32


@given(st.binary(min_size=1, max_size=200), st.text(max_size=200))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_a_pseudonym_is_the_hmac(key: bytes, text: str) -> None:
    assert ids.pseudonym(key, text) == hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def test_an_entity_is_named_by_organisation_kind_and_keys() -> None:
    name = hmac.new(KEY, b"example-org\x1fcase\x1f17\x1fa", hashlib.sha256).hexdigest()
    made = ids.entity_iri("example-org", "case", KEY, "17", "a")
    assert made == f"https://w3id.org/dpc/id/example-org/case/{name}"


def test_key_parts_do_not_run_into_one_another() -> None:
    parts = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", "")]
    assert len({ids.entity_iri("example-org", "x", KEY, *p) for p in parts}) == len(parts)


def test_a_media_hash_is_one_for_both_letter_cases_and_apart_by_algorithm() -> None:
    upper, lower = "AB" * 16, "ab" * 16
    assert ids.hash_iri(KEY, "md5", upper) == ids.hash_iri(KEY, "md5", lower)
    assert ids.hash_iri(KEY, "md5", lower) != ids.hash_iri(KEY, "sha1", lower)
    assert ids.hash_iri(KEY, "md5", lower) != ids.hash_iri(b"j" * 32, "md5", lower)
    assert lower not in ids.hash_iri(KEY, "md5", lower)


@pytest.mark.parametrize(
    ("org", "valid"),
    [
        ("example-helpline", True),
        ("ab", True),
        ("1a", True),
        ("a" * 63, True),
        ("a", False),
        ("a" * 64, False),
        ("-ab", False),
        ("Example", False),
        ("a_b", False),
        ("a/b", False),
        ("a b", False),
        ("ab\n", False),
        ("é-org", False),
        ("", False),
    ],
)
def test_names_of_organisations(org: str, valid: bool) -> None:
    assert ids.valid_org(org) is valid
    if not valid:
        with pytest.raises(DpcError, match="lower-case letters"):
            ids.check_org(org)
    else:
        assert ids.check_org(org) == org


def test_iris_of_organisation_and_graph() -> None:
    assert ids.org_iri("ab") == "https://w3id.org/dpc/id/ab/organization/ab"
    assert ids.graph_iri("ab", "pending") == "https://w3id.org/dpc/graph/ab/pending"


@given(st.text(max_size=64), st.text(max_size=30))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_a_submission_has_a_valid_name_of_26_letters(digest: str, extracted: str) -> None:
    name = ids.submission_id(digest, extracted)
    assert len(name) == 26
    assert ids.valid_submission(name)
    assert name == ids.submission_id(digest, extracted)


def test_a_submission_depends_on_both_parts() -> None:
    names = {ids.submission_id(d, e) for d in ("a", "b") for e in ("2024", "2025")}
    assert len(names) == 4


@pytest.mark.parametrize(
    "text",
    ["", "00" * 31, "00" * 33, "zz" * 32, "0" * 63],
    ids=["empty", "short", "long", "no hex", "odd"],
)
def test_a_bad_key_file_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "partner.key"
    path.write_text(text, encoding="ascii")
    with pytest.raises(DpcError) as caught:
        ids.read_key(path)
    assert "64 hexadecimal digits" in str(caught.value)
    assert not text or text not in str(caught.value)


def test_key_files(tmp_path: Path) -> None:
    path = tmp_path / "partner.key"
    path.write_text("6b" * 32 + "\r\n", encoding="ascii")
    assert ids.read_key(path) == KEY
    with pytest.raises(DpcError, match="dpc-kg key new"):
        ids.read_key(tmp_path / "gone.key")
    (tmp_path / "bytes.key").write_bytes(bytes(range(128, 192)))
    with pytest.raises(DpcError, match="not a key file"):
        ids.read_key(tmp_path / "bytes.key")
