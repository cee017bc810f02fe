from __future__ import annotations

import numpy as np
import pytest
from tests.search.prints import again, person
from tests.search.views import Subject, view_of

from civid import cpu
from civid._native.buffers import aligned
from civid.errors import GalleryDamagedError, NativeError
from civid.position import Position
from civid.search.arrays import inverted_lists as lists
from civid.search.arrays.inverted_lists import InvertedLists
from civid.search.backends import inverted_index as index
from civid.search.backends.prefilter import prefilter

PEOPLE: list[Subject] = [person(i, 1, 2, count=24) for i in range(60)]
MATES: list[Subject] = [again(person(i, 1, 2, count=24), i) for i in (3, 41)]
REFERENCES = view_of(PEOPLE, dead=(7,)).parts[0]
PROBES = view_of(MATES).parts[0]
Rows = list[list[tuple[int, int, float]]]


def look(cells: int = 16, keep: int = 4, after: np.ndarray | None = None) -> Rows:
    slots = np.arange(2)
    asked = [index.asked(PROBES, slot, 2, cells) for slot in slots.tolist()]
    made = InvertedLists(lists.build(REFERENCES, 0, 60))
    found = index.prefilter(PROBES, slots, asked, REFERENCES, made,
                            keep=keep, fingers=2, cells=cells, after=after)  # fmt: skip
    return [[(int(row["reference"]), int(row["probe"]), float(row["score"])) for row in one]
            for one in found]  # fmt: skip


def test_mates_stand_out_on_every_instruction_set() -> None:
    answers, built = [], []
    for name in cpu.available():
        with cpu.using(name):
            built.append(lists.build(REFERENCES, 0, 60).tobytes())
            answers.append([look(cells) for cells in (1, 5, 16, 64)])
    assert all(one == built[0] for one in built)
    assert all(answer == answers[0] for answer in answers)
    for answer in answers[0]:
        for probe, (rows, mate) in enumerate(zip(answer, (3, 41), strict=True)):
            assert [slot for slot, _, _ in rows] == sorted(slot for slot, _, _ in rows)
            assert {own for _, own, _ in rows} == {probe}
            assert max(rows, key=lambda row: row[2])[0] == mate


def test_those_after_and_part_of_a_part() -> None:
    assert all(len(rows) == 59 for rows in look(keep=99))  # not the dead one
    late, early = look(keep=99, after=np.array([45, 58]))
    assert [slot for slot, _, _ in late] == list(range(45, 60))
    assert [slot for slot, _, _ in early] == [58, 59]
    made = InvertedLists(lists.build(REFERENCES, 30, 50), 30)
    slots = np.array([1])
    asked = [index.asked(PROBES, 1, 1)]
    (found,) = index.prefilter(PROBES, slots, asked, REFERENCES, made, keep=1, fingers=1)
    assert found["reference"].tolist() == [41]


def test_subjects_without_a_finger_and_other_fingers() -> None:
    mixed: list[Subject] = [person(i, *((1, 2, 3)[i % 3 :]), count=24) for i in range(30)]
    part = view_of([*mixed, None]).parts[0]
    made = InvertedLists(lists.build(part, 0, 31))
    assert made.positions == 0b1110
    for mate in (4, 5, 6):
        probes = view_of([again(person(mate, 1, 2, 3, count=24), 1)]).parts[0]
        asked = [index.asked(probes, 0, 2)]
        (found,) = index.prefilter(probes, np.arange(1), asked, part, made, keep=31, fingers=2)
        assert len(found) == 30  # all but the one without fingers
        assert found["reference"][found["score"].argmax()] == mate


def relabelled(one: Subject, names: dict[int, int]) -> Subject:
    assert isinstance(one, dict)
    return {Position(names[at]): template for at, template in one.items() if at in names}


