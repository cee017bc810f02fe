from __future__ import annotations

import numpy as np
import pytest
from tests.search.prints import template

from civid._native import ffi, lib
from civid._native.buffers import aligned, comparison_scratch
from civid.position import Position
from civid.search.arrays import encoding
from civid.search.arrays.index import Index
from civid.search.arrays.packing import view_of
from civid.search.arrays.parts import Part
from civid.search.arrays.prepared import Prepared
from civid.search.fingers import encoded, finger_set


def add(index: Index, *seeds: int, publish: bool = True) -> None:
    for seed in seeds:
        index.append([str(seed)], [[(2, encoding.encode(template(seed, 5 + seed % 40)))]])
    if publish:
        index.publish()


def block(part: Part) -> bytes:
    target = part.pointer
    return bytes(ffi.buffer(target.block, target.block_size))


def test_memory_starts_at_a_cache_line() -> None:
    for length in (1, 7, 1000):
        assert aligned(length, np.uint8).ctypes.data % 64 == 0
        assert aligned(length, np.float64).shape == (length,)


def test_a_view_does_not_see_what_comes_later() -> None:
    index = Index()
    add(index, 1, 2)
    view = index.part()
    before = block(view)
    add(index, *range(3, 200))  # grows, several times
    assert (view.subjects, view.alive.sum()) == (2, 2)
    assert block(view) == before
    later = index.part()
    assert later.subjects == 199
    assert block(later)[: len(before)] == before


def test_what_is_not_published_is_not_seen_and_can_be_discarded() -> None:
    index = Index()
    add(index, 1)
    add(index, 2, publish=False)
    assert index.part().subjects == 1
    index.discard()
    add(index, 3)
    view = index.part()
    assert (view.subjects, list(view.ids)) == (2, ["1", "3"])


def test_removed_templates_are_overwritten_when_no_search_reads_them() -> None:
    index = Index()
    add(index, 1, 2, 3)
    running = index.part()
    whole = block(running)
    index.publish([1])
    assert block(running) == whole
    assert running.alive.tolist() == [1, 1, 1]
    assert index.part().alive.sum() == 2
    del running
    index.wipe()
    after = block(index.part())
    begin, end = (int(running_offset) for running_offset in index._offsets.data[1:3])
    assert after[begin:end] == bytes(end - begin)
    assert after[:begin] == whole[:begin]
    assert after[end:] == whole[end:]
    assert index.part().ids[1] == ""


def test_compaction_keeps_the_living_in_order() -> None:
    index = Index()
    add(index, *range(10))
    expected = Index()
    add(expected, 1, 4, 9)
    index.publish([0, 2, 3, 5, 6, 7, 8])
    assert list(index.compact()) == [1, 4, 9]
    assert block(index.part()) == block(expected.part())
    assert list(index.part().ids) == ["1", "4", "9"]
    assert index.fingers == 3
    add(index, 11)
    add(expected, 11)
    assert block(index.part()) == block(expected.part())


def test_it_is_compacted_when_most_is_dead() -> None:
    index = Index()
    add(index, *range(1200))
    index.publish(list(range(1000)))
    assert not index.wasteful
    index.publish(list(range(1000, 1100)))
    assert index.wasteful


@pytest.mark.parametrize("field", ["first", "offsets", "positions"])
def test_c_checks_every_array(field: str) -> None:
    """Arrays that do not fit each other are an error, never a read outside the block."""
    scratch = comparison_scratch()
    out, count = ffi.new("civid_candidate_t[]", 4), ffi.new("int64_t *")

    def search(subjects: Prepared, begin: int = 0, end: int = 3, probe: int = 0) -> int:
        pointer = ffi.from_buffer(scratch)
        return int(
            lib.civid_search(
                subjects.pointer, probe, subjects.pointer, begin, end, ffi.NULL, 0.0, pointer,
                len(scratch), out, 4, count,
            )
        )  # fmt: skip

    index = Index()
    add(index, 1, 2, 3)
    subjects = Prepared(index.part(), np.arange(3))
    assert search(subjects) == lib.CIVID_OK
    assert count[0] == 3
    for bad in ((-1, 3), (0, 4), (2, 1), (0, 2**63 - 1)):
        assert search(subjects, *bad) == lib.CIVID_E_COUNT
    for probe in (-1, 3, 2**63 - 1, -(2**63)):
        assert search(subjects, probe=probe) == lib.CIVID_E_COUNT

    worst = {"first": [-1, 1 << 62, 99], "offsets": [1, 1 << 63, 1 << 20], "positions": [11, 255]}
    array = getattr(subjects.pointer, field)
    for value in worst[field]:
        for place in range(1, 3):
            kept, array[place] = array[place], value
            assert search(subjects) != lib.CIVID_OK
            assert count[0] == 0
            array[place] = kept
    assert search(subjects) == lib.CIVID_OK


def test_a_probe_has_the_arrays_of_an_enrolled_subject() -> None:
    fingers = {Position(6): template(3), Position(2): template(4, 0), Position(1): template(5, 1)}
    index = Index()
    index.append([""], [encoded(fingers)])
    index.publish()
    (direct,), enrolled = view_of(finger_set(fingers)).parts, index.part()
    for name in ("offsets", "positions", "first", "alive"):
        assert getattr(direct, name).tolist() == getattr(enrolled, name).tolist()
    sizes = {"block": direct.pointer.block_size, "codes": 8 * len(template(3)) + 8}
    for name, size in (*sizes.items(), ("details", sizes["codes"])):
        one, other = (getattr(part.pointer, name) for part in (direct, enrolled))
        assert bytes(ffi.buffer(one, size)) == bytes(ffi.buffer(other, size))
    assert view_of(finger_set(template(4, 0))).living == 1
