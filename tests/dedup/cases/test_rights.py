"""Every method of the desk: refused and logged without its capability, before anything is read."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from tests.register.conftest import Opener
from tests.register.security.test_every_method import Anything, methods, refusals

from civid.dedup.cases import CaseDesk
from civid.errors import AccessRefusedError
from civid.register import Actor, Capability

METHODS = list(methods(CaseDesk))
#: What each needs; `assign` and `take_up` ask step by step.
NEEDS = {
    "file": Capability.IDENTIFY, "take_up": Capability.IDENTIFY, "settled": Capability.IDENTIFY,
    "release": Capability.ADMINISTER, "seed": Capability.ADMINISTER,
    "report": Capability.ADMINISTER,
}  # fmt: skip


def call(desk: CaseDesk, name: str) -> None:
    method: Any = getattr(desk, name)
    wanted = {
        key: Anything()
        for key, one in inspect.signature(method).parameters.items()
        if key != "work" and one.default is one.empty
    }
    method(**wanted)


def test_there_are_methods() -> None:
    wanted = {"file", "assign", "show", "decide", "undo", "postpone", "withdraw", "report"}
    assert wanted <= set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_nothing_with_every_other_capability(opened: Opener, name: str) -> None:
    register = opened()
    wanted = NEEDS.get(name, Capability.ADJUDICATE)
    others = Actor("other", frozenset(Capability) - {wanted}, purpose="thử")
    with pytest.raises(AccessRefusedError, match=wanted):
        call(CaseDesk(register.acting_as(others)), name)
    assert refusals(register) == 1
