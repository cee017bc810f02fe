"""What ``civid abis`` is put together from: secrets, keys, the engine, signals."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from civid.cli.console.galleries import read_keys
from civid.cli.console.problems import Exit, Problem, explain, usage
from civid.errors import CividError

if TYPE_CHECKING:
    import ssl

    from civid.exchange.abis import Abis
    from civid.exchange.datashare import MosipDecryptor
    from civid.exchange.worker import Worker

PASSWORD = "CIVID_BROKER_PASSWORD"
CLIENT_SECRET = "CIVID_CLIENT_SECRET"
KEY_PASSWORD = "CIVID_PARTNER_KEY_PASSWORD"
_LONGEST_SECRET = 4096


def secret(file: Path | None, variable: str) -> str:
    """A secret out of a file, or out of the environment."""
    if file is None:
        return os.environ.get(variable, "")
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.read(_LONGEST_SECRET).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise explain(error, file) or usage(f"{file}: not a text") from error


def address_of(text: str) -> tuple[str, int] | None:
    """``host:port``, or ``none``."""
    if text == "none":
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise usage("--metrics: expected host:port, or none")
    return host.strip("[]"), int(port)


def authorities(file: Path | None) -> ssl.SSLContext | None:
    """What servers' certificates are checked against; None = by the system's authorities."""
    if file is None:
        return None
    import ssl

    try:
        return ssl.create_default_context(cafile=file)
    except ssl.SSLError:
        raise usage(f"--authority: {file} holds no certificates") from None
    except OSError as error:
        raise explain(error, file) or error from error


def decryptor_of(files: list[Path]) -> MosipDecryptor | None:
    """What opens data shares; None = they are not encrypted."""
    from civid.exchange.datashare import MosipDecryptor, read_private_key

    found = []
    for file in files:
        try:
            found.append(read_private_key(file, os.environ.get(KEY_PASSWORD)))
        except OSError as error:
            raise explain(error, file) or error from error
    return MosipDecryptor(*found) if found else None


def open_engine(folder: Path, keys: Path | None, *, create: bool, threads: int) -> Abis:
    """The engine, to write."""
    from civid.exchange.abis import Abis

    if not create and not (folder / "gallery").exists():
        # A mistyped path would be an engine that knows nobody.
        raise Problem(
            "no-such-gallery", f"{folder}: there is no engine", "check the path, or add --create"
        )
    try:
        return Abis.open(folder, keys=read_keys(keys), create=create, threads=threads)
    except CividError as error:
        raise explain(error, folder) or error from error


def run_until_told(worker: Worker) -> None:
    """Run until the first SIGTERM or Ctrl-C has been followed; the second ends the process."""
    told = 0

    def hear(_number: int, _frame: FrameType | None) -> None:
        nonlocal told
        told += 1
        if told > 1:
            os._exit(Exit.INTERRUPTED)

    failed: list[BaseException] = []

    def work() -> None:
        try:
            worker.run()
        except BaseException as error:
            failed.append(error)

    # The worker has a thread of its own: a handler may run in the middle of anything, and must
    # not wait for a lock that is held there.
    before = {one: signal.signal(one, hear) for one in (signal.SIGTERM, signal.SIGINT)}
    thread = threading.Thread(target=work, name="civid-abis")
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.2)
            if told:
                worker.stop()
                thread.join()
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    if failed:
        raise failed[0]
