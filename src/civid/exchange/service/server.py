"""Serve the application: on this machine alone, under TLS, or behind a proxy that has it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from civid.errors import FieldError, StorageWriteError
from civid.exchange.service.app import HOSTS, Part, make_app
from civid.exchange.service.house import House
from civid.exchange.service.patience import Impatient
from civid.listening import in_url, is_loopback, listening

HOST, PORT = "127.0.0.1", 8470
#: Seconds for answers that are being made when the server is told to stop.
GRACE = 30


@dataclass(frozen=True, slots=True)
class Tls:
    """Files for TLS, PEM.

    Attributes
    ----------
    certificate, private_key : Path
    password : str, optional
        Of the private key.
    clients : Path, optional
        Authorities of clients: only who has a certificate of theirs is let in (mutual TLS).
    """

    certificate: Path
    private_key: Path | None = None
    password: str | None = field(default=None, repr=False)
    clients: Path | None = None

    def options(self) -> dict[str, Any]:
        """As uvicorn has them."""
        import ssl

        found: dict[str, Any] = {
            "ssl_certfile": str(self.certificate),
            "ssl_keyfile": None if self.private_key is None else str(self.private_key),
            "ssl_keyfile_password": self.password,
        }
        if self.clients is not None:
            found |= {"ssl_ca_certs": str(self.clients), "ssl_cert_reqs": ssl.CERT_REQUIRED}
        return found


@dataclass(frozen=True)
class Served:
    """A server that listens and does not answer yet.

    Attributes
    ----------
    address : str
        Where it answers.
    server : uvicorn.Server
        ``should_exit`` stops it.
    """

    address: str
    server: Any
    _socket: socket.socket

    def run(self) -> None:
        """Answer until somebody stops it (Ctrl-C, SIGTERM); what was begun is finished."""
        signals = (signal.SIGINT, signal.SIGTERM)
        if threading.current_thread() is not threading.main_thread():
            self.server.run(sockets=[self._socket])
            return
        # The server raises the signal again when it has finished: that is no reason to die.
        before = {one: signal.signal(one, _finished) for one in signals}
        try:
            self.server.run(sockets=[self._socket])
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _finished(number: int, frame: object) -> None:
    """What a signal does after the server has stopped: nothing more."""


def listen(
    house: House,
    *,
    host: str = HOST,
    port: int = PORT,
    tls: Tls | None = None,
    behind_proxy: bool = False,
    names: Sequence[str] = (),
    parts: Sequence[Part] = (),
    docs: bool = False,
) -> Served:
    """Make the server; call `Served.run`.

    Parameters
    ----------
    house : House
        Open.
    host, port : str, int
        Where to listen; port 0 takes a free one.
    tls : Tls, optional
        Needed beyond this machine, unless a proxy has it.
    behind_proxy : bool
        Plain HTTP beyond this machine: a proxy on a network that nobody else is on has TLS.
    names : sequence of str
        Further names by which it may be called.
    parts, docs
        As for `make_app`.

    Raises
    ------
    FieldError
        Others could listen in: neither TLS nor a proxy.
    StorageWriteError
        The port is taken, or a certificate cannot be read.
    """
    if tls is None and not behind_proxy and not is_loopback(host):
        raise FieldError("host", "beyond this machine a certificate is needed (TLS)")
    shown = in_url(host)
    app = make_app(
        house, parts=parts, hosts=(*HOSTS, shown, *names), secure=tls is not None, docs=docs
    )
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False,
        date_header=True, lifespan="on", proxy_headers=False, ws="none", http=Impatient,
        timeout_keep_alive=15, timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=16 << 10, **({} if tls is None else tls.options()),
    )  # fmt: skip
    try:
        config.load()
        door = listening(host, port)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise StorageWriteError(f"cannot be served there ({why})") from None
    scheme = "http" if tls is None else "https"
    address = f"{scheme}://{shown}:{door.getsockname()[1]}"
    return Served(address, uvicorn.Server(config), door)
