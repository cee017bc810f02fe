"""The name of the engine that scores: another one as soon as a score is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import pytest

from civid.fingerprint.comparison_parameters import ComparisonParameters
from civid.fingerprint.scores.calibration import calibrate
from civid.search import FusionParameters
from civid.search.backends.rules import Rules
from civid.search.evidence import compared
from civid.search.parameters import engine
from civid.search.parameters.engine import engine_name


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    engine_name.cache_clear()
    yield
    engine_name.cache_clear()


@pytest.mark.parametrize(
    "rules",
    [
        Rules(comparison=ComparisonParameters(pair_distance=14.01)),
        Rules(comparison=ComparisonParameters(relax_rounds=6)),
        Rules(fusion=FusionParameters(dependence=0.0601)),
    ],
    ids=["pairing", "relaxation", "fusion"],
)
def test_any_change_of_what_scores_is_another_name(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = engine_name()
    engine_name.cache_clear()
    monkeypatch.setattr(engine, "compared", partial(compared, rules=rules))
    assert engine_name() != today
    assert engine_name().partition(" ")[0] == today.partition(" ")[0]


@pytest.mark.parametrize("what", ["COMPARED", "FUSED"])
def test_other_defaults_are_another_name(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little they change of the prints that are asked about."""
    today = engine_name()
    engine_name.cache_clear()
    made = ComparisonParameters(relax_gain=3.0001), FusionParameters(dependence=0.0600001)
    monkeypatch.setattr(engine, what, made[what == "FUSED"])
    assert engine_name() != today


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_table_of_scores_that_was_measured_anew_is_another_name(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = engine_name()

    def anew(raw: int, which: int) -> float:
        return calibrate(raw, which) + (0.001 if (raw, which) == (1000, number) else 0)

    engine_name.cache_clear()
    monkeypatch.setattr(engine, "calibrate", anew)
    assert engine_name() != today


def test_the_prints_that_it_asks_about_are_mates_and_strangers() -> None:
    answers = list(engine._answers())
    assert sum(one > 100 for one in answers) > 60
    assert sum(0 < one < 10 for one in answers) > 60


def test_it_is_the_same_in_every_process_and_on_every_instruction_set() -> None:
    asked = "from civid.search.parameters.engine import engine_name; print(engine_name())"
    for isa in ("portable", ""):
        there = {name: value for name, value in os.environ.items() if name != "CIVID_ISA"}
        environment = there | ({"CIVID_ISA": isa} if isa else {})
        run = [sys.executable, "-c", asked]
        told = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == engine_name()
