"""Build the native extension, wheels and sdists; everything else stands in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).resolve().parent / "native"))

from build_commands import SameSdist, WheelWithSbom

setup(
    cffi_modules=["native/build_ffi.py:ffi"],
    cmdclass={"bdist_wheel": WheelWithSbom, "sdist": SameSdist},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
