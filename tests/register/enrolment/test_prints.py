"""The step of the prints: which capture is kept, what is said of it, what cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from tests.register.citizens import WEEKDAYS, Clock, citizen
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import HARD, blank, images, only, pressed
from tests.register.enrolment.test_steps import UNIT, at_prints
from tests.register.test_register import KEYS

from civid.errors import FieldError, RegisterDamagedError, TransitionError
from civid.fingerprint.gate import Gate
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.reasons import Reason
from civid.position import Position
from civid.register.enrolment import captures
from civid.register.enrolment.frames import FRAMES, MissingReason, frame_of
from civid.register.enrolment.plan import Plan
from civid.register.enrolment.prints_taken import examine, notes, notes_text, pack, unpack
from civid.register.session import Work

THUMB, INDEX = Position.RIGHT_THUMB, Position.RIGHT_INDEX
ROLLED = frame_of("rolled_right_thumb")


def test_the_thirteen_frames() -> None:
    assert len(FRAMES) == 13
    assert [len(one.positions) for one in FRAMES] == [4, 4, 2, *[1] * 10]
    assert [one.positions[0] for one in FRAMES[3:]] == list(Position)[1:]
    assert sorted(p for one in FRAMES[:3] for p in one.positions) == list(Position)[1:]
    assert FRAMES[4].vietnamese == "lăn ngón trỏ phải"
    assert FRAMES[12].vietnamese == "lăn ngón út trái"
    with pytest.raises(FieldError):
        frame_of("left foot")
    assert {one for one in MissingReason if one.passes} == {"bandaged", "injured"}
    assert all(one.vietnamese for one in MissingReason)


def test_captures_as_bytes() -> None:
    taken = examine(FRAMES[2], images(1, FRAMES[2]), ())
    back = unpack(pack(taken))
    assert [one.position for one in back] == [THUMB, Position.LEFT_THUMB]
    for one, two in zip(taken, back, strict=True):
        assert one.image.pixels.tobytes() == two.image.pixels.tobytes()
        assert one.image.dpi == two.image.dpi
        assert one.template.minutiae.tobytes() == two.template.minutiae.tobytes()
        assert one.quality == two.quality
    for cut in (1, 10, 30, 500):
        with pytest.raises(RegisterDamagedError):
            unpack(pack(taken)[:-cut])
    (note, *_) = notes(notes_text(taken))
    assert (note.quality, note.minutiae) == (taken[0].quality, len(taken[0].template))
    with pytest.raises(FieldError):
        examine(FRAMES[2], {THUMB: blank()}, ())
    assert len(examine(FRAMES[2], {THUMB: blank()}, (Position.LEFT_THUMB,))) == 1


def test_the_best_of_several_captures_is_kept(opened: Opener) -> None:
    register = opened(clock=Clock(), keys=KEYS)
    enrolment = at_prints(register)
    only(enrolment, THUMB)
    nothing = enrolment.capture(ROLLED, blank())
    assert (nothing.done, nothing.quality) == (False, 0)
    assert nothing.fingers[0].reasons == (Reason.NO_PRINT,)
    assert nothing.advice("vi") == ("Không thấy vân tay: hãy đặt ngón tay lên mặt kính.",)
    poor = enrolment.capture(ROLLED, pressed(1, THUMB, 9, HARD))
    assert (poor.done, poor.kept, poor.attempt) == (False, True, 2)
    good = enrolment.capture(ROLLED, pressed(1, THUMB, 1))
    assert (good.done, good.kept) == (True, True)
    worse = enrolment.capture(ROLLED, pressed(1, THUMB, 9, HARD))
    assert (worse.done, worse.kept, worse.attempt) == (True, False, 4)
    assert worse.to_dict("vi")["attempt"] == 4
    session = register._session
    with session.database.reading() as connection:
        work = Work(connection, session, session.clock())
        dossier = bytes.fromhex(enrolment.reference)
        found = captures.attempts(work, dossier)
        assert [one.kept for one in found] == [False, False, True, False]
        (kept,) = captures.prints(work, dossier)[ROLLED.name]
        assert kept.quality == good.quality
        assert kept.image.pixels.tobytes() == pressed(1, THUMB, 1).pixels.tobytes()


@pytest.mark.parametrize("method", ["classical", "neural"])
def test_a_station_says_how_minutiae_are_found(opened: Opener, method: str) -> None:
    register = opened(clock=Clock(), keys=KEYS)
    enrolment = at_prints(register)
    only(enrolment, THUMB)
    by = ExtractionParameters(method=method)
    for frame in (FRAMES[2], ROLLED):
        given = images(1, frame, missing=tuple(enrolment.dossier.missing))
        assert enrolment.capture(frame, given, parameters=by).done
    session = register._session
    with session.database.reading() as connection:
        work = Work(connection, session, session.clock())
        found = captures.prints(work, bytes.fromhex(enrolment.reference))
    assert {one.template.extractor for kept in found.values() for one in kept} == {by.name}
    enrolment.finish_prints()
    assert session.link.gallery.extractors() == {by.name: 1}


def test_a_poor_print_is_taken_after_some_attempts_and_said_to_be(opened: Opener) -> None:
    register = opened(clock=Clock())
    who = register.people.add(citizen(), unit=UNIT)
    plan = Plan(Plan.default().places, Gate(95, retries=1, last_resort=1))
    enrolment = register.enrolment(who, unit=UNIT, calendar=WEEKDAYS, plan=plan)
    enrolment.check()
    enrolment.confirm()
    only(enrolment, THUMB)
    for frame in (FRAMES[2], ROLLED):
        missing = tuple(enrolment.dossier.missing)
        first = enrolment.capture(frame, images(1, frame, missing=missing))
        assert not first.done
        assert enrolment.capture(frame, images(1, frame, 5, missing=missing)).done
    enrolment.finish_prints()
    assert "poor_prints" in enrolment.dossier.exceptions
    assert [one.poor for one in enrolment.standing.frames].count(True) == 2


def test_two_fingers_in_one_image_are_taken_again(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = at_prints(register)
    only(enrolment, THUMB)
    side = [pressed(1, one, 3).pixels for one in (THUMB, INDEX)]
    gap = np.full((side[0].shape[0], 60), 250, np.uint8)
    said = enrolment.capture(ROLLED, FingerImage(np.hstack([side[0], gap, side[1]]), 500.0))
    assert Reason.NOT_ONE_FINGER in said.fingers[0].reasons
    assert not said.done
    better = enrolment.capture(ROLLED, pressed(1, THUMB, 9, HARD))
    assert better.kept
    assert enrolment.capture(ROLLED, pressed(1, THUMB, 3)).done


def test_no_print_is_never_taken(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = at_prints(register)
    only(enrolment, THUMB)
    for _ in range(4):
        assert not enrolment.capture(ROLLED, blank()).done
    with pytest.raises(TransitionError, match="frames are left"):
        enrolment.finish_prints()
    enrolment.missing(THUMB, "bandaged")
    assert enrolment.next_frame is None


def test_fingers_that_are_missing(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = at_prints(register)
    with pytest.raises(FieldError, match="describe"):
        enrolment.missing(INDEX, "other")
    with pytest.raises(FieldError):
        enrolment.missing(INDEX, "mất")
    with pytest.raises(FieldError):
        enrolment.missing(Position.UNKNOWN, "worn")
    enrolment.missing(INDEX, "other", "dính ngón")
    assert enrolment.dossier.missing == {2: "other"}
    with pytest.raises(FieldError, match="apart from the missing"):
        enrolment.capture(FRAMES[0], images(1, FRAMES[0]))
    with pytest.raises(FieldError):
        enrolment.capture("rolled_right_index", pressed(1, INDEX))
    enrolment.present(INDEX)
    with pytest.raises(FieldError):
        enrolment.present(INDEX)
    assert enrolment.capture("rolled_right_index", pressed(1, INDEX)).done
    with pytest.raises(FieldError, match="several fingers"):
        enrolment.capture(FRAMES[0], pressed(1, INDEX))


def test_rolled_fingers_that_were_exchanged_are_found(opened: Opener) -> None:
    register = opened(clock=Clock())
    enrolment = at_prints(register)
    only(enrolment, THUMB, INDEX)
    missing = tuple(enrolment.dossier.missing)
    for frame in (FRAMES[0], FRAMES[2]):
        enrolment.capture(frame, images(1, frame, missing=missing))
    enrolment.capture("rolled_right_thumb", pressed(1, INDEX, 8))
    enrolment.capture("rolled_right_index", pressed(1, THUMB, 8))
    with pytest.raises(TransitionError, match=r"1 is like 2, 2 is like 1"):
        enrolment.finish_prints()
    for frame in (ROLLED, FRAMES[4]):
        enrolment.discard(frame)
        assert enrolment.next_frame == frame
        assert enrolment.capture(frame, images(1, frame, missing=missing)).kept
    enrolment.finish_prints()
    assert enrolment.step == "portrait"