def test_any_finger_is_looked_for_in_the_lists_of_every_position() -> None:
    made = InvertedLists(lists.build(REFERENCES, 0, 60))

    def rows(subject: Subject, fingers: int, *, any_finger: bool) -> list[tuple[int, float]]:
        probes = view_of([subject]).parts[0]
        (found,) = index.prefilter(
            probes, np.arange(1), [index.asked(probes, 0, fingers)], REFERENCES, made,
            keep=60, fingers=fingers, any_finger=any_finger,
        )  # fmt: skip
        return list(zip(found["reference"].tolist(), found["score"].tolist(), strict=True))

    for mate, subject in zip((3, 41), MATES, strict=True):
        mixed = relabelled(subject, {1: 2, 2: 1})
        wide = rows(subject, 2, any_finger=True)
        assert rows(mixed, 2, any_finger=True) == wide  # labels say nothing
        for place in (1, 2):
            single = relabelled(subject, {place: place})
            labelled = dict(rows(single, 1, any_finger=False))
            wrong = relabelled(single, {place: 3 - place})
            other = dict(rows(wrong, 1, any_finger=False))
            either = dict(rows(wrong, 1, any_finger=True))
            unknown = dict(rows(relabelled(single, {place: 0}), 1, any_finger=False))
            assert max(labelled, key=labelled.__getitem__) == mate
            assert max(either, key=either.__getitem__) == mate
            # The fine stage takes each stage's best: never less than the better label.
            assert all(either[k] >= max(labelled[k], other[k]) for k in either)
            assert unknown == either
        for isa in cpu.available():
            with cpu.using(isa):
                assert rows(mixed, 2, any_finger=True) == wide


def test_lists_of_another_part_are_refused() -> None:
    asked = [index.asked(PROBES, slot, 2) for slot in (0, 1)]
    made = InvertedLists(lists.build(REFERENCES, 0, 60))
    slots = np.arange(2)
    with pytest.raises(NativeError):
        index.prefilter(PROBES, slots, asked, PROBES, made, keep=1, fingers=2)
    with pytest.raises(NativeError):
        index.prefilter(PROBES, slots, asked[:1], REFERENCES, made, keep=1, fingers=2)
    with pytest.raises(NativeError):
        index.asked(PROBES, 0, 2, 65)
    other = view_of([person(i, 1, 2, count=20) for i in range(60)]).parts[0]
    with pytest.raises(GalleryDamagedError):
        index.prefilter(PROBES, slots, asked, other, made, keep=1, fingers=2)


def test_blocks_are_read_one_after_the_other() -> None:
    cuts = list(lists.blocks(60, 25, 8))
    assert cuts == [(0, 25), (25, 50), (50, 60)]
    assert list(lists.blocks(57, 25, 8)) == [(0, 25), (25, 57)]
    assert list(lists.blocks(7, 25, 8)) == []
    data = np.concatenate([lists.build(REFERENCES, begin, end) for begin, end in cuts])
    mapped = aligned(len(data), np.uint8)
    mapped[:] = data
    assert [(one.begin, one.end) for one in lists.opened(mapped, 60)] == cuts
    assert lists.opened(mapped[:0], 60) == ()
    for wrong, subjects in ((mapped[:-64], 60), (mapped, 59)):
        with pytest.raises(GalleryDamagedError):
            lists.opened(wrong, subjects)


@pytest.mark.parametrize("cells", [1, 32])
def test_the_fine_stage_of_one_finger_is_that_of_the_scan(cells: int) -> None:
    people: list[Subject] = [person(i, 1, count=24) for i in range(60)]
    references, probes = view_of(people).parts[0], view_of([again(people[3], 3)]).parts[0]
    made, slots = InvertedLists(lists.build(references, 0, 60)), np.arange(1)
    asked = [index.asked(probes, 0, 2, cells)]
    (listed,) = index.prefilter(
        probes, slots, asked, references, made, keep=60, fingers=2, cells=cells
    )
    (scanned,) = prefilter(probes, slots, references, 0, 60, keep=60, fingers=2)
    assert listed["reference"].tolist() == scanned["reference"].tolist()
    # What is left is a quarter of the coarse stage, in standard deviations of this block.
    coarse = 4 * (listed["score"] - scanned["score"])
    assert abs(coarse.mean()) < 0.3
    assert 0.7 < coarse.std() < 1.4
