"""NIST's ten-print card: fingers cut from its plain impressions are those of its rolled ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage
from civid.fingerprint.slaps import Fault, Hand, Slap, segment, segment_card
from civid.fingerprint.template import Template
from civid.formats import ansi_nist
from civid.position import Position


@pytest.fixture(scope="module")
def card(data: Path) -> dict[int, FingerImage]:
    """The card's pictures by position code."""
    return read(data / "formats" / "an2" / "type-14-tpcard-nqm.an2")


def read(path: Path) -> dict[int, FingerImage]:
    entries = ansi_nist.images(ansi_nist.parse(path.read_bytes()))
    return {
        entry.positions[0]: FingerImage(ansi_nist.decode(entry).pixels, 500.0) for entry in entries
    }


@pytest.fixture(scope="module")
def slaps(card: dict[int, FingerImage]) -> dict[int, Slap]:
    return {code: segment(card[code], position=code) for code in (11, 12, 13, 14)}


@pytest.fixture(scope="module")
def rolled(card: dict[int, FingerImage]) -> dict[int, Template]:
    return {finger: extract(card[finger]) for finger in range(1, 11)}


def test_every_finger_is_found_and_no_phalanx(slaps: dict[int, Slap]) -> None:
    assert [len(slaps[code].fingers) for code in (11, 12, 13, 14)] == [1, 1, 4, 4]
    # The left middle finger is printed beyond the edge of its box.
    assert any(
        one.fault is Fault.CUT_OFF and slaps[14].fingers[one.finger].position == 8
        for one in slaps[14].findings
        if one.finger is not None
    )


def test_each_is_the_rolled_print_of_its_position(
    slaps: dict[int, Slap], rolled: dict[int, Template]
) -> None:
    scores = {}
    for found in slaps.values():
        for one in found.fingers:
            template = extract(one.image)
            against = {finger: compare(template, roll).score for finger, roll in rolled.items()}
            assert max(against, key=against.__getitem__) == one.position
            scores[one.position] = against[one.position]
            assert all(score < 20 for finger, score in against.items() if finger != one.position)
    assert len(scores) == 10
    # The right little finger's print is poor: it is its own best, but not proven.
    assert sum(score > 25 for score in scores.values()) >= 9


def test_the_left_hand_is_told_and_the_right_is_not_said_to_be_left(
    card: dict[int, FingerImage],
) -> None:
    assert segment(card[14]).hand is Hand.LEFT
    assert segment(card[13]).hand is not Hand.LEFT
    assert Fault.OTHER_HAND in segment(card[14], position=13).faults


def test_two_thumbs_in_one_picture(data: Path, rolled: dict[int, Template]) -> None:
    pictures = read(data / "formats" / "an2" / "type-4-14-slaps.an2")
    found = segment(pictures[15], position=15)
    assert [one.position for one in found.fingers] == [Position.LEFT_THUMB, Position.RIGHT_THUMB]
    for one in found.fingers:
        assert compare(extract(one.image), rolled[one.position]).score > 60


def test_the_whole_card(card: dict[int, FingerImage]) -> None:
    """The card put together again from its boxes."""
    row = np.hstack([card[code].pixels for code in (14, 12, 11, 13)])
    above = np.hstack([card[finger].pixels[:740] for finger in (6, 7, 8, 9, 10)])
    width = row.shape[1]
    top = np.full((740, width), 250, np.uint8)
    top[:, : min(width, above.shape[1])] = above[:, :width]
    found = segment_card(np.vstack([top, row]), dpi=500)
    positions = [one.position for slap in found.values() for one in slap.fingers]
    assert positions == [10, 9, 8, 7, 6, 1, 2, 3, 4, 5]
