from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.prints import same, template

from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.fingerprint.template import MAX_SIDE, MINUTIA_DTYPE, Template
from civid.search.arrays import encoding


@given(st.integers(0, 2**32), st.integers(0, 255))
def test_every_bit_comes_back(seed: int, count: int) -> None:
    original = template(seed, count)
    data = encoding.encode(original)
    assert same(encoding.decode(data), original)
    assert len(data) == 7 + 14 * count
    assert encoding.count(data) == count


@given(
    st.integers(0, 255), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=64)
)
def test_who_made_it_comes_back(count: int, name: str) -> None:
    original = dataclasses.replace(template(4, count), extractor=name)
    data = encoding.encode(original)
    assert same(encoding.decode(data), original)
    assert encoding.decode(data).extractor == name
    assert encoding.minutiae([data, data]).tobytes() == original.minutiae.tobytes() * 2
    assert data[0] == (2 if name else 1)


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"x", lambda d: d[: 7 + 28]])
def test_a_cut_name_of_an_extractor_is_damage(change: Callable[[bytes], bytes]) -> None:
    data = encoding.encode(dataclasses.replace(template(1, 2), extractor="civid-classical/1"))
    with pytest.raises(GalleryDamagedError):
        encoding.count(change(data))


def test_a_name_that_is_no_ascii_is_damage() -> None:
    data = encoding.encode(dataclasses.replace(template(1, 2), extractor="abc"))
    with pytest.raises(GalleryDamagedError, match="ASCII"):
        encoding.decode(data[:-1] + b"\xe9")


def test_many_records_decode_to_one_array() -> None:
    templates = [template(seed, seed) for seed in (5, 0, 17)]
    together = encoding.minutiae([encoding.encode(one) for one in templates])
    assert len(together) == 22
    for name in together.dtype.names:  # type: ignore[union-attr]
        expected = np.concatenate([one.minutiae[name] for one in templates])
        assert together[name].tobytes() == expected.tobytes()


def test_many_at_once_are_as_one_by_one() -> None:
    names = ("", "abc", "civid-classical/1")
    templates = [
        dataclasses.replace(template(seed, seed), extractor=name)
        for seed, name in zip((5, 0, 17), names, strict=True)
    ]
    made = encoding.encode_many(templates)
    assert made.records == [encoding.encode(one) for one in templates]
    assert made.counts.tolist() == [5, 0, 17]
    assert made.minutiae.tobytes() == b"".join(one.minutiae.tobytes() for one in templates)
    assert all(map(same, map(encoding.decode, made.records), templates))


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
        assert (encoding._PACKED.fields or {})[name] == (MINUTIA_DTYPE.fields or {})[name]  # type: ignore[index]
