from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tests.search.prints import person, template
from tests.search.views import view_of

from civid._native import check, ffi, lib
from civid._native.buffers import comparison_scratch
from civid.errors import GalleryDamagedError, NativeError
from civid.fingerprint.template import Template
from civid.search.arrays.parts import Part, Slots
from civid.search.arrays.prepared import (
    ALL_POSITIONS,
    Prepared,
    PreparedReferences,
    check_gallery,
)
from civid.search.backends.comparing import wanted_positions
from civid.search.backends.rules import LABELLED, Rules

PEOPLE = [person(1, 1, 2, count=20), None, person(2, 0, 2, 7, count=17), template(3, 8)]


def one_by_one(fingers: list[Template]) -> bytes:
    """Prepared templates, each by its own call."""
    out = b""
    for finger in fingers:
        size = ffi.new("uint64_t *")
        check(lib.civid_prepared_size(len(finger), size))
        to = np.empty(size[0] + 64, np.uint8)
        to = to[-to.ctypes.data % 64 :][: size[0]]
        minutiae = ffi.from_buffer("civid_minutia_t[]", finger.minutiae)
        target = ffi.from_buffer("uint8_t[]", to, require_writable=True)
        check(lib.civid_prepare(minutiae, len(finger), 0, target, size[0]))
        out += to.tobytes()
    return out


def block(prepared: Prepared) -> bytes:
    return bytes(ffi.buffer(prepared.pointer.block, prepared.pointer.block_size))


def part() -> Part:
    return view_of(PEOPLE).parts[0]


def test_unpacks_what_would_have_been_prepared() -> None:
    found = Prepared(part(), np.array([2, 0, 1]))
    first, other = PEOPLE[0], PEOPLE[2]
    assert isinstance(first, dict)
    assert isinstance(other, dict)
    assert block(found) == one_by_one([*other.values(), *first.values()])
    target = found.pointer
    assert list(target.first[0:4]) == [0, 3, 5, 5]
    assert list(target.positions[0:5]) == [0, 2, 7, 1, 2]


def test_unpacks_only_the_positions_that_are_wanted() -> None:
    found = Prepared(part(), np.arange(4), 1 << 2)
    assert list(found.pointer.positions[0:2]) == [2, 2]
    assert list(found.pointer.first[0:5]) == [0, 1, 1, 2, 2]
    assert Prepared(part(), np.empty(0, np.int64)).subjects == 0
    assert block(Prepared(part(), np.arange(4), 0)) == b""


def test_a_probe_wants_its_own_positions_and_the_unknown_one() -> None:
    own = part()
    assert wanted_positions(own, 0, LABELLED) == 0b111
    assert wanted_positions(own, 1, LABELLED) == 1  # nothing to compare anyway
    assert wanted_positions(own, 2, LABELLED) == ALL_POSITIONS
    assert wanted_positions(own, 0, Rules(swapped=True)) == ALL_POSITIONS


def test_damage_is_named() -> None:
    own = part()
    ffi.cast("uint8_t *", own.pointer.block)[20] ^= 1
    with pytest.raises(GalleryDamagedError):
        Prepared(own, np.array([0]))
    assert Prepared(own, np.array([2])).subjects == 1


def test_other_failures_are_not_damage() -> None:
    check_gallery(lib.CIVID_OK)
    with pytest.raises(GalleryDamagedError):
        check_gallery(lib.CIVID_E_CORRUPT)
    with pytest.raises(NativeError):
        check_gallery(lib.CIVID_E_COUNT)
    with pytest.raises(NativeError):
        Prepared(part(), np.array([4]))
    with pytest.raises(NativeError):
        Prepared(part(), np.array([-1]))


def test_workspace_is_clean() -> None:
    assert not comparison_scratch().any()


def same(one: Prepared, other: Prepared) -> bool:
    a, b = one.pointer, other.pointer
    fingers = int(b.finger_count)
    return (
        block(one) == block(other)
        and (one.subjects, a.finger_count, a.subject_count)
        == (other.subjects, fingers, b.subject_count)
        and list(a.offsets[0 : fingers + 1]) == list(b.offsets[0 : fingers + 1])
        and list(a.positions[0:fingers]) == list(b.positions[0:fingers])
        and list(a.first[0 : one.subjects + 1]) == list(b.first[0 : one.subjects + 1])
    )


@pytest.mark.parametrize("room", [0, 3000, 1 << 20])
def test_what_is_held_is_what_would_be_prepared_anew(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    inner = Prepared.__init__

    def counted(self: Prepared, one: Part, slots: Slots, *positions: int) -> None:
        made.extend(slots.tolist())
        inner(self, one, slots, *positions)

    whole = part()
    asked = [(np.array(slots, np.int64), positions)
             for slots in ([0, 2], [2, 1, 3], [], [3, 0, 2], [0])
             for positions in (ALL_POSITIONS, 1 << 2)]  # fmt: skip
    wanted = [Prepared(whole, *one) for one in asked]
    held = PreparedReferences(room)
    monkeypatch.setattr(Prepared, "__init__", counted)
    found = [held.take(whole, *one) for one in asked]
    assert all(map(same, found, wanted))
    assert len(made) == {0: 18, 1 << 20: 8}.get(room, len(made))
    assert 8 <= len(made) <= 18


def test_threads_may_share_what_is_held() -> None:
    whole, held = part(), PreparedReferences(4000)
    slots = [np.array([k % 4, (k + 1) % 4], np.int64) for k in range(400)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: held.take(whole, one, ALL_POSITIONS), slots))
    assert all(same(one, Prepared(whole, two)) for one, two in zip(found, slots, strict=True))
