"""Wheels for Linux from one sdist, on one machine and without containers: zig is the compiler.

    python .ci/release/wheels.py dist/civid-0.2.0.tar.gz dist [--only x86_64-manylinux]

Zig links against the symbols of any glibc or musl for any CPU, so an old glibc needs no old
distribution. One wheel a target: the extension uses the limited API of CPython 3.11 and serves
every later one. Each wheel is audited: auditwheel says which platforms it may claim, abi3audit that
it keeps to the limited API; whatever disagrees with the name of the wheel stops here. The headers
are those of the interpreter that runs this, which must be CPython 3.11 on a 64-bit Linux.

Needs build, ziglang, auditwheel and abi3audit (``pip install --group release``).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from commands import run


@dataclass(frozen=True, slots=True)
class Target:
    """What zig calls the platform, and what the wheel claims."""

    zig: str
    tag: str


TARGETS = {
    "x86_64-manylinux": Target("x86_64-linux-gnu.2.17", "manylinux_2_17_x86_64"),
    "aarch64-manylinux": Target("aarch64-linux-gnu.2.17", "manylinux_2_17_aarch64"),
    "x86_64-musllinux": Target("x86_64-linux-musl", "musllinux_1_2_x86_64"),
    "aarch64-musllinux": Target("aarch64-linux-musl", "musllinux_1_2_aarch64"),
}


def build(sdist: Path, target: Target, into: Path) -> Path:
    """One wheel, audited."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        run(["tar", "-xzf", str(sdist), "-C", str(work), "--strip-components=1"])
        # distutils splits what CC says at blanks.
        compiler = work / "zigcc"
        compiler.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -m ziglang cc -target {target.zig} "$@"\n'
        )
        compiler.chmod(0o755)
        environment = os.environ | {
            "CC": str(compiler),
            "LDSHARED": f"{compiler} -shared {_libc(target, compiler, work)}",
        }
        command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(work / "out")]
        command += [f"--config-setting=--build-option=--plat-name={target.tag}", str(work)]
        run(command, environment)
        (built,) = (work / "out").glob("*.whl")
        run([sys.executable, "-m", "abi3audit", "--strict", str(built)])
        claimed = run([sys.executable, "-m", "auditwheel", "show", str(built)])
        if target.tag not in claimed:
            raise SystemExit(f"auditwheel does not find {target.tag}:\n{claimed}")
        into.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(built, into / built.name))


def _libc(target: Target, compiler: Path, work: Path) -> str:
    """What to link a musl extension with.

    Zig would put musl itself into it, a second one beside the interpreter's. An empty library with
    the name that musl has at run time leaves all of it to the one that is loaded.
    """
    cpu, _, kind = target.zig.split("-", 2)
    if kind != "musl":
        return ""
    empty, library = work / "empty.c", work / "libc.so"
    empty.touch()
    alone = [
        "-shared",
        "-nostdlib",
        f"-Wl,-soname,libc.musl-{cpu}.so.1",
        "-o",
        str(library),
        str(empty),
    ]
    run([str(compiler), *alone])
    return f"-nostdlib -Wl,--no-as-needed {library}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sdist", type=Path)
    parser.add_argument("into", type=Path)
    parser.add_argument("--only", choices=sorted(TARGETS), action="append")
    options = parser.parse_args()
    for name in options.only or TARGETS:
        made = build(options.sdist.resolve(), TARGETS[name], options.into)
        print(f"{made.name}: {made.stat().st_size / 1e6:.2f} MB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
