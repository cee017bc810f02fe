"""The client of docs/explain/osia.md against a server that listens."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.osia.service import Doors

from civid.exchange.abis import Abis
from civid.exchange.datashare.origins import Origin
from civid.exchange.osia import TaskStore, osia_parts
from civid.exchange.service import House
from civid.exchange.service.server import listen


@pytest.fixture
def client(root: Path) -> Any:
    """What stands in the docs."""
    text = (root / "docs" / "explain" / "osia.md").read_text(encoding="utf-8")
    code = text.split("<!-- client: begin -->\n```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(compile(code, "osia.md", "exec"), names)
    return names["main"]


def free_port() -> int:
    """One that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def back() -> int:
    """Port of the callback."""
    return free_port()


@pytest.fixture
def address(engine: Abis, tmp_path: Path, back: int) -> Iterator[str]:
    """Of a server."""
    house = House(engine, (Doors(),))
    origin = Origin.of(f"http://127.0.0.1:{back}", inside=True)
    with TaskStore(tmp_path / "tasks") as tasks:
        parts = osia_parts(house, tasks=tasks, callbacks=(origin,))
        served = listen(house, port=0, parts=parts)
        thread = threading.Thread(target=served.run)
        thread.start()
        try:
            yield served.address
        finally:
            served.server.should_exit = True
            thread.join()


def test_the_client_of_the_docs(client: Any, address: str, back: int, data: Path) -> None:
    folder = data / "prints" / "Lindex101"
    files = {f"P{n}": folder / f"{n}_1.png" for n in range(1, 7)}
    now, later = asyncio.run(client(address, "all", back, files, folder / "4_2.png"))
    assert [one["personId"] for one in now] == ["P4"]
    assert later == now
