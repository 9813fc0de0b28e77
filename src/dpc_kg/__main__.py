"""``python -m dpc_kg`` runs the program."""

import sys

from dpc_kg.cli import main

if __name__ == "__main__":
    sys.exit(main())
