from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.fingerprint.template import MAX_SIDE, MINUTIA_DTYPE, Template
from civid.search import encoding

from .prints import same, template


@given(st.integers(0, 2**32), st.integers(0, 255))
def test_every_bit_comes_back(seed: int, count: int) -> None:
    original = template(seed, count)
    data = encoding.encode(original)
    assert same(encoding.decode(data), original)
    assert len(data) == 7 + 14 * count
    assert encoding.count(data) == count


def test_many_records_decode_to_one_array() -> None:
    templates = [template(seed, seed) for seed in (5, 0, 17)]
    together = encoding.minutiae([encoding.encode(one) for one in templates])
    assert len(together) == 22
    for name in together.dtype.names:
        expected = np.concatenate([one.minutiae[name] for one in templates])
        assert together[name].tobytes() == expected.tobytes()


@pytest.mark.parametrize("length", [0, 1, 6, 7, 20, 22, 34])
def test_a_wrong_length_is_damage(length: int) -> None:
    data = (encoding.encode(template(1, 2)) + bytes(4))[:length]
    with pytest.raises(GalleryDamagedError):
        encoding.count(data)


def test_another_version_is_named() -> None:
    data = bytes([9]) + encoding.encode(template(1, 2))[1:]
    with pytest.raises(GalleryFormatError, match="version 9"):
        encoding.decode(data)


def test_the_largest_template_fits() -> None:
    minutiae = template(1, 255).minutiae
    largest = Template(minutiae, 100, MAX_SIDE, MAX_SIDE)
    assert same(encoding.decode(encoding.encode(largest)), largest)


def test_fields_lie_as_in_memory() -> None:
    """`encode` copies rows, not fields."""
    assert encoding._PACKED.names == MINUTIA_DTYPE.names
    for name in MINUTIA_DTYPE.names or ():
        assert (encoding._PACKED.fields or {})[name] == (MINUTIA_DTYPE.fields or {})[name]
