"""Processes that tests start: they run the civid that the tests run, wherever it was installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment(**more: str) -> dict[str, str]:
    """The environment of a child that can import what this process can, and `tests`.

    Never the path of ``src``: a fresh checkout has no compiled part there.
    """
    paths = [str(ROOT), *(str(Path(path).resolve()) for path in sys.path if path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), **more}
