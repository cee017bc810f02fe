"""The contact sheet of the docs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from civid.lab.synthetic.learning import sheet


def test_draws_the_sheet_of_the_docs(tmp_path: Path, root: Path) -> None:
    assert sheet.main([str(tmp_path / "sheet.jpg")]) == 0
    with (
        Image.open(tmp_path / "sheet.jpg") as drawn,
        Image.open(root / "docs" / "pictures" / "synthetic-learning.jpg") as kept,
    ):
        assert drawn.size == kept.size
    assert (tmp_path / "sheet.jpg").stat().st_size < 400_000


def test_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert sheet.main([]) == 2
    assert "usage" in capsys.readouterr().err
