"""Rows of sharing: counted, sealed, found again under new keys, gone when somebody is erased."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.exchange.sharing.office import AN, KEYS, Clock, asked, granted, office, partner

from civid.exchange.consent import ConsentDesk, How
from civid.exchange.sharing import Naming, Sharing, Subject
from civid.register import Register
from civid.register.session import Work
from civid.register.sharing import counted
from civid.register.store import sharing_tables as s
from civid.register.vault import Purpose


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with office(tmp_path / "register", Clock(), keys=KEYS) as made:
        yield made


def test_one_more_up_to_the_most(register: Register) -> None:
    def count(token: bytes, window: int, most: int) -> bool:
        session = register._session
        return session.database.write(
            lambda connection: counted.count(Work(connection, session, 1), token, window, most)
        )

    one, other = b"1" * 16, b"2" * 16
    assert [count(one, 60, 3) for _ in range(5)] == [True] * 3 + [False] * 2
    assert count(one, 120, 3)
    assert count(other, 60, 1)
    assert not count(other, 60, 1)
    assert count(one, 60, 4)
    with register._session.database.reading() as connection:
        work = Work(connection, register._session, 1)
        assert counted.counts(work, one, range(60, 121)) == {60: 4, 120: 1}
        assert counted.counts(work, one, range(61, 120)) == {}


def test_everything_is_read_under_new_keys(register: Register) -> None:
    """Sealed grants, answers, guesses and partners' secrets are sealed anew, and say the same."""
    Sharing(register).grants.add(granted("birth:year", pseudonym=True, naming=tuple(Naming)))
    question = asked(attributes="birth:year", pseudonym=True)
    before = partner(register).ask(question)
    partner(register).ask(asked(birth="06/03/2001"))
    register.protection.rotate(Purpose.FIELDS)
    assert partner(register).ask(question) == before
    assert before.pseudonym is not None
    by_name = asked(attributes="birth:year", subject=Subject(pseudonym=before.pseudonym), given={})
    assert partner(register).ask(by_name).values == before.values
    assert register.check().clean


def test_nothing_is_left_of_somebody_who_was_erased(register: Register) -> None:
    Sharing(register).grants.add(granted("birth:year", pseudonym=True, match_minutes=9))
    made = Sharing(register).grants.list().items[0]
    reference = register.person(AN).reference
    ConsentDesk(register).give(made.reference, reference, How.PAPER, "DK-1")
    partner(register).ask(asked(attributes="birth:year", pseudonym=True, match_id=True))
    certificate = register.protection.erase(reference, basis="yêu cầu")
    assert {"consents", "questions", "guesses", "aliases"} <= set(certificate.removed)
    with register._session.database.reading() as connection:
        for table in (s.consents, s.questions, s.guesses, s.aliases):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_what_is_old_is_tidied(tmp_path: Path) -> None:
    clock = Clock()
    with office(tmp_path / "register", clock, keys=KEYS) as register:
        sharing = Sharing(register)
        sharing.grants.add(granted("birth:year", match_minutes=5))
        question = asked(attributes="birth:year", match_id=True)
        first = partner(register).ask(question)
        assert sharing.tidy() == {"answers": 0, "counts": 0, "guesses": 0, "names": 0}
        clock.later(days=31)
        assert sharing.tidy() == {"answers": 1, "counts": 0, "guesses": 0, "names": 1}
        assert partner(register).ask(question).at > first.at  # asked anew
        assert sharing.statistics("bhxh").answered == 1
