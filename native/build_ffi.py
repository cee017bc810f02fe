"""Tell cffi what the C library looks like: civid.h between its two cdef marks.

Used by setup.py (``cffi_modules``). ``CIVID_SANITIZE=1`` builds with ASan and UBSan,
``CIVID_WERROR=1`` turns warnings into errors, ``CIVID_DEBUG=1`` builds without optimisation.
"""

import os
import re
import sys
from pathlib import Path

from cffi import FFI

NATIVE = Path("native")


def declarations() -> str:
    text = (NATIVE / "include" / "civid.h").read_text(encoding="utf-8")
    inside = text.split("/* cdef: begin */")[1].split("/* cdef: end */")[0]
    return re.sub(r"/\*.*?\*/", "", inside, flags=re.S)


def compile_args() -> list[str]:
    if sys.platform == "win32":
        return ["/std:c11", "/O2", "/fp:precise", "/experimental:c11atomics"]
    # No contraction to FMA: the same bits on every CPU matter more than a few percent.
    args = ["-std=c11", "-ffp-contract=off", "-fvisibility=hidden", "-Wall", "-Wextra"]
    # A build for others keeps no debug information: half the size, and no path of this machine.
    args += ["-O0", "-g"] if os.environ.get("CIVID_DEBUG") else ["-O3", "-g0"]
    if os.environ.get("CIVID_WERROR"):
        args.append("-Werror")
    if os.environ.get("CIVID_SANITIZE"):
        args += ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g"]
    return args


def link_args() -> list[str]:
    if sys.platform == "win32":
        return []
    if os.environ.get("CIVID_SANITIZE"):
        return ["-fsanitize=address,undefined"]
    strip = sys.platform == "linux" and not os.environ.get("CIVID_DEBUG")
    return ["-Wl,--strip-all"] if strip else []


ffi = FFI()
ffi.cdef(declarations())
ffi.set_source(
    "civid._native._civid",
    '#include "civid.h"',
    sources=sorted(path.as_posix() for path in (NATIVE / "src").rglob("*.c")),
    include_dirs=[str(NATIVE / "include"), str(NATIVE / "src")],
    depends=sorted(path.as_posix() for path in NATIVE.rglob("*.h")),
    extra_compile_args=compile_args(),
    extra_link_args=link_args(),
    py_limited_api=True,
)
