"""The worker ``civid abis`` as a process of its own: started, stopped, killed, started again."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests import child
from tests.exchange.broker.running import Broker

_PATIENCE = 90.0


class AbisProcess:
    """A worker on two queues of a broker, with a folder of its own.

    Parameters
    ----------
    broker : Broker
        Need not run yet.
    folder : Path
        What it stores; made if it is not there, kept when it ends.
    inbound, outbound : str
        Its queues.
    origins : tuple of str
        Data shares that it may ask, on this machine.
    sign_in : (str, str, str), optional
        URL of the authmanager, client and secret.
    key : Path, optional
        PEM file of the private key that files are encrypted for.
    """

    def __init__(
        self,
        broker: Broker,
        folder: Path,
        *,
        inbound: str,
        outbound: str,
        origins: tuple[str, ...],
        sign_in: tuple[str, str, str] | None = None,
        key: Path | None = None,
    ):
        self.folder = folder
        self.log_file = folder.with_name(f"{folder.name}.log")
        self._environment = child.environment(CIVID_BROKER_PASSWORD=broker.password)
        words = ["--broker", broker.url, "--inbound", inbound, "--outbound", outbound, "--create"]
        words += ["--metrics", "none"]
        for one in origins:
            words += ["--fetch-inside", one]
        if sign_in is not None:
            url, client, secret = sign_in
            words += ["--token-url", url, "--client-id", client]
            self._environment["CIVID_CLIENT_SECRET"] = secret
        if key is not None:
            words += ["--partner-key", str(key)]
        self._command = [sys.executable, "-m", "civid", "abis", str(folder), *words]
        self._process: subprocess.Popen[bytes] | None = None
        self._change = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    @property
    def shown(self) -> str:
        """The command as a person would type it; the password is in the environment."""
        return shlex.join(["civid", *self._command[3:]])

    @property
    def log(self) -> str:
        """What it wrote, all its lives."""
        return self.log_file.read_text(errors="replace")

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it; returns at once, for it waits for its broker itself."""
        with self.log_file.open("ab") as log, self._change:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self._environment, cwd=child.ROOT,
            )  # fmt: skip

    def stop(self) -> int:
        """Tell it to stop, as an administrator or Kubernetes would; its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it at once, whatever it was writing."""
        self._end(signal.SIGKILL)

    def end(self) -> None:
        """Make sure that it is gone."""
        if self._process is not None:
            self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        with self._change:
            process, self._process = self._process, None
        assert process is not None, "it does not run"
        process.send_signal(how)
        try:
            return process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)
            raise RuntimeError(f"the worker did not stop:\n{self.log[-3000:]}") from None

    def resident(self) -> tuple[int, float] | None:
        """Process id and resident memory in MB; None while it does not run."""
        with self._change:
            if self._process is None:
                return None
            pid = self._process.pid
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return None
        return pid, pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def connections(self) -> int:
        """How often it has told that it is connected to its broker, in all its lives."""
        return self.log.count(" connected ")

    def wait_for(self, words: str, timeout: float = _PATIENCE) -> None:
        """Wait until it has written something."""
        deadline = time.monotonic() + timeout
        while words not in self.log:
            if not self.alive or time.monotonic() > deadline:
                raise RuntimeError(f"the worker did not say {words!r}:\n{self.log[-3000:]}")
            time.sleep(0.05)
