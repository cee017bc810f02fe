"""The page of a cluster, its metrics and its status over HTTP. It only tells; it is for few."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from civid.cli.console.problems import Problem
from civid.errors import CividError
from civid.search.cluster.telling import metrics, page

if TYPE_CHECKING:
    from civid.search.cluster import Cluster


@contextmanager
def listen(cluster: Cluster, host: str, port: int) -> Iterator[str]:
    """Serve until the block ends; -> the address."""

    class Answer(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            try:
                content = self._content()
            except CividError as error:
                self._send(503, "text/plain", f"the keeper does not answer: {error}\n")
                return
            if content is None:
                self._send(404, "text/plain", "there is /, /metrics and /status.json\n")
            else:
                self._send(200, *content)

        def _content(self) -> tuple[str, str] | None:
            if self.path == "/":
                return "text/html", page(cluster.status(), cluster.measures())
            if self.path == "/metrics":
                told = metrics(cluster.status(), cluster.measures())
                return "text/plain; version=0.0.4", told
            if self.path == "/status.json":
                return "application/json", json.dumps(cluster.status())
            return None

        def _send(self, code: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header(
                "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"
            )
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Who looks at it is nobody's business."""

    try:
        server = ThreadingHTTPServer((host, port), Answer)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Problem(
            "usage", f"{host}:{port}: cannot be listened on: {reason}", "give another --port"
        ) from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
