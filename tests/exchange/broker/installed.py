"""Brokers to test with: fetched once by Maven, checked, and unpacked into a cache of the user's.

A machine without Java or Maven has no broker: what asks for one is skipped with the reason, or
fails where ``CIVID_BROKER_REQUIRED=1`` says that it must be there (as .ci/run does).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The group and name of the artifact, its version, and SHA-256 of its tar file.
DISTRIBUTIONS = {
    "artemis": (
        "org.apache.activemq:apache-artemis",
        "2.40.0",
        "3add67e7b0af89f81eac1e6c577427b049b4e7502fb278c591838465d5ca93b5",
    ),
    "classic": (
        "org.apache.activemq:apache-activemq",
        "5.18.3",
        "943381aa6d340707de6c42eadbf7b41b7fdf93df604156d972d50c4da783544f",
    ),
}
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


class NoBrokerError(RuntimeError):
    """No broker can be had on this machine, and why."""


def cache() -> Path:
    """Where brokers are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "civid-tests"


def java() -> str:
    """The program that runs them."""
    if (found := shutil.which("java")) is None:
        raise NoBrokerError("no java: apt install default-jdk-headless")
    return found


def home(name: str) -> Path:
    """Folder of an unpacked broker (``artemis`` or ``classic``), fetched if it is not there."""
    java()
    _, version, _ = DISTRIBUTIONS[name]
    place = cache() / f"{name}-{version}"
    if place.is_dir():
        return place
    cache().mkdir(parents=True, exist_ok=True)
    # Two processes of pytest may ask at once; Maven's own folder is not made for that either.
    with (cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.is_dir():
            with tempfile.TemporaryDirectory(dir=cache()) as work:
                unpacked = _unpacked(_fetched(name, Path(work)), Path(work) / "unpacked")
                unpacked.rename(place)
    return place


def _fetched(name: str, into: Path) -> Path:
    """The tar file, as its publisher made it."""
    if (maven := shutil.which("mvn")) is None:
        raise NoBrokerError("no mvn to fetch a broker with: apt install maven")
    artifact, version, digest = DISTRIBUTIONS[name]
    done = subprocess.run(
        [maven, "-q", "-B", _COPY, f"-Dartifact={artifact}:{version}:tar.gz:bin",
         f"-DoutputDirectory={into}"], cwd=into, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise NoBrokerError(f"mvn could not fetch {artifact}:{version}: {lines[:1]}")
    (file,) = into.glob("*.tar.gz")
    if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
        raise NoBrokerError(f"{file.name} is not the file that these tests were written with")
    return file


def _unpacked(file: Path, into: Path) -> Path:
    """Its programs only: no documents, examples or web console."""
    with tarfile.open(file) as archive:
        for member in archive:
            parts = Path(member.name).parts[1:]
            if member.isfile() and parts[:1] in (("lib",), ("bin",)) and "camel" not in parts:
                member.name = str(Path(*parts))
                archive.extract(member, into, filter="data")
    return into


@contextmanager
def skipping() -> Iterator[None]:
    """Without what is asked for inside, a test is skipped; or fails where brokers must be."""
    try:
        yield
    except NoBrokerError as error:
        if os.environ.get("CIVID_BROKER_REQUIRED") == "1":
            raise
        pytest.skip(f"{error}; CIVID_BROKER_REQUIRED=1 makes this a failure")
