"""An engine that is asked in MOSIP's words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.exchange.mosip.talk import Caller

from civid.exchange.abis import Abis


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    with Abis.open(tmp_path / "abis", create=True, threads=1) as engine:
        yield Caller(engine)
