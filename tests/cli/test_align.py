"""The verbs of neighbours say what they do, and what they cannot."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

from tests.consoleblocks import assert_runs

if TYPE_CHECKING:
    from tests.cli.conftest import Office, Run

HERE = Path(__file__).resolve().parents[1]
ALIGN = HERE / "align"
INVESTIGATION = HERE / "shapes/InvestigationShape/pass-full.ttl"


def test_the_standards_are_listed(run: Run) -> None:
    done = run("align", "list")
    assert (done.code, done.err) == (0, "")
    rows = {line.split()[0]: line.split()[1:6] for line in done.out.splitlines()[2:]}
    assert {"case-uco", "niem", "schema-org"} <= rows.keys()
    assert all(int(all_) >= int(used) for all_, used, *_ in rows.values())
    assert int(rows["p-plan"][4]) > 0


def test_the_queries_can_be_had(run: Run, tmp_path: Path) -> None:
    done = run("align", "queries", "schema-org")
    assert done.code == 0
    assert "schema.org/NGO" in done.out
    folder = tmp_path / "queries"
    assert run("align", "queries", "case", "--back", "-o", folder).code == 0
    names = {path.stem for path in folder.glob("*.rq")}
    assert {"align-in-1-class", "places-in-2-value", "case-uco-in-3-link"} <= names


@pytest.mark.parametrize("form", ["jsonld", "ttl", "nt"])
def test_records_go_to_case_and_come_back(run: Run, tmp_path: Path, form: str) -> None:
    there, back = tmp_path / f"out.{form}", tmp_path / "back.nq"
    done = run("align", "export", "--to", "case", INVESTIGATION, "-o", there)
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [
        "16 of 19 statements go over.",
        "stays behind: Investigation: identifiedChildCount 1, isJoint 1, refArea 1",
    ]
    done = run("align", "import", "--from", "case", there, "-o", back)
    assert (done.code, done.out, done.err) == (0, "", "Investigation: 1 records\n")
    lines = back.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 16
    assert all(
        line.endswith("<https://w3id.org/dpc/graph/example-org/pending> .") for line in lines
    )
    given = Graph().parse(INVESTIGATION, publicID="https://example.org/")
    returned = Graph()
    text = "\n".join(re.sub(r" <[^>]*> \.$", " .", line) for line in lines)
    returned.parse(data=text, format="nt")
    assert len(given) - len(given - returned) == 16
    assert len(returned - given) == 0


def test_without_a_file_the_form_is_the_standards_own(run: Run) -> None:
    whole = json.loads(run("align", "export", "--to", "case", INVESTIGATION).out)
    assert {"case-investigation", "uco-core"} <= set(whole["@context"])
    done = run("align", "export", "--to", "schema-org", ALIGN / "schema-org-ngo/data.ttl")
    assert "@prefix schema: <https://schema.org/> ." in done.out
    assert "a schema:NGO , schema:Organization" in done.out
    assert done.err.splitlines() == [
        "3 of 6 statements go over.",
        "stays behind: Organization: notation 2, organizationKind 1",
    ]


def test_a_question_is_answered(run: Run, tmp_path: Path) -> None:
    folder = ALIGN / "niem-child-victim"
    asked = ["align", "ask", folder / "question.rq", folder / "data.ttl", "--in", "niem"]
    done = run(*asked, "--close", "--format", "csv")
    assert (done.code, done.err) == (0, "")
    expected = (folder / "expected.csv").read_text(encoding="utf-8")
    assert done.out.splitlines() == expected.splitlines()
    target = tmp_path / "answer.json"
    assert run(*asked, "--close", "--format", "json", "-o", target).code == 0
    assert len(json.loads(target.read_text(encoding="utf-8"))["rows"]) == 2


def test_a_question_is_asked_of_a_hub(run: Run, office: Office, tmp_path: Path) -> None:
    office.submit(office.package(office.export("exports", seed=3), "a.dpcsub"))
    question = tmp_path / "q.rq"
    question.write_text(
        "PREFIX nc: <https://docs.oasis-open.org/niemopen/ns/model/niem-core/6.0/>"
        "SELECT (COUNT(DISTINCT ?c) AS ?cases) WHERE { ?c a nc:CaseType }",
        encoding="utf-8",
    )
    done = run("align", "ask", question, "--in", "niem", *office.hub, "--format", "csv")
    assert (done.code, done.err) == (0, "")
    assert int(done.out.splitlines()[1]) > 10


def test_what_cannot_be_answered_is_not_supported(run: Run) -> None:
    folder = ALIGN / "niem-child-victim"
    done = run("align", "ask", folder / "question.rq", folder / "data.ttl", "--in", "niem")
    assert (done.code, done.out) == (3, "")
    assert "ChildVictimType: only a close match of VictimSurvivorRole; --close takes it" in done.err


def test_recalled_rows_are_owned_up_to(run: Run) -> None:
    folder = ALIGN / "dsa-keyword"
    done = run(
        "align", "ask", folder / "question.rq", folder / "data.ttl", "--in", "dsa", "--close"
    )
    assert done.code == 0
    assert re.search(r"[0-9]+ rows of dsa are recalled", done.err)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["export", "--to", "nobody", INVESTIGATION], 2, "Known: "),
        (["export", "--to", "case"], 2, "Name files, or a hub"),
        (["export", "--to", "case", INVESTIGATION, "--dir", "hub"], 2, "Name files, or a hub"),
        (["export", "--to", "case", "none.ttl"], 2, "no such file"),
        (["export", "--to", "case", INVESTIGATION, "--format", "xlsx"], 2, "jsonld ttl nt"),
        (["export", "--to", "icd-11", INVESTIGATION], 1, "Nothing in these data"),
        (["import", "--from", "case", INVESTIGATION, "-o", "none/out.nq"], 2, "no such folder"),
        (["ask", "none.rq", INVESTIGATION, "--in", "case"], 2, "no such file"),
    ],
)
def test_refusals_say_what_would_be_right(
    run: Run, arguments: list[str | Path], code: int, said: str
) -> None:
    done = run("align", *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_file_without_records_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.ttl"
    path.write_text("<https://example.org/x> a <https://schema.org/Thing> .", encoding="utf-8")
    done = run("align", "import", "--from", "case", path)
    assert (done.code, done.out) == (1, "")
    path.write_text("<https://example.org/x> a\n<https://schema.org/Thing>\n<broken", "utf-8")
    done = run("align", "import", "--from", "case", path)
    assert (done.code, done.out) == (2, "")
    assert "in.ttl, line" in done.err


def test_foreign_records_need_key_and_organisation(run: Run, office: Office) -> None:
    path = office.folder / "in.ttl"
    investigation = "https://ontology.caseontology.org/case/investigation/Investigation"
    path.write_text(f"<https://example.org/name> a <{investigation}> .", encoding="utf-8")
    done = run("align", "import", "--from", "case", path)
    assert (done.code, done.out) == (2, "")
    assert "--key-file" in done.err
    options = ["--org", "example-ngo", "--key-file", office.folder / "partner.key"]
    done = run("align", "import", "--from", "case", path, *options)
    assert (done.code, done.err) == (0, "Investigation: 1 records\n")
    graph = "https://w3id.org/dpc/graph/example-ngo/pending"
    record = r"<https://w3id.org/dpc/id/example-ngo/investigation/[0-9a-f]{64}>"
    assert re.fullmatch(rf"{record} <[^>]*type> <[^>]*cdm#Investigation> <{graph}> .\n", done.out)


def test_the_how_to_runs_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (HERE.parent / "docs/howto/ask-in-a-neighbours-words.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, query in re.findall(
        r"^```sparql\n# (\S+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL
    ):
        Path(name).write_text(query, encoding="utf-8")
    assert len(assert_runs(text, capfd)) > 6
