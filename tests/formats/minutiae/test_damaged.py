"""Damaged records of every format through conversion: a typed error, or a record that is right."""

from __future__ import annotations

import random

import pytest

from civid import Template
from civid.errors import CividError, FormatError
from civid.formats.minutiae.convert import (
    FORMATS,
    MinutiaeSet,
    NeutralCore,
    NeutralDelta,
    NeutralMinutia,
    NeutralView,
    read,
    write,
)
from civid.formats.minutiae.extended import RidgeCount, RidgeCounts, ZonalQuality

ROUNDS = 150


def sound(key: str) -> bytes:
    rows = tuple(NeutralMinutia(1 + i % 2, 9 * i, 8 * i, i / 3, 2 * i) for i in range(20))
    view = NeutralView(
        rows,
        200,
        200,
        197,
        197,
        position=2,
        impression=0,
        quality=50,
        ridge_counts=RidgeCounts(1, (RidgeCount(0, 1, 5), RidgeCount(3, 19, 9))),
        cores=(NeutralCore(5, 6, 1.0),),
        deltas=(NeutralDelta(7, 8, (1.0, 2.0, 3.0)),),
        zones=ZonalQuality(100, 100, 3, bytes(4)),
    )
    data: bytes = FORMATS[key].module().build(write(MinutiaeSet((view, view)), key).record)
    return data


def damaged(data: bytes) -> list[bytes]:
    chance = random.Random(3)
    made = [data[: chance.randrange(len(data))] for _ in range(20)]
    for _ in range(ROUNDS):
        raw = bytearray(data)
        for _ in range(chance.randint(1, 5)):
            # Headers are where most can go wrong.
            at = chance.randrange(min(len(raw), chance.choice((40, len(raw)))))
            raw[at] = chance.choice(
                (0, 255, chance.randrange(256), raw[at] ^ 1 << chance.randrange(8))
            )
        made.append(bytes(raw))
    return made


@pytest.mark.parametrize("source", FORMATS)
def test_what_is_read_is_written_right_into_every_format(source: str) -> None:
    module = FORMATS[source].module()
    written = 0
    for data in damaged(sound(source)):
        try:
            found = read(module.parse(data), source).minutiae
        except FormatError:
            continue
        for target, one in FORMATS.items():
            for options in ({}, {"per_cm": 300}) if ":2011" in target else ({},):
                try:
                    record = write(found, target, **options).record
                except FormatError:
                    continue
                content = one.module().build(record)  # what was written is always right
                assert one.module().parse(content, strict=True) == record
                written += 1
    assert written > (0 if source[:3] in ("min", "xyt") else ROUNDS)


@pytest.mark.parametrize("key", FORMATS)
def test_a_template_or_a_typed_error(key: str) -> None:
    made = 0
    for data in damaged(sound(key)):
        for given in (None, key):
            try:
                templates = Template.all_from_bytes(data, format=given)
            except CividError:
                continue
            for template in templates:
                # The checks that reading leaves out would find nothing.
                again = Template(
                    template.minutiae, template.quality, template.width, template.height
                )
                assert again.minutiae.tobytes() == template.minutiae.tobytes()
                made += 1
    assert made
