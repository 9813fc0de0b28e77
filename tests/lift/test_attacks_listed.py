"""Every attack that concerns files has a test that is there (``attacks.toml``)."""

import ast
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
LISTED = tomllib.loads((HERE / "attacks.toml").read_text(encoding="utf-8"))
OF_FILES = {16, 19, 20, *range(33, 36), *range(37, 45), 46, 47, 50, 51, 52, 58, 59}
"""The numbers of the published list that concern what a file or package holds.

The others concern queries, the endpoint's protocol, tokens and the release of figures; 36 the names
of the endpoint's downloads, 56 its requests.
"""


def test_every_attack_that_concerns_files_is_listed() -> None:
    assert {int(number) for number in LISTED} == OF_FILES


def test_each_attack_has_a_test_that_is_there() -> None:
    found: dict[str, set[str]] = {}
    missing = []
    for number, attack in LISTED.items():
        assert attack["tests"], number
        for named in attack["tests"]:
            file, _, name = named.partition("::")
            if file not in found:
                tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
                found[file] = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
            if not name.startswith("test_") or name not in found[file]:
                missing.append((number, named))
    assert missing == []


def test_each_test_of_an_attack_is_listed() -> None:
    listed = {named for attack in LISTED.values() for named in attack["tests"]}
    for path in sorted(HERE.glob("test_attacks_rdf.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [n.name for n in tree.body if isinstance(n, ast.FunctionDef)]
        own = {f"tests/lift/{path.name}::{n}" for n in names if n.startswith("test_")}
        # its one test of what is no attack shows that the guard looks at brackets alone
        assert {n for n in own - listed if "are_none" not in n} == set()
