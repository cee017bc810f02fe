"""Every public method of every service: refused and logged without its capability."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from tests.register.conftest import Opener
from tests.register.people import somebody

import civid.register
from civid.errors import AccessRefusedError
from civid.register import Actor, Capability, Register
from civid.register.session import Service

#: They say nothing about anybody.
HARMLESS = {"open", "acting_as", "actor", "encrypted", "close"}
#: Begins something whose steps ask for the right one by one; `tests/register/enrolment` tries them.
HARMLESS |= {"enrolment"}


def services() -> list[type[Service]]:
    """Every class of a service of the register; those built on it have tests of their own."""
    for found in pkgutil.walk_packages(civid.register.__path__, "civid.register."):
        if ".migrations" not in found.name:
            importlib.import_module(found.name)
    left, seen = [Service], []
    while left:
        one = left.pop()
        left += one.__subclasses__()
        seen.append(one)
    own = {one for one in seen if one.__module__.startswith("civid.register.")} - {Service}
    return sorted(own, key=lambda one: one.__qualname__)


def methods(owner: type) -> Iterator[str]:
    for name, member in inspect.getmembers(owner):
        if not name.startswith("_") and name not in HARMLESS and callable(member):
            yield name


METHODS = [(one, name) for one in services() for name in methods(one)]


class Anything:
    """An argument: whoever looks at it before it asks for the right is found out."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError("an argument was looked at before the capability")


def call(owner: Any, name: str) -> None:
    method = getattr(owner, name)
    needed = {
        key: Anything()
        for key, one in inspect.signature(method).parameters.items()
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    }
    work_first = getattr(type(owner), name)
    if hasattr(work_first, "capability"):
        needed.pop("work", None)
    positional = [
        needed.pop(key)
        for key, one in inspect.signature(method).parameters.items()
        if key in needed and one.kind is one.POSITIONAL_ONLY
    ]
    done = method(*positional, **needed)
    if inspect.isgenerator(done):
        next(done)


def refusals(register: Register) -> int:
    with register._session.database.reading() as connection:
        from civid.register.audit import log

        return sum(one.outcome == "refused" for one in log.entries(connection))


def test_there_are_services() -> None:
    names = {one.__name__ for one in services()}
    assert {"People", "Prints", "Audit", "Finder", "Check", "Protection"} <= names
    assert len(METHODS) > 25


def test_nothing_without_any_capability(opened: Opener) -> None:
    register = opened()
    nobody = register.acting_as(Actor("nobody", frozenset()))
    for owner, name in METHODS:
        before = refusals(register)
        with pytest.raises(AccessRefusedError):
            call(owner(nobody._session), name)
        assert refusals(register) == before + 1, f"{owner.__name__}.{name} was not logged"
    for name in methods(Register):
        with pytest.raises(AccessRefusedError):
            call(nobody, name)


@pytest.mark.parametrize(
    ("owner", "name"),
    [one for one in METHODS if hasattr(getattr(*one), "capability")],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_nothing_with_every_other_capability(opened: Opener, owner: Any, name: str) -> None:
    register = opened()
    wanted = getattr(owner, name).capability
    others = Actor("other", frozenset(Capability) - {wanted}, purpose="thử")
    with pytest.raises(AccessRefusedError, match=wanted):
        call(owner(register.acting_as(others)._session), name)
    (entry,) = (one for one in register.audit.entries() if one.outcome == "refused")
    assert (entry.operation, entry.actor, entry.purpose) == (
        getattr(owner, name).operation, "other", "thử",
    )  # fmt: skip


def test_a_register_offers_services_and_nothing_else() -> None:
    for name, member in vars(Register).items():
        if name.startswith("_") or name in HARMLESS:
            continue
        if isinstance(member, property):
            found = str(inspect.signature(member.fget).return_annotation)  # type: ignore[arg-type]
            assert found in {one.__name__ for one in services()}, name
        else:
            assert name in set(methods(Register))


def test_what_belongs_to_another_unit(opened: Opener) -> None:
    """Everything that names one person is refused outside its unit, and logged with the person."""
    register = opened()
    made = register.people.add(somebody(1), unit="46/474")
    far = register.acting_as(Actor("far", unit="79"))
    operations = {
        "get": lambda: far.people.get(made.reference),
        "by_number": lambda: far.person("046301000001"),
        "history": lambda: far.people.history(made.reference),
        "record": lambda: far.people.record(made.reference, somebody(2)),
        "move": lambda: far.people.move(made.reference, "79"),
        "fingers": lambda: far.prints.fingers(made.reference),
        "remove": lambda: far.prints.remove(made.reference),
        "readers": lambda: far.audit.readers(made.reference),
        "export": lambda: far.protection.export(made.reference),
        "erase": lambda: far.protection.erase(made.reference, basis="x"),
        "hold": lambda: far.protection.hold(made.reference, "x"),
        "holds": lambda: far.protection.holds(made.reference),
    }
    for name, attempt in operations.items():
        before = refusals(register)
        with pytest.raises(AccessRefusedError):
            attempt()
        assert refusals(register) == before + 1, name
        assert register.audit.about(made.reference)[-1].actor == "far" or name == "by_number"
    assert not far.find(name="Nguyễn Thị Bình An").people
    assert not far.find(number="046301000001").people
    with pytest.raises(AccessRefusedError):
        far.people.add(somebody(3), unit="46")
