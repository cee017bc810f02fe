"""``/health`` and ``/metrics`` on an address of this machine."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from civid.errors import CividError
from civid.exchange.worker.logs import event
from civid.exchange.worker.metrics import Metrics
from civid.extras import need

#: Answered at a time; more are turned away at once.
_MOST = 32
#: Seconds that one may take, however busily it writes.
_PATIENCE = 10.0


class AddressError(CividError, OSError):
    """The address cannot be listened on."""


class _Listening(ThreadingHTTPServer):
    """A few clients at a time, each for a short while, and no traceback of what they do."""

    def __init__(self, *about: Any) -> None:
        self._places = threading.BoundedSemaphore(_MOST)
        super().__init__(*about)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        def end() -> None:
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

        late = threading.Timer(_PATIENCE, end)
        late.daemon = True
        late.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            late.cancel()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[0]
        if error is not None and not issubclass(error, OSError):  # who went away is no trouble
            event("health-fails", level=logging.ERROR, error=error.__name__)


class HealthServer:
    """Serves the health and the metrics of a worker until closed.

    Parameters
    ----------
    host, port : str, int
        Port 0 takes a free one; `address` says which.
    metrics : Metrics
        What is served.
    alive : callable
        Whether the worker works.

    Raises
    ------
    AddressError
        Somebody listens there, or it is no address of this machine.

    >>> served = HealthServer("127.0.0.1", 0, Metrics(), lambda: True)
    >>> served.address.startswith("http://127.0.0.1:")
    True
    >>> served.close()
    """

    def __init__(self, host: str, port: int, metrics: Metrics, alive: Callable[[], bool]) -> None:
        exposition = need("prometheus_client", "metrics", "abis")

        class Handler(BaseHTTPRequestHandler):
            timeout = _PATIENCE
            server_version, sys_version = "civid", ""

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    body = exposition.generate_latest(metrics.registry)
                    self._send(200, exposition.CONTENT_TYPE_LATEST, body)
                elif path in ("/health", "/health/live", "/health/ready"):
                    told = metrics.health(alive)
                    well = told["live"] if path == "/health/live" else told["ready"]
                    body = json.dumps(told).encode() + b"\n"
                    self._send(200 if well else 503, "application/json", body)
                else:
                    self._send(404, "text/plain", b"/health or /metrics\n")

            do_HEAD = do_GET

            def _send(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing is logged of who asks."""

        try:
            self._server = _Listening((host, port), Handler)
        except OSError as error:
            reason = (error.strerror or "not an address").lower()
            raise AddressError(f"{host}:{port} cannot be listened on: {reason}") from None
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1},
            name="civid-health", daemon=True,
        )  # fmt: skip
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it listens."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
