"""Engines, applications and clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from tests.exchange.osia.service import Client, Doors

from civid.exchange.abis import Abis
from civid.exchange.osia import osia_parts
from civid.exchange.service import House, make_app


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Abis]:
    """A new one."""
    with Abis.open(tmp_path / "engine", create=True) as made:
        yield made


@pytest.fixture
def house(engine: Abis) -> House:
    """Of a new engine."""
    return House(engine, (Doors(),))


@pytest.fixture
def make(house: House) -> Callable[..., FastAPI]:
    """Makes the application."""

    def made(**options: Any) -> FastAPI:
        return make_app(house, parts=osia_parts(house, **options), hosts=("testserver",))

    return made


@pytest.fixture
def client(make: Callable[..., FastAPI]) -> Iterator[Client]:
    """A client of an application without tasks."""
    with Client(make()) as made:
        yield made
