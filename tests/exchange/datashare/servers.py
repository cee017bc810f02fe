"""A server that misbehaves as told: it writes the bytes of a script, and pauses where it says."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator

#: What is sent for a request: bytes, or seconds to wait.
Script = Iterable[bytes | float]


class Server:
    """Answers each connection once with what `reply` makes of the request."""

    def __init__(self, reply: Callable[[bytes], Script]) -> None:
        self.reply = reply
        self.heads: list[bytes] = []
        self.stopping = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.05)
        self.port: int = self._listening.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.stopping.set()
        self._accepting.join()
        for one in self._threads:
            one.join()
        self._listening.close()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = self._listening.accept()
                thread = threading.Thread(target=self._talk, args=(connection,))
                thread.start()
                self._threads.append(thread)

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(65536)
                if not part:
                    return
                head += part
            before, _, body = head.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", before)
            while length is not None and len(body) < int(length[1]):
                part = connection.recv(65536)
                if not part:
                    return
                head, body = head + part, body + part
            self.heads.append(head)
            for one in self.reply(head):
                if self.stopping.is_set():
                    return
                if isinstance(one, float):
                    time.sleep(one)
                else:
                    connection.sendall(one)


@contextlib.contextmanager
def serving(reply: Callable[[bytes], Script]) -> Iterator[Server]:
    server = Server(reply)
    try:
        yield server
    finally:
        server.stop()


def answer(body: bytes, status: str = "200 OK", *lines: str) -> list[bytes | float]:
    """A whole answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *lines]
    return ["\r\n".join(head).encode() + b"\r\n\r\n" + body]
