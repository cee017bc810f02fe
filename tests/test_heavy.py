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


def test_the_package_alone_loads_neither_numpy_nor_a_part_of_itself() -> None:
    """That is what keeps `import civid` at a few milliseconds (benchmarks/import_cost.py)."""
    code = (
        "import sys; before = set(sys.modules); import civid; civid.__version__, dir(civid)\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded <= {"civid", "importlib", "warnings"}
    assert [name for name in done.stdout.split() if name.startswith("civid")] == ["civid"]


def test_the_version_is_told_without_the_commands() -> None:
    code = (
        "import sys; sys.argv = ['civid', '--version']; from civid.cli import main; main()\n"
        "assert 'typer' not in sys.modules and 'numpy' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"civid {civid.__version__}\n"
