"""Packed templates through cffi: whatever is packed comes back as it would have been prepared."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from civid._native import address, ffi, lib
from civid.fingerprint.template import MINUTIA_DTYPE

Bytes = npt.NDArray[np.uint8]


def _minutiae(count: int, seed: int, side: float) -> npt.NDArray[np.void]:
    rng = np.random.default_rng(seed)
    minutiae = np.zeros(count, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(0, side, (2, count))
    minutiae["angle"] = rng.uniform(0, 2 * np.pi, count)
    minutiae["kind"] = rng.integers(0, 3, count)
    minutiae["quality"] = rng.integers(0, 101, count)
    return minutiae


def _memory(size: int) -> Bytes:
    return np.zeros((size + 7) // 8, np.uint64).view(np.uint8)[:size]


def _prepared_size(count: int) -> int:
    size = ffi.new("uint64_t *")
    assert lib.civid_prepared_size(count, size) == lib.CIVID_OK
    return int(size[0])


def _pack(minutiae: npt.NDArray[np.void], extractor: int = 0) -> Bytes:
    size = ffi.new("uint64_t *")
    assert lib.civid_packed_size(len(minutiae), size) == lib.CIVID_OK
    packed = _memory(int(size[0]))
    status = lib.civid_pack(
        address(minutiae, "civid_minutia_t[]"),
        len(minutiae),
        extractor,
        address(packed, "uint8_t[]"),
        len(packed),
    )
    assert status == lib.CIVID_OK
    return packed


def _unpack(packed: Bytes, count: int) -> tuple[int, Bytes]:
    prepared = _memory(_prepared_size(count))
    status = lib.civid_unpack(
        address(packed, "uint8_t[]"), len(packed), address(prepared, "uint8_t[]"), len(prepared)
    )
    return int(status), prepared


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 255),
    st.integers(0, 2**32),
    st.sampled_from([3.0, 300.0, 2048.0]),
    st.integers(0, lib.CIVID_EXTRACTOR_COUNT - 1),
)
@example(0, 0, 300.0, 1)
@example(1, 0, 300.0, 0)
@example(8, 0, 300.0, 1)
@example(9, 0, 300.0, 0)
@example(255, 0, 300.0, 1)
def test_unpacking_gives_the_bytes_of_preparing(
    count: int, seed: int, side: float, extractor: int
) -> None:
    minutiae = _minutiae(count, seed, side)
    packed = _pack(minutiae, extractor)
    assert len(packed) == 8 + 8 * count
    wanted = _memory(_prepared_size(count))
    status = lib.civid_prepare(
        address(minutiae, "civid_minutia_t[]"),
        count,
        extractor,
        address(wanted, "uint8_t[]"),
        len(wanted),
    )
    assert status == lib.CIVID_OK
    status, got = _unpack(packed, count)
    assert status == lib.CIVID_OK
    assert got.tobytes() == wanted.tobytes()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.data())
def test_damage_is_refused_and_nothing_written(count: int, data: st.DataObject) -> None:
    packed = _pack(_minutiae(count, count, 300.0))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    status, got = _unpack(packed, count)
    assert status == lib.CIVID_E_CORRUPT
    assert not got.any()


def test_the_layout_is_the_documented_one() -> None:
    minutiae = _minutiae(3, 1, 300.0)
    packed = _pack(minutiae)
    assert packed[4:8].tolist() == [1, 3, 0, 0]
    x, y = packed[8:14].view("<i2"), packed[14:20].view("<i2")
    angle, kind, quality, index = packed[20:].reshape(4, 3)
    order = minutiae[index]
    assert np.array_equal(x, np.floor(order["x"] * 4 + 0.5))
    assert np.array_equal(y, np.floor(-order["y"] * 4 + 0.5))
    assert (np.diff(y) >= 0).all()
    assert np.array_equal(angle, np.floor(order["angle"] * 128 / np.pi + 0.5) % 256)
    assert np.array_equal(kind, order["kind"])
    assert np.array_equal(quality, order["quality"])
