"""A register in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from civid.register import Register


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.open(tmp_path / "register", create=True) as opened:
        yield opened
