"""Gates: accept, retry or refuse; what is said with it; values out of range."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError
from civid.fingerprint.extract import EXTRACTOR
from civid.fingerprint.gate import Decision, Gate, Shortfall, rank
from civid.fingerprint.image import FingerImage
from civid.fingerprint.quality import QualityReport, examine
from civid.fingerprint.reasons import Reason
from civid.fingerprint.template import Template
from civid.fingerprint.upload import UploadedPrint
from civid.lab import synthetic
from civid.position import Position

REASONS = st.lists(st.sampled_from(Reason), max_size=3, unique=True).map(tuple)
REPORTS = st.builds(
    QualityReport, st.integers(0, 100), st.integers(0, 255), st.just(100.0), REASONS
)
GATES = st.builds(
    Gate, st.integers(0, 100), st.integers(0, 255), st.integers(0, 5),
    st.none() | st.integers(1, 100),
)  # fmt: skip


@given(GATES, REPORTS, st.integers(1, 8))
def test_every_verdict_is_one_that_the_limits_give(
    gate: Gate, report: QualityReport, attempt: int
) -> None:
    said = gate.judge(report, attempt)
    good = (
        report.quality >= gate.min_quality
        and report.minutiae >= gate.min_minutiae
        and not {Reason.NO_PRINT, Reason.NOT_ONE_FINGER} & set(report.reasons)
    )
    assert good == (said.shortfalls == ())
    if good:
        assert (said.decision, said.poor) == (Decision.ACCEPT, False)
    elif attempt <= gate.retries:
        assert (said.decision, said.poor) == (Decision.RETRY, False)
    else:
        assert said.decision is (Decision.ACCEPT if said.poor else Decision.REFUSE)
        assert not said.poor or rank(report.quality, report.reasons) >= (gate.last_resort or 101)
    # Whoever is sent back is told what to do, and never that the finger is dry and wet.
    if not said.accepted:
        assert said.advice("en")
        assert len(said.advice("vi")) == len(said.advice("en"))
    assert json.loads(json.dumps(said.to_dict()))["decision"] == said.decision.value


@given(GATES, REPORTS, st.integers(1, 8))
def test_no_print_is_never_taken(gate: Gate, report: QualityReport, attempt: int) -> None:
    nothing = QualityReport(report.quality, report.minutiae, 0.0, (Reason.NO_PRINT,))
    assert not gate.judge(nothing, attempt).accepted


@given(GATES)
def test_gates_as_values(gate: Gate) -> None:
    assert Gate.from_dict(gate.to_dict()) == gate
    assert hash(Gate.from_dict(gate.to_dict())) == hash(gate)


@pytest.mark.parametrize(
    ("name", "value"),
    [("min_quality", 101), ("min_quality", -1), ("min_minutiae", 256), ("retries", -1),
     ("retries", 101), ("last_resort", 0), ("last_resort", 101), ("min_quality", 40.5),
     ("min_quality", True), ("min_minutiae", "12")],
)  # fmt: skip
def test_values_out_of_range_are_named(name: str, value: Any) -> None:
    with pytest.raises(FieldError, match=name):
        Gate(**{name: value})
    with pytest.raises(FieldError):
        Gate.from_dict({name: value})


def test_what_is_no_gate() -> None:
    with pytest.raises(FieldError, match="gate"):
        Gate.from_dict({"minimum": 3})


def test_a_real_way_through() -> None:
    """Blank, two fingers, then a good print, as a counter sees them."""
    gate = Gate(min_quality=40, retries=2, last_resort=1)
    good = synthetic.impression(synthetic.master(1), 0, difficulty=0.1).image
    blank = FingerImage(np.full((200, 160), 255, np.uint8), 500.0)
    gap = np.full((good.pixels.shape[0], 60), 250, np.uint8)
    two = FingerImage(np.hstack([good.pixels, gap, good.pixels]), 500.0)
    first, second, third = (
        gate.judge(examine(image), attempt)
        for attempt, image in enumerate((blank, two, good), start=1)
    )
    assert (first.decision, first.shortfalls) == (Decision.RETRY, (Shortfall.NO_PRINT,))
    assert (second.decision, second.shortfalls) == (Decision.RETRY, (Shortfall.NOT_ONE_FINGER,))
    assert (third.decision, third.advice()) == (Decision.ACCEPT, ())
    assert gate.judge(examine(two), 3).poor
    assert gate.judge(examine(blank), 3).decision is Decision.REFUSE


def test_templates_of_others_are_judged_by_their_minutiae() -> None:
    rows = [(10 + 7 * i, 20 + 3 * i, 0.1 * i, 1, 50) for i in range(14)]
    foreign = Template(rows, quality=3, width=300, height=300, extractor="other/2")
    own = Template(rows, quality=3, width=300, height=300, extractor=EXTRACTOR)
    assert Gate().judge(foreign, 9).accepted
    assert Gate().judge(own, 9).shortfalls == (Shortfall.QUALITY,)
    few = Template(rows[:5], quality=90, width=300, height=300)
    said = Gate().judge(few, 9)
    assert said.shortfalls == (Shortfall.MINUTIAE,)
    assert said.advice("vi") == (Reason.TOO_SMALL.advice("vi"),)
    empty = Template([], quality=0, width=300, height=300)
    assert Gate(0, 0, 0, 1).judge(empty).decision is Decision.REFUSE


def test_what_an_upload_holds_is_judged_as_it_is() -> None:
    """An image by its report, a record by its template; nobody has to know which it was."""
    gate = Gate(retries=0)
    image = FingerImage(np.full((200, 160), 255, np.uint8), 500.0)
    template, report = examine(image)
    for print_ in (UploadedPrint(Position.UNKNOWN, image, template, report), examine(image)):
        assert gate.judge(print_) == gate.judge(report)
    record = UploadedPrint(Position.UNKNOWN, None, template, None)
    assert gate.judge(record) == gate.judge(template)


@pytest.mark.parametrize("attempt", [0, -5, True, 1.0, "1", None])
def test_an_attempt_is_counted_from_one(attempt: Any) -> None:
    with pytest.raises(FieldError, match="attempt"):
        Gate().judge(QualityReport(50, 30, 100.0), attempt)


@pytest.mark.parametrize("what", [None, 5, "x", b"x", object()])
def test_what_is_no_print_is_not_judged(what: Any) -> None:
    with pytest.raises(TypeError, match="a gate judges prints"):
        Gate().judge(what)
