"""Which engine scores: a name that is another one as soon as any score may be.

A sweep of a country takes days, and what it has found stands in a checkpoint with its scores. Those
of another comparator, another calibration or another fusion are on another scale, whatever the
version of civid is called; so the name says what the engine answers, not what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from math import tau
from typing import Final

import numpy as np

from civid._native import lib
from civid.fingerprint.comparison_parameters import STANDARD as COMPARED
from civid.fingerprint.scores.calibration import calibrate
from civid.fingerprint.scores.extractors import NAMES
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.arrays.packing import view_of
from civid.search.evidence import compared
from civid.search.parameters.fusing import STANDARD as FUSED

#: Similarities whose score is asked of every calibration: beyond all that prints reach.
_RAW: Final = range(-2000, 8000, 40)
_FINGERS: Final = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
_MINUTIAE: Final = 40
#: People: three impressions of the first, who is a stranger to the other one.
_PEOPLE: Final = ((1, 0), (1, 1), (1, 2), (2, 0))


@lru_cache(maxsize=1)
def engine_name() -> str:
    """The comparator, and a digest: of its constants, of what it answers about made-up prints by
    every pairing of extractors, and of all calibrations. Takes some milliseconds, once.

    >>> engine_name() == engine_name(), engine_name().partition(" ")[0]
    (True, 'civid-comparison/2')
    """
    digest = blake2b(repr((COMPARED.to_dict(), FUSED.to_dict())).encode(), digest_size=4)
    digest.update(np.array([*_answers(), *_calibrated()], "<f4").tobytes())
    return f"{COMPARED.name} {digest.hexdigest()}"


def _answers() -> Iterator[float]:
    views = [
        view_of([(int(place), _print(person, number, int(place), by)) for place in _FINGERS])
        for person, number in _PEOPLE
        for by in NAMES
    ]
    for one in views:
        for other in views:
            score, evidence = compared(one, 0, other, 0)
            yield score
            yield from (term.score for term in evidence)


def _calibrated() -> Iterator[float]:
    for number in range(lib.CIVID_CALIBRATION_COUNT):
        yield from (calibrate(raw, number) for raw in _RAW)


def _print(person: int, number: int, finger: int, extractor: str) -> Template:
    """Minutiae by a congruential generator, which no other library can change. In further
    impressions three in ten are others, and the rest lie where a finger that was pulled has them.
    """
    places, moves = _numbers(997 * person + finger), _numbers(31 * person + 7 * number + finger)
    rows = []
    for _ in range(_MINUTIAE):
        x, y, turn, kind, quality = (next(places) for _ in range(5))
        lost, *change = (next(moves) - 0.5 for _ in range(6))
        if number and lost > 0.2:  # and another one is found elsewhere
            x, y, turn, kind, quality = (one + 0.5 for one in change)
        elif number:  # pulled aside, the more the farther up
            bend = 14 * y * y
            x, y = x + (bend + 12 * change[0]) / 300, y + 12 * change[1] / 300
            turn, quality = turn + change[2] / 20, abs(quality + change[3] / 2) % 1
        rows.append(
            (20 + 230 * x, 20 + 330 * y, tau * (turn % 1), 1 + (kind > 0.5), int(99 * quality))
        )
    return Template(rows, quality=70, width=320, height=400, extractor=extractor)


def _numbers(seed: int) -> Iterator[float]:
    """Numbers from 0 to 1, of 16 bits: `civid.search` need not agree with anybody about them."""
    state = seed
    while True:
        state = (1103515245 * state + 12345) % 2**31
        yield (state >> 15) / 2**16
