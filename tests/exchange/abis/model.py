"""What an `Abis` has to do, as plain dictionaries, and how to look inside one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.search.prints import same

from civid.exchange.abis import Abis, Encounter
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.segments.keys import StaticKeyProvider

KEYS = StaticKeyProvider({"2026": bytes(range(32))})


@dataclass
class Model:
    """People -> encounters, both in the order in which they came."""

    people: dict[str, dict[str, Encounter]] = field(default_factory=dict)
    answers: dict[str, tuple[bytes, Any]] = field(default_factory=dict)

    def person(self, name: str) -> str | None:
        """The id under which somebody is stored."""
        return next((one for one in self.people if one.casefold() == name.casefold()), None)

    def encounter(self, person: str, name: str) -> str | None:
        """The same of an encounter."""
        there = self.people[person]
        return next((one for one in there if one.casefold() == name.casefold()), None)


def alike(one: Encounter, other: Encounter) -> bool:
    """Equal, with their prints to the bit?"""
    said = ("person", "encounter", "kind", "galleries", "active", "document")
    return all(getattr(one, name) == getattr(other, name) for name in said) and alike_prints(
        one.fingers, other.fingers
    )


def alike_prints(
    one: Mapping[Position, Template], other: Mapping[Position, Template]
) -> bool:  # fmt: skip
    """The same fingers, to the bit?"""
    return set(one) == set(other) and all(same(one[place], other[place]) for place in one)


def agrees(engine: Abis, model: Model) -> None:
    """The engine holds what the model holds, no more, and is whole."""
    assert set(engine.people()) == set(model.people)
    assert engine.count() == len(model.people)
    subjects = 0
    for person, encounters in model.people.items():
        found = engine.encounters(person)
        assert {one.encounter for one in found} == set(encounters)
        for one in found:
            assert alike(one, encounters[one.encounter])
            subjects += bool(one.fingers)
    named = {name for each in model.people.values() for one in each.values()
             for name in one.galleries}  # fmt: skip
    assert {one.casefold() for one in engine.galleries()} == {one.casefold() for one in named}
    for request, (digest, answer) in model.answers.items():
        assert engine.answered(request, digest) == answer
    assert engine.check() == sum(map(len, model.people.values()))
    assert len(engine._parts.gallery) == subjects  # nothing is left behind


def files(folder: Path) -> bytes:
    """Everything that stands on the disk."""
    return b"".join(one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file())
