from __future__ import annotations

import numpy as np
import pytest
from tests.search.prints import again, impression, person, template
from tests.search.views import Subject, view_of

from civid import cpu
from civid._native import ffi
from civid.errors import GalleryDamagedError, NativeError
from civid.position import Position
from civid.search.arrays.parts import Part
from civid.search.backends.prefilter import MAX_PROBES, measure, prefilter, workspace

PEOPLE: list[Subject] = [person(i, 1, 2, count=24) for i in range(60)]
MATES: list[Subject] = [again(person(i, 1, 2, count=24), i) for i in (3, 41)]


def part_of(subjects: list[Subject]) -> Part:
    return view_of(subjects).parts[0]


def test_mates_stand_out_on_every_instruction_set() -> None:
    references, probes = part_of(PEOPLE), part_of(MATES)
    answers = []
    for name in cpu.available():
        with cpu.using(name):
            found = prefilter(probes, np.arange(2), references, 0, 60, keep=4, fingers=2)
            answers.append([one.tolist() for one in found])
    assert all(answer == answers[0] for answer in answers)
    for one, mate in zip(answers[0], (3, 41), strict=True):
        assert len(one) == 4
        assert [slot for _, slot, _, _ in one] == sorted(slot for _, slot, _, _ in one)
        score = {slot: score for _, slot, score, _ in one}
        assert max(score, key=lambda slot: score[slot]) == mate
        assert score[mate] > 6 > -6 < min(score.values())


def test_ranges_and_those_after() -> None:
    references, probes = part_of(PEOPLE), part_of(MATES)
    first, second = prefilter(probes, np.array([1, 0]), references, 20, 50, keep=99, fingers=1)
    assert first["reference"].tolist() == second["reference"].tolist() == list(range(20, 50))
    assert set(first["probe"].tolist()) == {1}
    after = np.array([45, -3])
    late, early = prefilter(
        probes, np.arange(2), references, 20, 50, keep=99, fingers=1, after=after
    )
    assert late["reference"].tolist() == list(range(45, 50))
    assert early["reference"].tolist() == list(range(20, 50))
    assert prefilter(probes, np.arange(0), references, 0, 60, keep=1, fingers=1) == []


def test_labels_are_trusted_unless_told() -> None:
    finger = template(5, 30)
    others: list[Subject] = [{position: impression(finger, 1)} for position in person(1, 1, 2, 0)]
    references, probe = part_of(others), part_of([{Position(1): finger}])
    (trusted,) = prefilter(probe, np.arange(1), references, 0, 3, keep=3, fingers=2)
    (any_one,) = prefilter(
        probe, np.arange(1), references, 0, 3, keep=3, fingers=2, any_finger=True
    )
    assert trusted["reference"].tolist() == [0, 2]
    assert any_one["reference"].tolist() == [0, 1, 2]


def test_too_much_is_refused() -> None:
    part = part_of(PEOPLE[:2])
    with pytest.raises(NativeError):
        prefilter(part, np.zeros(MAX_PROBES + 1, np.int64), part, 0, 2, keep=1, fingers=1)
    with pytest.raises(NativeError):
        prefilter(part, np.array([2]), part, 0, 2, keep=1, fingers=1)
    with pytest.raises(NativeError):
        prefilter(part, np.array([0]), part, 0, 3, keep=1, fingers=1)
    assert workspace(1, 1).ctypes.data % 64 == 0


def test_damage_is_named() -> None:
    part = part_of(PEOPLE[:3])
    ffi.cast("uint8_t *", part.pointer.block)[4] = 9  # its version
    with pytest.raises(GalleryDamagedError):
        prefilter(part, np.array([2]), part, 0, 3, keep=1, fingers=1)


def test_measures_every_pair() -> None:
    prints = [template(1, 30), template(2, 12), template(3, 0), impression(template(1, 30), 7)]
    scan, agree = measure(prints)
    assert scan.shape == agree.shape == (4, 4)
    assert not scan[2].any()
    assert not agree[:, 2].any()
    for values, most in ((scan, 20), (agree, 44)):
        assert values.diagonal().tolist() == [most * 30, most * 12, 0, most * len(prints[3])]
        assert values[0, 3] > 2 * values[0, 1]
    none = measure([])
    assert none[0].shape == (0, 0)
