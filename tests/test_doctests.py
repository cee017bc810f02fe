"""The examples in the docstrings of every package run."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import pkgutil

import pytest

import civid

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
    assert runner.summarize(verbose=False).failed == 0


def test_there_are_examples() -> None:
    count = 0
    for name in MODULES:
        with contextlib.suppress(ModuleNotFoundError):
            count += sum(len(test.examples) for test in examples(name))
    assert count >= FLOOR
