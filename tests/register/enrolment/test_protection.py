"""Whoever lacks the capability is refused, and logged; what is shown or logged names nobody."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from tests.register.citizens import WEEKDAYS, Clock, citizen
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import capture_all, only, portrait
from tests.register.enrolment.test_steps import THUMB, UNIT
from tests.register.test_register import KEYS

from civid.errors import AccessRefusedError, CividError
from civid.register import Actor, Register
from civid.register.cases.service import Cases
from civid.register.enrolment.counter import Counter
from civid.register.enrolment.paper_steps import PaperSteps
from civid.register.enrolment.print_steps import PrintSteps
from civid.register.identity.cards import Cards
from civid.register.identity.dossiers import Dossiers
from civid.register.session import Service
from civid.register.store.tables import metadata

WHEN = date(2012, 5, 5)
SERVICES = (Cases, Cards, Dossiers, Counter, PrintSteps, PaperSteps)


def operations() -> Iterator[tuple[type[Service], str]]:
    """Every public method of every service here."""
    for service in SERVICES:
        for name, method in inspect.getmembers(service, inspect.isfunction):
            if not name.startswith("_"):
                yield service, name
                assert hasattr(method, "capability") or (service, name) == (Dossiers, "open")


def call(service: Service, name: str) -> None:
    """Call it with anything: the right is looked at first."""
    method: Callable[..., Any] = getattr(service, name)
    given = {
        one.name: "x"
        for one in inspect.signature(method).parameters.values()
        if one.default is inspect.Parameter.empty and one.name not in ("self", "work")
    }
    if name == "open" and isinstance(service, Dossiers):
        given["person"] = "0" * 32
    positional = [
        given.pop(one.name)
        for one in inspect.signature(method).parameters.values()
        if one.name in given and one.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    method(*positional, **given)


def test_every_operation_needs_a_capability_and_logs_a_refusal(opened: Opener) -> None:
    register = opened()
    nobody = register.acting_as(Actor("nobody", frozenset(), unit=""))
    count = 0
    for service, name in operations():
        with pytest.raises(AccessRefusedError):
            call(service(nobody._session), name)
        count += 1
    assert count > 35
    refused = [one for one in register.audit.entries(limit=1000) if one.outcome == "refused"]
    assert len(refused) == count
    assert all(one.actor == "nobody" for one in refused)


SECRETS = ("Nguyễn", "Thị An", "046301777777", "191234567", "bị bỏng", "tổ 3 Vĩnh Ninh")


def whole(register: Register) -> list[Any]:
    """One enrolment with everything in it that may not get out; what was shown of it."""
    claims = citizen(number=SECRETS[2], cmnd9=SECRETS[3], permanent_residence=SECRETS[5])
    who = register.people.add(claims, unit=UNIT)
    old = register.cards.record(who.reference, "cmnd9", SECRETS[3], WHEN)
    enrolment = register.enrolment(SECRETS[2], unit=UNIT, calendar=WEEKDAYS)
    shown: list[Any] = [old, enrolment, enrolment.dossier, enrolment.check()]
    shown.append(enrolment.confirm())
    enrolment.exception("ill", SECRETS[4])
    only(enrolment, THUMB)
    enrolment.missing(THUMB, "other", SECRETS[4])
    enrolment.present(THUMB)
    enrolment.block(["papers.differ"], SECRETS[4])
    (case,) = register.cases.queue()
    register.cases.close(case.reference, "corrected", note=SECRETS[4])
    capture_all(enrolment, 1)
    enrolment.finish_prints()
    enrolment.portrait(portrait())
    form = enrolment.receipt()
    enrolment.sign(form)
    enrolment.hand_over([(old.reference, "collected")])
    shown += [case, enrolment.standing, form, register.cards.papers(who.reference)]
    shown += [register.dossiers.queue(), register.cases.queue(state="closed")]
    for wrong in (
        lambda: register.enrolment(SECRETS[2], unit=UNIT, calendar=WEEKDAYS),
        lambda: register.cards.record(who.reference, "cmnd12", SECRETS[3], WHEN),
        lambda: enrolment.exception(SECRETS[0]),
        lambda: register.cards.take(old.reference, SECRETS[0], role="counter"),
        lambda: register.cases.close(case.reference, SECRETS[4]),
    ):
        with pytest.raises(CividError) as caught:
            wrong()
        shown.append(caught.value)
    return shown


def test_nothing_that_is_shown_logged_or_stored_names_anybody(opened: Opener) -> None:
    register = opened(keys=KEYS, clock=Clock())
    shown = [f"{one!r} {one if isinstance(one, Exception) else ''}" for one in whole(register)]
    logged = [one.canonical() for one in register.audit.entries(limit=1000)]
    assert len(logged) > 20
    for text in (*shown, *logged):
        for secret in SECRETS:
            assert secret not in text
    with register._session.database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()):
                for value in row:
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    for secret in SECRETS:
                        assert secret.encode() not in raw, table.name
                    # Nor is the portrait there as it came.
                    assert b"\x89PNG" not in raw
