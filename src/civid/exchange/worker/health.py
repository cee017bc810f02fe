"""``/health`` and ``/metrics`` on an address of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from civid.errors import CividError
from civid.exchange.worker.metrics import Metrics
from civid.extras import need


class AddressError(CividError, OSError):
    """The address cannot be listened on."""


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
            timeout = 10.0
            server_version, sys_version = "civid", ""

            def do_GET(self) -> None:
                if self.path == "/metrics":
                    body = exposition.generate_latest(metrics.registry)
                    self._send(200, exposition.CONTENT_TYPE_LATEST, body)
                elif self.path in ("/health", "/health/live", "/health/ready"):
                    told = metrics.health(alive)
                    well = told["live"] if self.path == "/health/live" else told["ready"]
                    body = json.dumps(told).encode() + b"\n"
                    self._send(200 if well else 503, "application/json", body)
                else:
                    self._send(404, "text/plain", b"/health or /metrics\n")

            def _send(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing is logged of who asks."""

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
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
