"""The generated reference follows from the program as it is."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
WRITTEN_ELSEWHERE = {"performance.md", "coverage.md", "quality.md", "conformance.md"}
"""By `make bench`, `coverage`, `check-model`, `conformance-*`: the checkout is not enough."""


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "docs_generate", REPOSITORY / "docs" / "generate.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_current(generate: ModuleType) -> None:
    stale = generate.outdated()
    assert not stale, f"run python docs/generate.py; not current: {', '.join(stale)}"


def test_no_page_of_the_reference_is_left_over(generate: ModuleType) -> None:
    there = {path.name for path in (REPOSITORY / "docs/reference").iterdir() if path.is_file()}
    assert there - WRITTEN_ELSEWHERE == set(generate.pages())


def test_check_names_a_changed_and_a_missing_page(
    generate: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(REPOSITORY / "docs/reference", folder)
    (folder / "rules.md").write_text("# Rules\n", encoding="utf-8")
    (folder / "model.md").unlink()
    assert sorted(generate.outdated(folder)) == ["model.md", "rules.md"]
    monkeypatch.setattr(generate.outdated, "__defaults__", (folder,))
    assert generate.main(["--check"]) == 1
    assert "rules.md is not current" in capsys.readouterr().out
    assert (folder / "rules.md").read_text(encoding="utf-8") == "# Rules\n"


def test_writing_makes_every_page_current(
    generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "FOLDER", tmp_path / "reference")
    assert generate.main([]) == 0
    assert generate.outdated(tmp_path / "reference") == []


def test_an_unknown_argument_is_refused(generate: ModuleType) -> None:
    assert generate.main(["--chekc"]) == 2


def test_every_rule_and_source_stands_in_the_reference(generate: ModuleType) -> None:
    from dpc_kg.base.assets import mapping_names
    from dpc_kg.validate.rules import rules

    pages = generate.pages()
    told = [name for name, rule in rules().items() if rule.problems]
    assert [name for name in told if f"`{name}`" not in pages["rules.md"]] == []
    assert [name for name in mapping_names() if f"## {name}" not in pages["sources.md"]] == []


def test_every_term_and_code_list_stands_in_the_reference(generate: ModuleType) -> None:
    from dpc_kg.base.vocab import local_name
    from dpc_kg.model.ontology import schemes, terms

    page = generate.pages()["model.md"]
    assert [t.iri for t in terms() if f"`dpc:{local_name(t.iri)}`" not in page] == []
    assert [name for name in schemes() if f"`{name}`" not in page] == []
