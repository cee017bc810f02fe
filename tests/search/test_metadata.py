"""Metadata: what they may be, and that a gallery keeps them whatever becomes of the subject."""

from __future__ import annotations

import copy
import json
import math
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search.prints import person, same
from tests.search.stores import KEYS

from civid.errors import (
    FieldError,
    GalleryDamagedError,
    GalleryFormatError,
    SubjectNotFoundError,
    TemplateError,
)
from civid.position import Position
from civid.search import Gallery, Metadata
from civid.search.metadata import decode, encode

INDEX, RING = Position.RIGHT_INDEX, Position.LEFT_RING
names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=8)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)
metadata = st.builds(
    Metadata, st.dictionaries(names, values, max_size=5), st.sets(names, max_size=4)
)


@pytest.fixture(params=["memory", "folder", "encrypted"])
def gallery(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Gallery]:
    if request.param == "memory":
        made = Gallery()
    else:
        keys = KEYS if request.param == "encrypted" else None
        made = Gallery.open(tmp_path / "gallery", keys=keys, background=False)
    with made:
        yield made


@given(metadata)
def test_what_is_stored_is_read(one: Metadata) -> None:
    again = decode(encode(one))
    assert again == one
    assert json.loads(json.dumps(again.to_dict())) == one.to_dict()
    assert {type(v) for v in again.values.values()} == {type(v) for v in one.values.values()}
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
    assert hash(again) == hash(one)


@pytest.mark.parametrize(
    ("given_values", "tags"),
    [
        ({"a": [1]}, ()),
        ({"a": math.nan}, ()),
        ({"a": math.inf}, ()),
        ({"a": 1 << 63}, ()),
        ({"a": b"x"}, ()),
        ({"a": "\ud800"}, ()),
        ({1: "a"}, ()),
        ({"": "a"}, ()),
        ({"a" * 65: "a"}, ()),
        ({"a\n": "a"}, ()),
        ({"secret": "x" * 2048}, ()),
        ({str(i): i for i in range(33)}, ()),
        ([], ()),
        ({}, "tag"),
        ({}, [""]),
        ({}, ["a\0"]),
        ({}, ["x" * 65]),
        ({}, [1]),
        ({}, map(str, range(17))),
    ],
)
def test_what_cannot_be_kept_is_refused_before_anything_changes(
    given_values: object, tags: object
) -> None:
    with pytest.raises(FieldError) as caught:
        Metadata(given_values, tags)
    assert caught.value.field in ("metadata", "tags")
    assert "secret" not in str(caught.value)


@given(st.binary(max_size=40))
def test_bytes_that_are_none_are_damage(data: bytes) -> None:
    with pytest.raises((GalleryDamagedError, GalleryFormatError)):
        decode(data)
    with pytest.raises(GalleryDamagedError):
        decode(b"\1" + data)


def test_they_stay_with_a_subject_and_go_with_it(gallery: Gallery) -> None:
    kept = Metadata({"unit": "079", "year": 2026, "left": None}, tags=["border", "thử"])
    gallery.enroll("a", person(1), metadata=kept)
    gallery.enroll_many({"b": person(2), "c": person(3)}, metadata={"c": {"x": 1.5}})
    assert gallery.metadata("a") == kept
    assert gallery.metadata("b") == Metadata()
    assert not gallery.metadata("b")
    gallery.compact()
    gallery.set_metadata("b", {"y": True})
    gallery.put_finger("a", RING, person(4)[INDEX])
    gallery.compact(purge=True)
    assert gallery.metadata("a") == kept
    assert gallery.metadata("b").values == {"y": True}
    assert gallery.metadata("c").values == {"x": 1.5}
    gallery.check_integrity()
    gallery.enroll("a", person(5), replace=True)
    assert gallery.metadata("a") == Metadata()
    assert gallery.search(person(5), tag="border") == []
    gallery.set_metadata("b", {})
    assert not gallery.metadata("b")
    gallery.remove("c")
    gallery.check_integrity()
    with pytest.raises(SubjectNotFoundError):
        gallery.metadata("c")
    with pytest.raises(SubjectNotFoundError):
        gallery.set_metadata_many({"b": {"z": 1}, "c": {}})
    assert not gallery.metadata("b")


