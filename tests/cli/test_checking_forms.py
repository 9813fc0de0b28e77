"""The verb validate: every form, marked copies, and checking again on each save."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from dpc_kg.cli import main
from dpc_kg.validate.forms import FORMS

SAMPLE = "mappings/lift/primero/sample.csv"
COMMAND = "import sys; from dpc_kg.cli import main; sys.exit(main())"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Give an export with one fault."""
    from dpc_kg.base.assets import root

    path = tmp_path / "cases.csv"
    text = (root() / SAMPLE).read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    return path


def test_every_form_can_be_written(cases: Path, tmp_path: Path) -> None:
    for form in FORMS:
        out = tmp_path / f"report.{form}"
        code = main(
            ["validate", str(cases), "--mapping", "primero", "--format", form, "-o", str(out)]
        )
        assert code in (0, 1)
        assert out.stat().st_size > 100


def test_a_marked_copy_is_never_the_export_itself(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = cases.read_bytes()
    marking = ["validate", str(cases), "--mapping", "primero", "--mark"]
    assert main([*marking, str(cases)]) == 2
    assert "over the export" in capsys.readouterr().err
    assert main([*marking, str(tmp_path / "copy.pdf")]) == 2
    assert "ends with .xlsx" in capsys.readouterr().err
    assert main([*marking, str(tmp_path / "none" / "copy.xlsx")]) == 2
    assert main([*marking, str(tmp_path / "copy.xlsx")]) in (0, 1)
    assert "It holds your data" in capsys.readouterr().err
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx").sheetnames == ["cases", "Faults"]
    assert main([*marking, str(tmp_path)]) in (0, 1)
    assert (tmp_path / "cases.marked.xlsx").is_file()
    assert cases.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is sent by a POSIX signal")
def test_a_saved_file_is_checked_again(cases: Path, tmp_path: Path) -> None:
    import signal

    args = [
        sys.executable,
        "-c",
        COMMAND,
        "validate",
        str(cases),
        "--mapping",
        "primero",
        "--watch",
    ]
    # where this runs in the background, Ctrl+C is ignored, and children inherit that
    with subprocess.Popen(
        args,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            _wait(process.stderr)
            copy = tmp_path / "new.csv"
            shutil.copy(cases, copy)
            with copy.open("a", encoding="utf-8") as file:
                file.write("a,b\n")
            copy.replace(cases)
            _wait(process.stderr)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert "source:column-count" in out
    assert process.returncode == 1


def _wait(stream: object) -> None:
    for line in stream:  # type: ignore[attr-defined]
        if "Waiting for the next save" in line:
            return
    raise AssertionError("ended before it waited")
