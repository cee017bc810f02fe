"""Engines, applications and clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from tests.exchange.osia.service import Client, Doors

from civid.exchange.abis import Abis
from civid.exchange.osia import osia_parts
from civid.exchange.service import House, make_app
from civid.people.citizen import Source, claim
from civid.register import Register

UIN = "046301123456"


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


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """A register with somebody in it, and a grant for the social insurance."""
    told = {"name": "Nguyễn Thị An", "birth": "05/03/2001", "number": UIN, "sex": "Nữ"}
    said = [
        claim(name, text, Source.CIVIL_STATUS, date(2001, 3, 12)) for name, text in told.items()
    ]
    with Register.open(tmp_path / "register", create=True) as made:
        made.people.add(said, unit="46/19753")
        yield made
