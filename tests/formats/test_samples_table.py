"""The table of published samples says what is true today."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_table_of_samples_is_that_of_the_code(data: Path, root: Path) -> None:
    assert data.is_dir()
    code = runpy.run_path(str(root / "docs" / "formats" / "samples.py"))
    text = (root / "docs" / "formats" / "samples.md").read_text(encoding="utf-8")
    assert code["in_document"](text) == code["table"](), (
        "run: PYTHONPATH=src python docs/formats/samples.py --write"
    )


def test_every_format_stands_in_the_documentation(root: Path) -> None:
    from civid import formats

    text = (root / "docs" / "formats" / "index.md").read_text(encoding="utf-8")
    assert [key for key in formats.names() if f"`{key}`" not in text] == []
