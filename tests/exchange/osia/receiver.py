"""A client's callback: takes what is posted to it, and answers as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit


class Told(NamedTuple):
    """One call."""

    path: str
    query: dict[str, str]
    kind: str
    body: Any


class Receiver:
    """Where it is, what came, and how the next calls are answered (204 when nothing is said)."""

    def __init__(self, port: int):
        self.origin = f"http://127.0.0.1:{port}"
        self.url = f"{self.origin}/back?mine=1"
        self.came: list[Told] = []
        self.answers: list[int] = []
        self.arrived = threading.Semaphore(0)

    def wait(self, count: int = 1) -> list[Told]:
        """What came, once so many calls more have come."""
        for _ in range(count):
            assert self.arrived.acquire(timeout=20), "the callback was not called"
        return self.came


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            kind = self.headers["Content-Type"]
            receiver.came.append(Told(asked.path, query, kind, json.loads(body)))
            status = receiver.answers.pop(0) if receiver.answers else 204
            self.send_response(status)
            if status in (301, 307):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            receiver.arrived.release()

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    receiver = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
