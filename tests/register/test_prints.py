"""Prints of people: register and gallery change together."""

from __future__ import annotations

import pytest
from tests.register.conftest import Opener
from tests.register.test_register import an
from tests.search.prints import again, person, same

from civid.errors import AlreadyInRegisterError, NotInRegisterError
from civid.position import Position
from civid.register import Register
from civid.register.identity import prints
from civid.register.identity.gallery_link import pack
from civid.search import Gallery


def test_prints_are_kept_under_another_name_and_found(register: Register) -> None:
    made = register.people.add(an(), unit="46")
    fingers = person(1, Position.RIGHT_INDEX, Position.LEFT_INDEX)
    register.prints.enrol(made.reference, fingers)
    gallery = register._session.link.gallery
    (subject,) = gallery
    assert subject != made.reference
    assert all(same(fingers[one], gallery.get(subject)[one]) for one in fingers)
    (hit,) = register.prints.identify(again(fingers, 7))
    assert hit.reference == made.reference
    assert register.prints.verify(made.reference, again(fingers, 8)) > 40
    assert register.prints.verify(made.reference, person(2, Position.RIGHT_INDEX)) < 20
    assert register.prints.fingers(made.reference) == (Position.RIGHT_INDEX, Position.LEFT_INDEX)
    with pytest.raises(AlreadyInRegisterError):
        register.prints.enrol(made.reference, fingers)
    register.prints.enrol(made.reference, person(3, Position.RIGHT_THUMB), replace=True)
    assert register.prints.fingers(made.reference) == (Position.RIGHT_THUMB,)
    register.prints.remove(made.reference)
    assert len(gallery) == 0
    assert register.prints.fingers(made.reference) == ()
    with pytest.raises(NotInRegisterError):
        register.prints.remove(made.reference)


def test_what_a_crash_left_behind_is_completed(register: Register) -> None:
    first, second = (register.people.add(an(f"04630100000{i}"), unit="46") for i in (1, 2))
    register.prints.enrol(second.reference, person(2, Position.RIGHT_INDEX))
    for reference in (first.reference,):  # promised, and then the process died
        register.prints._promise(reference, pack(person(1, Position.RIGHT_INDEX)), False)
    register.prints._promise_removal(second.reference)
    gallery = register._session.link.gallery
    assert len(gallery) == 1
    assert prints.settle(register._session) == 2
    assert prints.settle(register._session) == 0
    assert [one.reference for one in register.prints.identify(person(1, Position.RIGHT_INDEX))] == [
        first.reference
    ]
    assert len(gallery) == 1


def test_a_promise_made_twice_is_kept_once(register: Register) -> None:
    made = register.people.add(an(), unit="46")
    register.prints.enrol(made.reference, person(1, Position.RIGHT_INDEX))
    packed = [pack(person(i, Position.RIGHT_INDEX)) for i in (2, 3)]
    for one in packed:
        register.prints._promise(made.reference, one, True)
    prints.settle(register._session)
    (hit,) = register.prints.identify(person(3, Position.RIGHT_INDEX))
    assert hit.reference == made.reference
    assert not register.prints.identify(person(2, Position.RIGHT_INDEX))


def test_the_gallery_may_be_encrypted_with_the_register(opened: Opener) -> None:
    from tests.register.test_register import KEYS

    register = opened(keys=KEYS)
    made = register.people.add(an(), unit="46")
    register.prints.enrol(made.reference, person(1, Position.RIGHT_INDEX))
    path = register._session.link.path
    assert path is not None
    register.close()
    from civid.errors import GalleryKeyError

    with pytest.raises(GalleryKeyError):
        Gallery.open(path)
    again_open = opened(keys=KEYS)
    assert again_open.prints.fingers(made.reference) == (Position.RIGHT_INDEX,)
