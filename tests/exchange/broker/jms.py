"""A real client of JMS beside the tests: Peer.java, a process of its own, and what it tells."""

from __future__ import annotations

import base64
import queue as queues
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from tests.exchange.broker import installed
from tests.exchange.broker.running import Broker

Kind = Literal["text", "bytes"]
#: How long MOSIP lets its requests live, in seconds.
MOSIP_TTL = 2700
_PATIENCE = 180.0
#: Larger bodies go through a file.
_LONGEST_LINE = 1 << 20
_PEER = Path(__file__).with_name("Peer.java")


@dataclass(frozen=True)
class Received:
    """A message that came: its queue, its JMS type, when it expires (ms since 1970, 0 never)."""

    queue: str
    kind: str
    expires: int
    body: bytes


class JmsPeer:
    """The registration processor's end of the queues, over OpenWire or Artemis' core protocol.

    Connections are made again by the client itself when the broker comes back.
    """

    def __init__(self, broker: Broker, protocol: Literal["openwire", "core"] = "openwire"):
        if shutil.which("javac") is None:
            raise installed.NoBrokerError("no Java compiler: apt install default-jdk-headless")
        url = {
            "openwire": f"failover:({broker.jms_url})?maxReconnectDelay=1000",
            "core": f"{broker.jms_url}?reconnectAttempts=-1&retryInterval=200",
        }[protocol]
        jars = installed.home("artemis") / "lib" / "*"  # clients of both protocols are in it
        log4j = broker.folder / "peer-log4j2.properties"
        log4j.write_text("rootLogger.level=OFF\n")
        self.received: queues.Queue[Received] = queues.Queue()
        self._told: queues.Queue[str] = queues.Queue()
        self._unsent = 0
        self._process = subprocess.Popen(
            [installed.java(), "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
             f"-Dlog4j2.configurationFile=file:{log4j}", "-cp", str(jars), str(_PEER),
             protocol, url, broker.user, broker.password],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._expect("ready")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Disconnect and end the process."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:  # its broker is gone, and it waits for it
            self._process.kill()
            self._process.wait(10)
        self._reader.join(10)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def listen(self, queue: str) -> None:
        """Have what comes on a queue put into ``received``."""
        self._write(f"listen {queue}")
        self._expect(f"listening {queue}")

    def send(
        self, queue: str, body: bytes | str, ttl: int = MOSIP_TTL, *, wait: bool = True
    ) -> None:
        """Send text as a TextMessage, bytes as a BytesMessage; ``wait`` until the broker has it."""
        kind = "text" if isinstance(body, str) else "bytes"
        raw = body.encode() if isinstance(body, str) else body
        self._unsent += 1
        if len(raw) <= _LONGEST_LINE:
            self._write(f"send {queue} {kind} {ttl} {base64.b64encode(raw).decode()}")
            if wait:
                self.flush()
            return
        with tempfile.NamedTemporaryFile() as file:
            file.write(raw)
            file.flush()
            self._write(f"send {queue} {kind} {ttl} @{file.name}")
            self.flush()

    def flush(self, timeout: float = _PATIENCE) -> None:
        """Wait until the broker has all that was sent."""
        while self._unsent:
            self._expect("sent", timeout)
            self._unsent -= 1

    def answer(self, timeout: float = _PATIENCE) -> Received:
        """The next message."""
        try:
            return self.received.get(timeout=timeout)
        except queues.Empty:
            raise TimeoutError(f"no message within {timeout:g} s") from None

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def _expect(self, line: str, timeout: float = _PATIENCE) -> None:
        try:
            told = self._told.get(timeout=timeout)
        except queues.Empty:
            raise TimeoutError(f"the JMS client did not say {line!r}") from None
        if told != line:
            assert self._process.stderr is not None
            errors = self._process.stderr.read().decode(errors="replace") if not told else ""
            raise RuntimeError(f"the JMS client said {told!r}, not {line!r}\n{errors[-3000:]}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            words = line.decode("ascii").rstrip("\n").split(" ")
            if words[0] == "got":
                body = base64.b64decode(words[4])
                self.received.put(Received(words[1], words[2], int(words[3]), body))
            else:
                self._told.put(" ".join(words))
        self._told.put("")  # it ended
