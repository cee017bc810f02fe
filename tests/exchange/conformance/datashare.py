"""A data share and an authmanager of the tests' own, on this machine: what they do, and failures.

As MOSIP's do: failures of function come with status 200 and a code in JSON; a URL can be used up;
a client signs in with a secret and then shows its token in a cookie.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

CLIENT, SECRET = "mosip-abis-client", "not a secret"
_SIGN_IN = "/v1/authmanager/authenticate/clientidsecretkey"
Body = bytes | Callable[[], bytes]


@dataclass
class _Shared:
    body: Body
    uses: int | None
    error: str | None = None
    asked: int = 0


@dataclass
class _State:
    shared: dict[str, _Shared] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    sign_ins: int = 0
    signed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class DataShare(AbstractContextManager["DataShare"]):
    """The server, in threads of this process.

    Parameters
    ----------
    signed : bool
        Answer to those only that show a token of the authmanager.
    """

    def __init__(self, *, signed: bool = False):
        self._state = _State(signed=signed)
        handler = type("Handler", (_Handler,), {"state": self._state})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def origin(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def auth_url(self) -> str:
        """Where clients sign in."""
        return self.origin + _SIGN_IN

    @property
    def sign_ins(self) -> int:
        """How often a client has signed in."""
        return self._state.sign_ins

    def share(self, body: Body, *, uses: int | None = None, error: str | None = None) -> str:
        """A URL for a file (or for what makes it when it is asked for).

        ``uses`` is how often it may be asked for; ``error`` a code to answer with instead.
        """
        name = secrets.token_hex(8)
        self._state.shared[name] = _Shared(body, uses, error)
        return f"{self.origin}/v1/datashare/get/policy/subscriber/{name}"

    def asked(self, url: str) -> int:
        """How often a URL was asked for."""
        return self._state.shared[url.rpartition("/")[2]].asked

    def expire_tokens(self) -> None:
        """From now on no token given so far is good."""
        self._state.tokens.clear()


class _Server(ThreadingHTTPServer):
    """Says nothing of clients that were killed while they were served."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    state: _State
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        token = (self.headers.get("Cookie") or "").partition("Authorization=")[2]
        if self.state.signed and token not in self.state.tokens:
            self._fail("KER-ATH-401")  # which is no use of the URL
            return
        name = self.path.rpartition("/")[2]
        with self.state.lock:
            shared = self.state.shared.get(name)
            if shared is not None:
                shared.asked += 1
                used_up = shared.uses is not None and shared.asked > shared.uses
        if shared is None:
            self._fail("DAT-SER-003")
        elif shared.error is not None:
            self._fail(shared.error)
        elif used_up:
            self._fail("DAT-SER-006")
        else:
            body = shared.body if isinstance(shared.body, bytes) else shared.body()
            self._answer(body, "application/octet-stream")

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        document: Any = json.loads(self.rfile.read(min(size, 65536)) or b"{}")
        known = document.get("request", {})
        if (known.get("clientId"), known.get("secretKey")) != (CLIENT, SECRET):
            self._fail("KER-ATH-003")
            return
        token = secrets.token_urlsafe(24)
        with self.state.lock:
            self.state.tokens.add(token)
            self.state.sign_ins += 1
        body = json.dumps({"response": {"status": "Success"}, "errors": None}).encode()
        self._answer(body, "application/json", token)

    def _fail(self, code: str) -> None:
        errors = [{"errorCode": code, "message": "see the code"}]
        self._answer(json.dumps({"response": None, "errors": errors}).encode(), "application/json")

    def _answer(self, body: bytes, kind: str, token: str | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if token is not None:
            self.send_header("Set-Cookie", f"Authorization={token}; HttpOnly; Path=/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        pass


class Partner:
    """Whom a data share encrypts files for, as MOSIP's does since 1.2.0."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)

    def pem(self) -> bytes:
        """The private key, as the ABIS is given it."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sealed(self, data: bytes) -> bytes:
        """The file, encrypted."""
        secret, additional = os.urandom(32), os.urandom(32)
        oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
        wrapped = self._key.public_key().encrypt(secret, oaep)
        block = b"VER_R2" + os.urandom(32) + wrapped
        sealed = additional + AESGCM(secret).encrypt(additional[:12], data, additional)
        return base64.urlsafe_b64encode(block + b"#KEY_SPLITTER#" + sealed)
