"""What only the laboratory and kernels need loads with them alone."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import civid

HEAVY = ("numba", "skimage", "scipy")
#: `lab` is the laboratory, `__main__` runs the command, `_jit` is the door to numba.
LEFT_OUT = ("civid.lab", "civid.__main__", "civid._jit")


def modules() -> list[str]:
    return [
        found.name
        for found in pkgutil.walk_packages(civid.__path__, "civid.")
        if not found.name.startswith(LEFT_OUT) and not found.name.endswith("_kernels")
    ]


def test_nothing_but_the_laboratory_and_kernels_load_numba_or_scikit_image() -> None:
    names = modules()
    assert len(names) > 200
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except ModuleNotFoundError as error:\n"
        "        assert error.name and not error.name.startswith('civid'), error\n"
        "    heavy = [one for one in " + repr(HEAVY) + " if one in sys.modules]\n"
        "    assert not heavy, f'{name} loads {heavy}'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
