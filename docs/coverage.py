"""Write ``docs/reference/coverage.md`` from the field decisions and the definition files.

    python docs/coverage.py           write it
    python docs/coverage.py --check   change nothing; exit 1 if it is not current

The definition files are not part of the project: DPC_SHARED names the folder that has them. Exit
code 1 also if a field is undecided or a row is wrong, 2 if the files are absent.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.quality.coverage.page import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
