"""Validate every alignment file with sssom-py."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.quality import environment
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.sssom import FILES

TITLE = "sssom validate"
TOOL = "sssom-py"
NEEDS = ("environment", "time")
_ASK = """
import json, logging, sys
from sssom.constants import DEFAULT_VALIDATION_TYPES
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
said, heard = {}, []
# the reader leaves out a row it cannot use, and only warns
class Ear(logging.Handler):
    def emit(self, record):
        heard.append(record.getMessage().split(" ({")[0])
logging.getLogger("sssom").addHandler(Ear(logging.WARNING))
for path in json.load(sys.stdin):
    try:
        found = validate(parse_sssom_table(path), DEFAULT_VALIDATION_TYPES, fail_on_error=False)
        results = [each for report in (found or {}).values() for each in report.results]
        said[path] = [each.message for each in results]
    except Exception as e:
        said[path] = [f"{type(e).__name__}: {e}".splitlines()[0]]
    said[path] += heard
    heard.clear()
json.dump(said, sys.stdout)
"""


def run(context: Context) -> Outcome:
    """Look at every file."""
    names = context.need(*FILES)
    with TemporaryDirectory() as folder:
        paths = {str(path): path for path in context.tree.export(Path(folder), *FILES)}
        said = environment.ask_code(context.checker, _ASK, list(paths))
    problems = tuple(f"{Path(path).name}: {text}" for path, texts in said.items() for text in texts)
    return Outcome(len(names), "files", problems)
