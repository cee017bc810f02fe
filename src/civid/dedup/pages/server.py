"""Serve the pages: on this machine alone, or under TLS."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civid.dedup.pages.app import make_app
from civid.dedup.pages.officers import Officers
from civid.dedup.pages.rendering import EXTRA, PURPOSE
from civid.dedup.pages.sessions import Sessions
from civid.dedup.pages.visit import House
from civid.errors import FieldError, RegisterStorageError
from civid.extras import need
from civid.listening import in_url, is_loopback, listening
from civid.register import Register

HOST, PORT = "127.0.0.1", 8460


@dataclass(frozen=True)
class Served:
    """A server that listens and does not answer yet.

    Attributes
    ----------
    address : str
        For the browser.
    server : uvicorn.Server
        ``should_exit`` stops it.
    """

    address: str
    server: Any
    _socket: Any

    def run(self) -> None:
        """Answer until somebody stops it (Ctrl-C, SIGTERM)."""
        self.server.run(sockets=[self._socket])


def listen(
    register: Register,
    officers: Path,
    *,
    host: str = HOST,
    port: int = PORT,
    certificate: Path | None = None,
    private_key: Path | None = None,
    names: tuple[str, ...] = (),
) -> Served:
    """Make the server; call `Served.run`.

    Parameters
    ----------
    register : Register
        Open. Officers act in it with their own rights, whoever opened it.
    officers : Path
        Their file; see `Officers`.
    host, port : str, int
        Where to listen; port 0 takes a free one. Beyond this machine a certificate is needed.
    certificate, private_key : Path, optional
        PEM files for TLS.
    names : tuple of str
        Further names under which browsers ask for it.

    Raises
    ------
    FieldError
        Another machine could listen in: no certificate.
    UnavailableError
        The extra ``civid[pages]`` is not installed.
    RegisterStorageError
        The port is taken, or the certificate cannot be read.
    """
    uvicorn = need("uvicorn", PURPOSE, EXTRA)
    if certificate is None and not is_loopback(host):
        raise FieldError("host", "beyond this machine the pages need a certificate (TLS)")
    secure = certificate is not None
    house = House(register, Officers(officers), Sessions(), platform.node()[:64], secure)
    shown = in_url(host)
    app = make_app(house, hosts=(shown, "127.0.0.1", "localhost", "[::1]", *names))
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False,
        ssl_certfile=None if certificate is None else str(certificate),
        ssl_keyfile=None if private_key is None else str(private_key), lifespan="off",
        limit_concurrency=200, timeout_keep_alive=15, h11_max_incomplete_event_size=16 << 10,
        http="h11", ws="none",
    )  # fmt: skip
    try:
        config.load()
        door = listening(host, port)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise RegisterStorageError(f"the pages cannot be served there ({why})") from None
    address = f"{'https' if secure else 'http'}://{shown}:{door.getsockname()[1]}/"
    return Served(address, uvicorn.Server(config), door)
