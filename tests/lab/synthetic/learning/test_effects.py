"""Effects: each one alone, each one off, and the same print again."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lab.synthetic.learning.made import grown

from civid.errors import CividError
from civid.lab.synthetic.learning import (
    EFFECTS,
    Condition,
    Contact,
    Finger,
    Person,
    Sensor,
    SensorKind,
    Skin,
    Surface,
    clean,
    draw_condition,
    finger,
    press,
    without,
)
from civid.lab.synthetic.streams import Stream

#: Everything on, and strongly.
HARSH = Condition(
    Skin(),
    Contact(pressure=0.5),
    Surface(moisture=-0.5, smudge=1.0, ghost=1.0, dirt=2.0),
    Sensor(height=300, width=260, compression="wsq"),
)
OLD = Person(age=78, toil=1.0)


@cache
def worked() -> Finger:
    """A finger that has some of every mark."""
    made = finger(4, person=OLD)
    marks = made.skin
    for plane in (marks.creases, marks.scars, marks.cuts, marks.incipient):
        assert plane.max() > 0.3
    return made


def pixels(condition: Condition) -> npt.NDArray[np.int64]:
    return press(worked(), condition, 9).image.pixels.astype(np.int64)


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_switched_off_leaves_a_different_print(effect: str) -> None:
    alone = clean(HARSH)
    part = EFFECTS[effect]
    value = getattr(getattr(HARSH, part), effect)
    on = replace(alone, **{part: replace(getattr(alone, part), **{effect: value})})
    assert without(on, effect) == alone
    assert (pixels(on) != pixels(alone)).any()


def test_clean_is_the_relief_alone() -> None:
    """No noise is left: ridges reach full ink, and beside the finger all is ground but a rim."""
    taken = press(grown(1), clean(HARSH), 9)
    beside = taken.image.pixels[~taken.mask]
    ground = round(HARSH.sensor.ground)
    assert (np.abs(beside.astype(int) - ground) <= 1).mean() > 0.85
    assert taken.image.pixels.min() == pytest.approx(HARSH.sensor.ridge, abs=1)


def test_one_effect_changes_nothing_of_the_others() -> None:
    """Dirt adds where it lies; elsewhere the print is the same, bit for bit."""
    plain = without(HARSH, "compression", "blur")
    with_dirt, without_dirt = pixels(plain), pixels(without(plain, "dirt"))
    share = (with_dirt != without_dirt).mean()
    assert 0 < share < 0.5
    ghost = pixels(without(plain, "ghost"))
    assert (ghost == with_dirt).mean() > 0.3


def test_moisture_makes_ridges_thin_or_wide() -> None:
    dark = []
    for moisture in (-0.8, -0.4, 0.0, 0.4, 0.8):
        condition = replace(clean(HARSH), surface=Surface(moisture=moisture, uneven=0, dirt=0))
        taken = press(grown(1), condition, 2)
        dark.append(float((taken.image.pixels[taken.mask] < 140).mean()))
    assert dark == sorted(dark)
    assert dark[0] < 0.35
    assert dark[-1] > 0.6


def test_pressure_closes_valleys() -> None:
    dark = []
    for pressure in (-0.8, 0.0, 0.8):
        base = clean(HARSH)
        condition = replace(base, contact=replace(base.contact, pressure=pressure))
        taken = press(grown(1), condition, 2)
        dark.append(float((taken.image.pixels[taken.mask] < 140).mean()))
    assert dark == sorted(dark)


def test_a_smaller_contact_shows_fewer_minutiae() -> None:
    counts = [
        len(press(grown(1), replace(HARSH, contact=Contact(area=area)), 2).minutiae)
        for area in (0.35, 0.7, 1.2)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] / 2


@pytest.mark.parametrize("kind", list(SensorKind), ids=lambda kind: kind.value)
def test_every_sensor_draws_a_print_of_its_size(kind: SensorKind) -> None:
    condition = draw_condition(Stream(3, 1), kind=kind)
    taken = press(grown(1), condition, 1)
    assert taken.image.pixels.shape == (condition.sensor.height, condition.sensor.width)
    assert taken.image.dpi == condition.sensor.dpi
    again = press(grown(1), condition, 1)
    assert again.image.pixels.tobytes() == taken.image.pixels.tobytes()
    assert press(grown(1), condition, 2).image.pixels.tobytes() != taken.image.pixels.tobytes()


@pytest.mark.parametrize("compression", ["jpeg", "wsq"])
def test_compression_loses_little_at_a_low_ratio_and_much_at_a_high_one(compression: str) -> None:
    base = without(HARSH, "compression")
    true = pixels(base)
    errors = []
    for ratio in (3.0, 12.0, 40.0):
        sensor = replace(base.sensor, compression=compression, ratio=ratio)
        errors.append(float(np.abs(pixels(replace(base, sensor=sensor)) - true).mean()))
    assert errors == sorted(errors)
    assert errors[0] < 6


def test_the_same_print_on_every_machine() -> None:
    """Of one seed; a last bit may differ where another processor rounds a sum in another order."""
    taken = press(grown(5), without(HARSH, "compression"), 1)
    assert len(taken.minutiae) == 46
    assert taken.image.pixels.mean() == pytest.approx(158.248, abs=0.05)
    first = taken.minutiae[["x", "y", "angle"]][0].tolist()
    assert first == pytest.approx((126.06, 11.885, 3.225), abs=0.01)


@pytest.mark.parametrize("part", [Skin, Contact, Surface, Sensor], ids=lambda part: part.__name__)
def test_ranges_are_kept(part: Any) -> None:
    ranges = part.RANGES
    assert set(ranges) <= {field.name for field in fields(part)}
    for name, (low, high) in ranges.items():
        for beyond in (low - 1, high + 1, float("nan")):
            with pytest.raises(CividError, match=name):
                part(**{name: beyond})


def test_no_such_effect_or_compression() -> None:
    with pytest.raises(CividError, match="no such effect"):
        without(HARSH, "halo")
    with pytest.raises(CividError, match="compression"):
        Sensor(compression="gif")


def test_every_draw_is_a_condition() -> None:
    """One in 500 had a ghost stronger than a condition takes, and raised."""
    drawn = [draw_condition(Stream(9, k), difficulty=(k % 11) / 10) for k in range(4000)]
    assert max(one.surface.ghost for one in drawn) == 2.0


def test_drawn_conditions_are_within_their_ranges_and_of_all_kinds() -> None:
    drawn = [draw_condition(Stream(seed, 2)) for seed in range(300)]
    assert {one.sensor.kind for one in drawn} == set(SensorKind)
    assert {one.sensor.compression for one in drawn} == {"none", "jpeg", "wsq"}
    moisture = [one.surface.moisture for one in drawn]
    assert min(moisture) < -0.5 < 0.5 < max(moisture)


def test_the_old_are_drier_and_a_named_condition_is_what_it_says() -> None:
    old, young = (
        np.mean([draw_condition(Stream(k, 4), person).surface.moisture for k in range(200)])
        for person in (OLD, Person(age=25, toil=0.0))
    )
    assert old < young - 0.2
    named = draw_condition(Stream(1), OLD, kind=SensorKind.CAPACITIVE, moisture=-0.8)
    assert (named.sensor.kind, named.surface.moisture) == (SensorKind.CAPACITIVE, -0.8)
    careful, hasty = (
        [draw_condition(Stream(k, 5), difficulty=hard).contact.turn for k in range(100)]
        for hard in (0.0, 1.0)
    )
    assert np.std(careful) < np.std(hasty)


def _any(part: Any, **given_ones: Any) -> st.SearchStrategy[Any]:
    """A part of a condition with every number anywhere in its range, often at an end of it."""
    numbers = {
        name: st.one_of(st.sampled_from(ends), st.floats(*ends))
        for name, ends in part.RANGES.items()
    }
    return st.builds(part, **(numbers | given_ones))


@settings(max_examples=15, deadline=None)
@given(
    st.builds(
        Condition,
        _any(Skin),
        _any(Contact),
        _any(Surface),
        _any(
            Sensor,
            height=st.integers(64, 300),
            width=st.integers(64, 300),
            kind=st.sampled_from(SensorKind),
            compression=st.sampled_from(["none", "jpeg", "wsq"]),
        ),
    ),
    st.sampled_from([1, 3, 8, 64]),
)
def test_whatever_is_within_its_range_makes_a_print(condition: Condition, step: int) -> None:
    taken = press(worked(), condition, 1)
    assert taken.image.pixels.shape == (condition.sensor.height, condition.sensor.width)
    truth = taken.truth(step)
    assert np.isfinite(truth.direction).all()
    assert np.isfinite(truth.phase).all()
    assert (truth.period[truth.mask] > 0).all()
    assert ((taken.minutiae["angle"] >= 0) & (taken.minutiae["angle"] < 2 * np.pi)).all()
