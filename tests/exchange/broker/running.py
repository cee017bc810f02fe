"""A broker of the tests' own, in a folder of its own: it can be stopped, killed and started again.

>>> with running("artemis") as broker:      # or "classic"           # doctest: +SKIP
...     broker.url                                          # what `civid abis --broker` takes
...     broker.kill(); broker.start()                       # on the same data and ports
"""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.exchange.broker import artemis, classic, installed

USER = "regproc"
PASSWORD = "not a secret & <odd>"
_PATIENCE = 60.0


class Broker:
    """One broker: where it listens, and its process."""

    def __init__(self, name: str, folder: Path, heap: str = "384m", fast: bool = False):
        self.name = name
        self.folder = folder
        self.user, self.password = USER, PASSWORD
        self.stomp_port, self.jms_port = _free_ports(2)
        kind = {"artemis": artemis, "classic": classic}[name]
        self._home = installed.home(name)
        self._command: Sequence[str] = [
            installed.java(), f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:-UsePerfData",
            # The first compiler alone: it starts sooner, and is slower when it has run for a while.
            *([] if fast else ["-XX:TieredStopAtLevel=1"]),
            *kind.prepare(self._home, folder, self.stomp_port, self.jms_port, USER, PASSWORD),
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def stomp(self) -> tuple[str, int]:
        """Host and port for clients of STOMP."""
        return "127.0.0.1", self.stomp_port

    @property
    def url(self) -> str:
        """The same as an address with the user; the password travels beside it."""
        return f"stomp://{self.user}@127.0.0.1:{self.stomp_port}"

    @property
    def jms_url(self) -> str:
        """Address for clients of JMS (OpenWire, and on Artemis its own core protocol, too)."""
        return f"tcp://127.0.0.1:{self.jms_port}"

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "broker.log").read_text(errors="replace")

    def start(self) -> None:
        """Start it, and wait until both doors answer."""
        with (self.folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _PATIENCE
        while not all(_answers(port) for port in (self.stomp_port, self.jms_port)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.name} did not start:\n{self.log[-3000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it as an administrator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it at once, whatever it was writing."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(30)
            self._process = None


def _free_ports(count: int) -> list[int]:
    """Ports that nobody uses: a broker keeps its own through restarts, or clients lose it."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


@contextmanager
def running(name: str, heap: str = "384m", fast: bool = False) -> Iterator[Broker]:
    """A running broker (``artemis`` or ``classic``), gone at the end with its data.

    ``fast`` is for those that get tens of thousands of messages: slower to start.
    """
    with tempfile.TemporaryDirectory(prefix=f"civid-{name}-", ignore_cleanup_errors=True) as folder:
        broker = Broker(name, Path(folder), heap, fast)
        broker.start()
        try:
            yield broker
        finally:
            broker.stop()
