"""The examples in the docstrings of every package run."""

from __future__ import annotations

import ast
import contextlib
import doctest
import importlib
import importlib.util
import pkgutil
import re
from pathlib import Path

import pytest

import civid
from civid.errors import UnavailableError

#: What the extras of pyproject.toml bring; a module that needs one of them is skipped without it.
OPTIONAL = {
    "anyio",
    "asn1crypto",
    "cryptography",
    "holidays",
    "segno",
    "zxingcpp",
    "pyfing",
    "nbis",
    "sqlalchemy",
    "alembic",
    "fastapi",
    "multipart",
    "prometheus_client",
    "pydantic",
    "jwt",
    "starlette",
    "uvicorn",
}
#: As many examples are there at least: fewer means that the collection is broken.
FLOOR = 250
MODULES = [
    "civid",
    *sorted(
        found.name
        for found in pkgutil.walk_packages(civid.__path__, "civid.")
        if not found.name.endswith(("._civid", ".__main__"))
    ),
]


def examples(name: str) -> list[doctest.DocTest]:
    """The examples of a module, with the names that it defines."""
    module = importlib.import_module(name)
    tests = doctest.DocTestFinder(exclude_empty=True).find(module, name)
    return [test for test in tests if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name: str) -> None:
    runner = doctest.DocTestRunner(verbose=False)
    try:
        for test in examples(name):
            runner.run(test)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in OPTIONAL:
            raise
        pytest.skip(f"needs {error.name}")
    except UnavailableError as error:  # PyTorch is too large for the tests
        if "civid[train]" not in str(error):
            raise
        pytest.skip(str(error))
    assert runner.summarize(verbose=False).failed == 0


def written(name: str) -> int:
    """Lines of a module's docstrings that are to be run, counted in its text."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = [
        ast.get_docstring(node) or ""
        for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8")))
        if isinstance(node, documented)
    ]
    return len(re.findall(r"^ *>>> ", "\n".join(texts), re.M))


def test_every_example_that_is_written_is_run() -> None:
    run: dict[str, int] = {}
    for name in MODULES:
        with contextlib.suppress(ModuleNotFoundError, UnavailableError):
            run[name] = sum(len(test.examples) for test in examples(name))
    assert run == {name: written(name) for name in run}
    assert sum(run.values()) >= FLOOR
