"""A clock that runs backwards: the log keeps its order, and the last promise is the one kept."""

from __future__ import annotations

import itertools

import pytest
from tests.register.conftest import Opener
from tests.register.people import number, said, somebody
from tests.search.prints import person

from civid.people.citizen import Source
from civid.position import Position
from civid.register.identity import prints
from civid.register.identity.gallery_link import pack


@pytest.fixture
def backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    late = itertools.count(2_000_000_000_000_000_000, -60_000_000_000)
    monkeypatch.setattr("civid.register.ids.time.time_ns", lambda: next(late))


def test_the_log_keeps_its_order(opened: Opener, backwards: None) -> None:
    ticks = itertools.count(2_000_000_000_000_000, -3_600_000_000)
    register = opened(clock=lambda: next(ticks))
    made = register.people.add(somebody(1), unit="46")
    for which in range(3):
        claim = said("permanent_residence", f"Số {which}", source=Source.RESIDENCE)
        register.people.record(made.reference, [claim])
    assert register.person(number(1)).citizen.text("permanent_residence") == "Số 2"
    assert [one.version for one in register.people.history(made.reference)] == [1, 2, 3, 4]
    times = [one.at for one in register.audit.entries()]
    assert times == sorted(times)
    assert register.audit.verify().whole
    assert register.check().clean


def test_the_last_promise_is_kept(opened: Opener, backwards: None) -> None:
    register = opened()
    made = register.people.add(somebody(1), unit="46")
    sets = [person(which, Position.RIGHT_INDEX) for which in range(5)]
    for one in sets:
        register.prints._promise(made.reference, pack(one), True)
    prints.settle(register._session)
    assert register.prints.identify(sets[4])
    assert not register.prints.identify(sets[0])
    register.prints._promise_removal(made.reference)
    register.prints._promise(made.reference, pack(sets[2]), False)
    prints.settle(register._session)
    assert [one.reference for one in register.prints.identify(sets[2])] == [made.reference]
    assert len(register._session.link.gallery) == 1
    assert register.check().clean
