from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.errors import PackageError
from dpc_kg.base.vocab import DPC, EXT, GRAPH, ID, RDF_TYPE
from dpc_kg.exchange.package import build, check_data, read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Maker

PENDING = f"{GRAPH}example-helpline/pending"
MINE = f"{ID}example-helpline/contact/{'0' * 64}"
TYPED = f"<{MINE}> <{RDF_TYPE}> <{DPC}HelplineContact> <{PENDING}> .\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"_:b <{RDF_TYPE}> <{DPC}Case> <{PENDING}> .\n", "blank node"),
        (f"<{MINE}> <{DPC}hasStatus> _:b <{PENDING}> .\n", "blank node"),
        (f"<{MINE}> <{RDF_TYPE}> <{DPC}Case> .\n", "outside any graph"),
        (f'<{MINE}> <{DPC}dataset> "_:b" .\n', "outside any graph"),
        (f"<{MINE}> <{DPC}hasStatus> <{DPC}x> <{GRAPH}other/pending> .\n", "another graph"),
        (f"<{MINE}> <{DPC}hasStatus> <{DPC}x> <{PENDING}2> .\n", "another graph"),
        (f"<{ID}other/case/1> <{RDF_TYPE}> <{DPC}Case> <{PENDING}> .\n", "not a record of"),
        (f"<{EXT}iso3166-2/XS-01> <{RDF_TYPE}> <{DPC}Case> <{PENDING}> .\n", "no area is meant"),
        (f"<{EXT}iso3166-2/a/b> <{RDF_TYPE}> <{DPC}Case> <{PENDING}> .\n", "not a record of"),
        (f"<{PENDING}> <{DPC}sequence> <{DPC}x> <{PENDING}> .\n", "submission itself"),
        (f"<{MINE}> <{DPC}isReferralOf> <{PENDING}> <{PENDING}> .\n", "inside a quad"),
        (f"<{MINE}2> <{DPC}hasStatus> <{DPC}x> <{PENDING}> .\n", "no class"),
        (f"<{MINE}> <{RDF_TYPE}> <https://example.org/C> <{PENDING}> .\n", "not one of the model"),
        (f"<{MINE}> <{DPC}x> <javascript:alert> <{PENDING}> .\n", "plain form"),
        (f"<{MINE}> <{DPC}x> <file:///etc/passwd> <{PENDING}> .\n", "plain form"),
        (f"<{MINE}> <{DPC}x> <https://a@b.org/> <{PENDING}> .\n", "plain form"),
        (f"<{MINE}> <{DPC}x> <https://b.org/\\u0041> <{PENDING}> .\n", "plain form"),
        (f"<{MINE}> <{DPC}x> <https://b.org/%0A> <{PENDING}> .\n", "invisible"),
        (f"<{MINE}> <{DPC}x> <https://b.org/\u202e> <{PENDING}> .\n", "invisible"),
        (f"<{MINE}> <{DPC}x> <https://b.org/e\u0301> <{PENDING}> .\n", "NFC"),
        (f'<{MINE}> <{DPC}x> "a" <{PENDING}>  .\n', "plain form"),
        (f'<{MINE}> <{DPC}x> "a\\x" <{PENDING}> .\n', "plain form"),
        (f"<{MINE}> <{DPC}x> << <{MINE}> <{MINE}> <{MINE}> >> <{PENDING}> .\n", "plain form"),
        (f'<{MINE}> <{DPC}x> "a" <{PENDING}> .\r\n', "CR LF"),
        (f'<{MINE}> <{DPC}x> "a" <{PENDING}> .', "no line feed"),
        (f'<{MINE}> <{DPC}x> "{"a" * 200_000}" <{PENDING}> .\n', "too long"),
        ("# a comment\n", "plain form"),
        ("\n", "plain form"),
    ],
)
def test_lines_that_may_not_travel(maker: Maker, tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "bad.nq"
    path.write_bytes((TYPED + line).encode())
    with pytest.raises(PackageError, match=problem) as refused:
        build(maker.request(), path, {}, maker.key)
    assert refused.value.line == 2
    assert "Jane" not in str(refused.value)


def test_a_line_that_is_not_utf8_is_refused(maker: Maker, tmp_path: Path) -> None:
    path = tmp_path / "bad.nq"
    path.write_bytes(
        (TYPED + f'<{MINE}> <{DPC}x> "?" <{PENDING}> .\n').encode("utf-8").replace(b"?", b"\xe9")
    )
    with pytest.raises(PackageError, match="UTF-8"):
        build(maker.request(), path, {}, maker.key)


def test_shared_subjects_may_travel(maker: Maker, tmp_path: Path) -> None:
    path = tmp_path / "good.nq"
    lines = [
        TYPED,
        f'<{MINE}> <{DPC}rawNotation> "a \\"b\\" \u00e9"@fr <{PENDING}> .\n',
        f"<{ID}coalition/hash/{'a' * 64}> <{RDF_TYPE}> <{DPC}HashReference> <{PENDING}> .\n",
        f"<{ID}ncmec/organization/ncmec> <{RDF_TYPE}> <{DPC}Organization> <{PENDING}> .\n",
        f"<{EXT}iso3166-2/XS-01> <{RDF_TYPE}> <{DPC}AdministrativeArea> <{PENDING}> .\n",
    ]
    path.write_bytes("".join(lines).encode())
    package = read(build(maker.request(), path, {"withheld": [{}, {}]}, maker.key))
    assert check_data(package).classes["HashReference"] == 1
    assert check_data(package).classes["AdministrativeArea"] == 1
    assert package.manifest["counts"]["withheld"] == 2
