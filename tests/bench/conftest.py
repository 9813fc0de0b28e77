"""Makes the bench scripts of the checkout importable; they are not installed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))
