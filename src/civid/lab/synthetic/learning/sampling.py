"""Whole conditions, drawn as captures of a register come, or named by who and what they are."""

from __future__ import annotations

from dataclasses import replace

from civid.lab.synthetic.learning.conditions import (
    Condition,
    Contact,
    Sensor,
    SensorKind,
    Skin,
    Surface,
)
from civid.lab.synthetic.learning.people import Person
from civid.lab.synthetic.streams import Stream

#: Shares of the sensors in a drawn mixture.
_KINDS = (
    (SensorKind.OPTICAL, 0.55),
    (SensorKind.CAPACITIVE, 0.25),
    (SensorKind.SWEEP, 0.10),
    (SensorKind.INK, 0.10),
)


def draw_condition(
    stream: Stream,
    person: Person | None = None,
    *,
    kind: SensorKind | None = None,
    moisture: float | None = None,
    difficulty: float | None = None,
) -> Condition:
    """How a capture of this person may turn out.

    Parameters
    ----------
    stream : Stream
        The draw.
    person : Person, optional
        The old and those who work with their hands have dry fingers more often.
    kind : SensorKind, optional
        On this sensor; by a mixture if not given.
    moisture : float, optional
        -1 (dry) .. 1 (wet); drawn if not given.
    difficulty : float, optional
        0 (guided, careful) .. 1 (in a hurry, partial); drawn if not given, mostly low.

    Examples
    --------
    >>> old_farmer = Person(age=74, toil=0.9)
    >>> hard = draw_condition(
    ...     Stream(1), old_farmer, kind=SensorKind.CAPACITIVE, moisture=-0.8
    ... )
    >>> hard.sensor.kind, hard.surface.moisture
    (<SensorKind.CAPACITIVE: 'capacitive'>, -0.8)
    """
    person = Person() if person is None else person
    share = stream.uniform(0, 1)
    hard = share * share if difficulty is None else difficulty
    drawn = _draw_kind(stream)
    sensor = draw_sensor(stream, drawn if kind is None else kind)
    dry = 0.25 * person.years + 0.25 * person.toil
    wetness = min(1.0, max(-1.0, stream.normal(0.03 - dry, 0.12 + 0.42 * hard)))
    surface = Surface(
        moisture=wetness if moisture is None else moisture,
        uneven=stream.uniform(0.5, 1.5),
        smudge=_strength(stream, 0.8 * hard - 0.75, 0.35),
        ghost=_strength(stream, -0.3, 0.8) if stream.uniform(0, 1) < 0.6 else 0.0,
        dirt=stream.uniform(0.2, 1.6),
    )
    if sensor.kind is SensorKind.SWEEP:
        surface = replace(surface, ghost=0.0)
    return Condition(Skin(), _draw_contact(stream, hard, sensor), surface, sensor)


def _strength(stream: Stream, mean: float, sigma: float) -> float:
    """Often none; never more than a condition may have (one ghost in 500 was)."""
    return min(2.0, max(0.0, stream.normal(mean, sigma)))


def _draw_kind(stream: Stream) -> SensorKind:
    left = stream.uniform(0, 1)
    for kind, share in _KINDS:
        left -= share
        if left < 0:
            return kind
    return SensorKind.OPTICAL


def _draw_contact(stream: Stream, hard: float, sensor: Sensor) -> Contact:
    def near(sigma: float, most: float) -> float:
        return min(most, max(-most, stream.normal(0, sigma)))

    partial = hard * stream.uniform(0, 1)
    roomy = 0.6 if sensor.height < 320 or sensor.width < 280 else 1.0
    return Contact(
        turn=near(6 + 16 * hard, 90),
        right=near(0.5 + 1.6 * hard * roomy, 8),
        up=near(0.7 + 2.2 * hard * roomy, 8),
        area=min(1.35, stream.uniform(0.72, 1.18) * (1 - 0.38 * partial)),
        aside=near(0.3 + 1.5 * hard, 6),
        ahead=near(0.6 + 2.2 * hard, 8),
        pressure=near(0.28 + 0.25 * hard, 1),
        distortion=stream.uniform(0.3, 0.9) + 1.1 * hard * stream.uniform(0, 1),
        rim=stream.uniform(0.5, 1.5),
    )


def draw_sensor(stream: Stream, kind: SensorKind) -> Sensor:
    """One device of its kind."""
    if kind is SensorKind.OPTICAL:
        pale = stream.uniform(0, 1) < 0.2
        ground = stream.uniform(195, 240) if pale else stream.uniform(225, 255)
        height, width = _size(stream, (360, 480), (280, 400))
        sensor = Sensor(
            kind=kind,
            height=height,
            width=width,
            blur=stream.uniform(0.045, 0.085) if pale else stream.uniform(0.02, 0.05),
            ground=ground,
            empty=min(255.0, ground + stream.uniform(-8, 12)),
            ridge=ground - stream.uniform(60, 120) if pale else stream.uniform(15, 90),
            softness=stream.uniform(1.0, 1.8) if pale else stream.uniform(0.5, 1.3),
            noise=stream.uniform(0.3, 1.4),
            light=stream.uniform(0.3, 1.8),
        )
    elif kind is SensorKind.CAPACITIVE:
        grey = stream.uniform(0, 1) < 0.5
        ground = stream.uniform(95, 160) if grey else stream.uniform(215, 250)
        height, width = _size(stream, (280, 380), (240, 320))
        sensor = Sensor(
            kind=kind,
            height=height,
            width=width,
            blur=stream.uniform(0.01, 0.035),
            ground=ground,
            empty=min(255.0, ground + stream.uniform(-30, 15)),
            ridge=stream.uniform(25, 0.55 * ground),
            softness=stream.uniform(0.4, 1.1),
            noise=stream.uniform(0.4, 1.6),
            light=stream.uniform(0.4, 1.4),
        )
    elif kind is SensorKind.SWEEP:
        height, width = _size(stream, (420, 500), (280, 320))
        sensor = Sensor(
            kind=kind,
            height=height,
            width=width,
            dpi=stream.uniform(495, 515),
            blur=stream.uniform(0.02, 0.05),
            ground=stream.uniform(205, 255),
            empty=stream.uniform(50, 250),
            ridge=stream.uniform(0, 40),
            softness=stream.uniform(0.4, 0.9),
            noise=stream.uniform(0.5, 1.8),
            light=stream.uniform(0.4, 1.8),
        )
    else:
        height, width = _size(stream, (440, 500), (360, 440))
        ground = stream.uniform(195, 245)
        sensor = Sensor(
            kind=kind,
            height=height,
            width=width,
            blur=stream.uniform(0.025, 0.05),
            ground=ground,
            empty=ground,
            ridge=stream.uniform(40, 110),
            softness=stream.uniform(0.5, 1.1),
            noise=stream.uniform(0.5, 1.6),
            light=stream.uniform(0.4, 1.4),
        )
    if stream.uniform(0, 1) < 0.25:
        chosen = "wsq" if stream.uniform(0, 1) < 0.6 else "jpeg"
        sensor = replace(sensor, compression=chosen, ratio=stream.uniform(8, 20))
    return sensor


def _size(stream: Stream, tall: tuple[int, int], wide: tuple[int, int]) -> tuple[int, int]:
    return int(stream.uniform(*tall)), int(stream.uniform(*wide))
