"""What went wrong, in a code and a sentence."""

from __future__ import annotations

import pickle

import pytest

from civid import errors, problems
from civid.problems import Problem, explain


def test_the_file_is_named_once() -> None:
    told = explain(errors.ImageError("a.png: damaged"), "in/a.png")
    assert told is not None
    assert (told.code, told.message) == ("unreadable-image", "in/a.png: damaged")


def test_words_for_programmers_are_left_out() -> None:
    told = explain(errors.ResolutionError("x.png: no resolution; give dpi=..."), "x.png")
    assert told is not None
    assert told.message == "x.png: no resolution"


def test_a_bug_is_no_problem_of_a_user() -> None:
    assert explain(AssertionError("x")) is None
    assert explain(errors.NativeError("x")) is None


def test_a_problem_explains_itself_and_survives_a_pickle() -> None:
    problem = Problem("nothing", "folder: nothing", "try again")
    assert explain(problem) is problem
    again = pickle.loads(pickle.dumps(problem))
    assert (again.code, again.message, again.advice) == ("nothing", "folder: nothing", "try again")


@pytest.mark.parametrize("kind", [kind for kind, _ in problems._CODES])
def test_every_exception_has_the_code_of_its_row(kind: type[Exception]) -> None:
    error = kind("field", "reason") if issubclass(kind, errors.FieldError) else kind("x")
    told = explain(error)
    assert told is not None
    assert told.code == dict(problems._CODES)[kind]
