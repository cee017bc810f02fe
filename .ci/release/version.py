"""Print the version that the sources name, without an import of them."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def version_of(root: Path) -> str:
    """What ``civid.__version__`` says, read without an import."""
    for node in ast.parse((root / "src/civid/__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__":
            return str(ast.literal_eval(node.value))
    raise SystemExit("src/civid/__init__.py names no version")


if __name__ == "__main__":
    print(version_of(ROOT))