def test_a_change_that_fails_leaves_them(gallery: Gallery) -> None:
    gallery.enroll("a", person(1), metadata={"x": 1})
    changes = gallery.changes
    with pytest.raises(FieldError):
        gallery.set_metadata_many({"a": {"x": 2}, "b": {}} | {"a": {"x": [2]}})  # type: ignore[dict-item]
    with pytest.raises(FieldError):
        gallery.enroll("b", person(2), metadata={"x": [2]})  # type: ignore[dict-item]
    assert (gallery.metadata("a").values, gallery.changes, len(gallery)) == ({"x": 1}, changes, 1)


def test_one_finger_is_added_replaced_and_removed(gallery: Gallery) -> None:
    gallery.enroll_many({"a": person(1), "b": person(2)})
    gallery.put_finger("a", RING, person(3)[INDEX])
    assert list(gallery.get("a")) == [INDEX, RING]
    assert list(gallery) == ["b", "a"]
    assert gallery.search({RING: person(3)[INDEX]}, 1)[0].subject_id == "a"
    gallery.put_finger("a", RING, person(4)[INDEX])
    assert same(gallery.get("a")[RING], person(4)[INDEX])
    gallery.compact()
    gallery.remove_finger("a", INDEX)
    assert list(gallery.get("a")) == [RING]
    assert gallery.search(person(1), among=["a"]) == []
    for wrong in (INDEX, Position.UNKNOWN):
        with pytest.raises(SubjectNotFoundError):
            gallery.remove_finger("a", wrong)
    with pytest.raises(TemplateError):
        gallery.remove_finger("a", RING)
    with pytest.raises(SubjectNotFoundError):
        gallery.put_finger("nobody", RING, person(4)[INDEX])
    with pytest.raises(TemplateError):
        gallery.put_finger("a", "left ear", person(4)[INDEX])
    assert list(gallery.get("a")) == [RING]
    assert gallery.fingers == 2
    gallery.check_integrity()


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["set", "finger", "remove", "enroll", "compact"]),
                  st.integers(0, 5), metadata),
        max_size=12,
    ),
    st.booleans(),
)  # fmt: skip
def test_a_folder_keeps_what_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, Metadata]], locked: bool
) -> None:
    path, keys = tmp_path_factory.mktemp("g") / "g", KEYS if locked else None
    model: dict[str, Metadata] = {}
    with (
        Gallery.open(path, background=False, keys=keys) as writer,
        Gallery.open(path, read_only=True, keys=keys) as reader,
    ):
        for what, number, one in steps:
            name = str(number)
            if what == "enroll":
                writer.enroll(name, person(number, count=6), replace=True, metadata=one)
                model[name] = one
            elif what == "compact":
                writer.compact(purge=True)
            elif name in model:
                if what == "set":
                    writer.set_metadata(name, one)
                    model[name] = one
                elif what == "finger":
                    writer.put_finger(name, RING, person(number, count=6)[INDEX])
                else:
                    writer.remove(name)
                    del model[name]
            reader.refresh(writer.changes)
        for open_one in (writer, reader):
            assert {name: open_one.metadata(name) for name in open_one} == model
            open_one.check_integrity()
            for tag in {tag for kept in model.values() for tag in kept.tags} | {"none"}:
                found = open_one.search(person(0, count=6), None, tag=tag)
                assert {each.subject_id for each in found} == {
                    name for name, kept in model.items() if tag in kept.tags
                }
    with Gallery.open(path, keys=keys) as again:
        assert {name: again.metadata(name) for name in again} == model
