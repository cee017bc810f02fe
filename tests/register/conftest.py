"""Registers on both stores: a folder (SQLite), and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.register.postgresql import Server, server

from civid.register import Register

Opener = Callable[..., Register]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a register can be made: a folder, then an empty database."""
    if request.param == "sqlite":
        yield str(tmp_path / "register")
        return
    running: Server = request.getfixturevalue("postgresql")
    name = f"r{uuid.uuid4().hex[:16]}"
    url = running.database(name)
    yield url
    running.drop(name)


@pytest.fixture
def opened(where: str, tmp_path: Path) -> Iterator[Opener]:
    """Open the register of this test, as often as one likes."""
    with ExitStack() as stack:

        def make(**kwargs: Any) -> Register:
            kwargs = {"create": True, "gallery": tmp_path / "gallery", **kwargs}
            return stack.enter_context(Register.open(where, **kwargs))

        yield make


@pytest.fixture
def register(opened: Opener) -> Register:
    return opened()
