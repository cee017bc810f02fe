"""Registers with two people: a copy of one in a folder, and new ones on both stores."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.exchange.sharing.office import KEYS, Clock, office

from civid.register import Register


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register that is copied: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("sharing") / "register"
    office(folder, keys=KEYS).close()
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(template: Path, tmp_path: Path, clock: Clock) -> Iterator[Register]:
    """In a folder."""
    folder = shutil.copytree(template, tmp_path / "register")
    with Register.open(folder, keys=KEYS, clock=clock, actor="quan-tri") as made:
        yield made


@pytest.fixture
def both(where: str, clock: Clock) -> Iterator[Register]:
    """In a folder, then on a server."""
    with office(where, clock, keys=KEYS) as made:
        yield made
