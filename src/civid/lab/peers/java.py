"""One Java process for SourceAFIS: find the jars, compile our small class once, talk to it."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from civid.errors import UnavailableError

CLASS = "SourceAfisBatch"
#: Where the jars are, in the form of a Java class path; or a folder of them.
VARIABLE = "CIVID_SOURCEAFIS"
MAVEN = "com.machinezoo.sourceafis:sourceafis:3.18.1"


def cache_folder() -> Path:
    """Where civid.lab keeps what it compiles: ``$XDG_CACHE_HOME/civid``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "civid"


def jars() -> list[Path]:
    """The jars of SourceAFIS and what it needs.

    Raises
    ------
    UnavailableError
        There are none; the message says how to get them.
    """
    stated = os.environ.get(VARIABLE)
    entries = [Path(part) for part in (stated or str(jar_folder())).split(os.pathsep)]
    found = list[Path]()
    for entry in entries:
        found += sorted(entry.glob("*.jar")) if entry.is_dir() else [entry]
    if not any(jar.name.startswith("sourceafis-") and jar.is_file() for jar in found):
        raise UnavailableError(
            f"SourceAFIS is not here: run python -m civid.lab.peers.java to fetch {MAVEN} with "
            f"Maven, or set {VARIABLE} to a folder that has its jar and those that it needs"
        )
    return found


def jar_folder() -> Path:
    """Where `fetch` puts them."""
    return cache_folder() / "sourceafis"


def fetch() -> Path:
    """Fetch SourceAFIS and what it needs from Maven Central, with the user's own Maven."""
    group, artifact, version = MAVEN.split(":")
    maven = tool("mvn", "install Maven")
    with tempfile.TemporaryDirectory() as folder:
        pom = Path(folder) / "pom.xml"
        pom.write_text(
            '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
            "<groupId>civid</groupId><artifactId>lab</artifactId><version>1</version>"
            f"<dependencies><dependency><groupId>{group}</groupId>"
            f"<artifactId>{artifact}</artifactId><version>{version}</version></dependency>"
            "</dependencies></project>",
            encoding="utf-8",
        )
        target = f"-DoutputDirectory={jar_folder()}"
        goal = "dependency:copy-dependencies"
        subprocess.run([maven, "-q", "-f", str(pom), goal, target], check=True)
    return jar_folder()


def tool(name: str, advice: str) -> str:
    """A program of the user's.

    Raises
    ------
    UnavailableError
        It is not on the PATH.
    """
    path = shutil.which(name)
    if path is None:
        raise UnavailableError(f"{name} is not on the PATH: {advice}")
    return path


def source() -> bytes:
    """Our class."""
    return files("civid.lab.peers").joinpath(f"{CLASS}.java").read_bytes()


def version() -> str:
    """Of SourceAFIS, and of our class."""
    jar = next(jar for jar in jars() if jar.name.startswith("sourceafis-"))
    return f"{jar.stem.removeprefix('sourceafis-')}-{hashlib.sha256(source()).hexdigest()[:8]}"


def compiled(class_path: str) -> Path:
    """The folder of our compiled class; compiled where it is not there yet."""
    key = hashlib.sha256(source() + class_path.encode()).hexdigest()[:16]
    folder = cache_folder() / "java" / key
    if not (folder / f"{CLASS}.class").is_file():
        compiler = tool("javac", "install a JDK, 17 or later")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            file = Path(made) / f"{CLASS}.java"
            file.write_bytes(source())
            done = subprocess.run(
                [compiler, "-nowarn", "-cp", class_path, "-d", made, str(file)],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise UnavailableError(f"javac refuses our class: {done.stderr.strip()[:500]}")
            (Path(made) / f"{CLASS}.class").replace(folder / f"{CLASS}.class")
    return folder


class JavaError(RuntimeError):
    """The Java process ended; its last words are in the message."""


class Batch:
    """The process. One request at a time; the process itself uses all cores."""

    def __init__(self) -> None:
        class_path = os.pathsep.join(map(str, jars()))
        java = tool("java", "install a JDK, 17 or later")
        full = os.pathsep.join([str(compiled(class_path)), class_path])
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [java, "-cp", full, CLASS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._lock = threading.Lock()

    def extract(self, images: Sequence[tuple[float, bytes]]) -> list[bytes | RuntimeError]:
        """Templates of ``(dpi, PNG)``, or why not."""
        request = [b"E", struct.pack(">i", len(images))]
        for dpi, image in images:
            request += [struct.pack(">di", dpi, len(image)), image]
        with self._lock:
            self._send(request)
            return [self._blob() for _ in images]

    def load(self, templates: Sequence[tuple[bool, bytes]]) -> list[int]:
        """Ids of templates, ``(foreign, bytes)``; -1 where the bytes are none."""
        request = [b"L", struct.pack(">i", len(templates))]
        for foreign, data in templates:
            request += [struct.pack(">bi", foreign, len(data)), data]
        with self._lock:
            self._send(request)
            return list(struct.unpack(f">{len(templates)}i", self._read(4 * len(templates))))

    def match(self, probe: int, references: Sequence[int]) -> tuple[float, ...]:
        """Scores of loaded templates."""
        count = len(references)
        with self._lock:
            self._send([struct.pack(f">cii{count}i", b"M", probe, count, *references)])
            return struct.unpack(f">{count}d", self._read(8 * count))

    def show(self, template: bytes) -> bytes:
        """A template as JSON."""
        with self._lock:
            self._send([b"T", struct.pack(">i", len(template)), template])
            text = self._blob()
        if isinstance(text, RuntimeError):
            raise text
        return text

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            with suppress(BrokenPipeError):  # it died with something of ours unread
                self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()

    def _send(self, parts: list[bytes]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"".join(parts))
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._dead() from None

    def _blob(self) -> bytes | RuntimeError:
        (size,) = struct.unpack(">i", self._read(4))
        if size >= 0:
            return self._read(size)
        (size,) = struct.unpack(">i", self._read(4))
        return RuntimeError(self._read(size).decode("utf-8", "replace"))

    def _read(self, size: int) -> bytes:
        assert self._process.stdout is not None
        data = self._process.stdout.read(size)
        if len(data) < size:
            raise self._dead()
        return data

    def _dead(self) -> JavaError:
        self._errors.seek(0)
        return JavaError(self._errors.read()[-500:].decode("utf-8", "replace"))


if __name__ == "__main__":
    print(f"SourceAFIS is in {fetch()}")
