"""The generated reference follows from the program as it is; links in the documentation lead on."""

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
WRITTEN_BY_BENCH = {"performance.md"}
_LINK = re.compile(r"\]\(([^)#]+)?(?:#([^)]+))?\)")


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


def documents() -> list[Path]:
    found = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")]
    return sorted(path for path in found if path.name not in WRITTEN_BY_BENCH)


def test_the_reference_is_current(generate: ModuleType) -> None:
    stale = generate.outdated()
    assert not stale, f"run python docs/generate.py; not current: {', '.join(stale)}"


def test_no_page_of_the_reference_is_left_over(generate: ModuleType) -> None:
    there = {path.name for path in (REPOSITORY / "docs/reference").glob("*.md")}
    assert there - WRITTEN_BY_BENCH == set(generate.pages())


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


def test_every_rule_query_verb_and_source_stands_in_the_reference(generate: ModuleType) -> None:
    from dpc_kg.base.assets import mapping_names, query_files
    from dpc_kg.validate.rules import rules

    pages = generate.pages()
    told = [name for name, rule in rules().items() if rule.problems]
    assert [name for name in told if f"`{name}`" not in pages["rules.md"]] == []
    assert [name for name in query_files() if name not in pages["queries.md"]] == []
    assert [name for name in mapping_names() if f"## {name}" not in pages["sources.md"]] == []
    verbs = ("lift", "validate", "package", "submit", "withdraw", "key new", "org add", "serve")
    assert [v for v in verbs if f"## dpc-kg {v}\n" not in pages["commands.md"]] == []


@pytest.mark.parametrize("path", documents(), ids=lambda p: p.relative_to(REPOSITORY).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for target, anchor in _LINK.findall(path.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        file = (path.parent / target).resolve() if target else path
        leads = file.exists() and (not anchor or anchor in anchors(file))
        if not leads and file.name not in WRITTEN_BY_BENCH:
            broken.append(f"{target}#{anchor}")
    assert broken == []


def anchors(file: Path) -> set[str]:
    """Give the names of a document's headings, as hosts of Markdown make them."""
    heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
