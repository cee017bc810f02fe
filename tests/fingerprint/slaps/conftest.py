"""Fingers to press synthetic slaps with."""

from __future__ import annotations

import pytest

from civid.lab.synthetic import Master, master


@pytest.fixture(scope="session")
def masters() -> list[Master]:
    return [master(40 + number) for number in range(4)]
