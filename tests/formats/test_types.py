"""A record made by hand with a field of another type is refused with the field's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from tests.fuzz.seeds import made_files

from civid import formats
from civid.errors import CividError, FormatError
from civid.formats._types import misfit, typed
from civid.formats.minutiae.iso19794_2_2005 import Record
from civid.position import Position

WRONG = [None, "x", 1.5, 10**30, (), [None], object(), b"", {"a": 1}, "\ud800"]


def variants(record: Any, depth: int = 0) -> Iterator[Any]:
    """The record with one field, at any depth, replaced by something else."""
    if is_dataclass(record) and depth < 6:
        for one in fields(record):
            if not one.init:
                continue
            value = getattr(record, one.name)
            for other in (*WRONG, *variants(value, depth + 1)):
                try:
                    yield replace(record, **{one.name: other})  # type: ignore[type-var]
                except CividError:
                    continue
    elif isinstance(record, tuple) and record and type(record) is tuple:
        for other in (*WRONG, *variants(record[0], depth + 1)):
            yield (other, *record[1:])


RECORDS = {
    key: formats.parse(data, key)
    for key, data in ((formats.sniff(data) or key, data) for key, data in made_files())
    if not hasattr(formats.parse(data, key), "pixels")
}


@pytest.mark.parametrize("key", RECORDS)
def test_a_field_of_another_type_is_named(key: str) -> None:
    refused = 0
    for wrong in variants(RECORDS[key]):
        try:
            formats.build(wrong, key)
        except CividError:
            refused += 1
    assert refused > 10


def test_the_place_of_a_misfit_is_told() -> None:
    record = RECORDS["iso19794-2:2005"]
    assert isinstance(record, Record)
    view = record.views[0]
    wrong = replace(record, views=(view, replace(view, minutiae=(*view.minutiae[:2], None))))
    with pytest.raises(FormatError) as told:
        formats.build(wrong)
    assert told.value.field == "views[1].minutiae[2]"


@pytest.mark.parametrize(
    ("value", "wanted", "field"),
    [
        ({"a": "b"}, dict[str, int], "[...]"),
        ([1], dict[str, int], "record"),
        ({1: 1}, dict[str, int], "record"),
        ((1,), tuple[int, int], "record"),
        ("ab", tuple[str, ...], "record"),
        (99, Position, "record"),
        ("\ud800", str, "record"),
        (1.5, int | None, "record"),
        ((1, "x"), tuple[int, ...] | None, "record"),
    ],
)
def test_what_does_not_fit(value: object, wanted: Any, field: str) -> None:
    found = misfit(value, wanted)
    assert found is not None
    assert found.field == field


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(1, int), (2, float), (memoryview(b"a"), bytes), ([1, 2], tuple[int, ...]), (7, Position),
     (None, int | None), ({"a": (1,)}, dict[str, tuple[int, ...]]), (object(), Any)],
)  # fmt: skip
def test_what_fits(value: object, wanted: Any) -> None:
    assert misfit(value, wanted) is None


def test_a_fault_of_ours_is_not_hidden() -> None:
    @typed
    def build(record: int) -> bytes:
        raise TypeError("ours")

    with pytest.raises(TypeError, match="ours"):
        build(3)
