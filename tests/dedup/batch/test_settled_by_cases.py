"""What officers decided, in the next sweep: until it expires, and after new keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.dedup.cases.office import OTHERS, SAME, decided, filed, rule, twice
from tests.dedup.decision.people import AN, BA, again, claims, prints
from tests.dedup.watchlist.test_watch_lists import ORDER
from tests.register.citizens import Clock
from tests.register.conftest import Opener
from tests.register.people import KEYS

from civid.dedup.batch import Sweep
from civid.dedup.cases import CaseDesk
from civid.dedup.decision import Enrolment
from civid.dedup.watchlist import WatchLists

_YEAR = 366 * 86_400_000_000


@pytest.mark.parametrize("other_folder", [True, False])
def test_a_pair_kept_apart_is_asked_again_when_the_verdict_expires(
    opened: Opener, folder: Path, other_folder: bool
) -> None:
    clock = Clock()
    register = opened(clock=clock)
    first, second = twice(register)
    filed(register, second)
    today = register._session.today()
    assert decided(register, *OTHERS, until=today.replace(year=today.year + 1)).is_final
    settled = CaseDesk(register).settled
    assert list(Sweep(register, folder, settled=settled).run(threads=1)) == []
    clock.now += _YEAR
    assert settled(first) == {first}
    after = folder / "after" if other_folder else folder
    (found,) = Sweep(register, after, settled=settled).run(threads=1)
    assert {found.person, found.other} == {first, second}
    filed(register, second)
    assert decided(register, *SAME).is_final
    assert register.people.get(second).reference == first
    assert register.check().found == ()


def test_cases_and_watch_lists_go_on_under_new_keys(opened: Opener, folder: Path) -> None:
    register = opened(keys=KEYS)
    first, second = twice(register)
    filed(register, second)
    rule(register, "officer-1", *SAME)
    with WatchLists.open(register) as lists:
        lists.add("wanted", ORDER, claims(AN), prints(1), unit="46")
        for purpose in ("fields", "prints", "mapping"):
            assert register.protection.rotate(purpose).resealed
        lists.screen(Enrolment(claims(AN), again(prints(1))), first)
    assert len(list(register.cases.queue(kind="watch"))) == 1
    _, answer = rule(register, "officer-2", *SAME)
    assert answer.is_final
    register.people.unmerge(second, "court.order")
    assert len(list(Sweep(register, folder).run(threads=1))) == 1
    log = json.dumps([one.detail for one in register.audit.entries(limit=1000)], ensure_ascii=False)
    assert not any(value in log for value in (*AN.values(), *BA.values()))
    assert register.check().found == ()
