"""Any sequence of calls, batches, failures and reopenings, against plain dictionaries."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.exchange.abis.model import KEYS, Model, agrees
from tests.search.prints import person

from civid.errors import CividError, SubjectExistsError, SubjectNotFoundError
from civid.exchange.abis import Abis, Encounter, RequestReusedError

PEOPLE = st.sampled_from(["p1", "P1", "p2", "Bùi", "BÙI", "p 3 "])
ENCOUNTERS = st.sampled_from(["e1", "E1", "e2"])
FINGERS = st.sampled_from([{}, person(1, 2), person(2, 2, 7), person(3, 1, 4, 8)])
GALLERIES = st.sampled_from([(), ("A",), ("B", "A"), ("a",)])
DOCUMENTS = st.sampled_from([{}, {"a": [1, None, "x "]}])
REQUESTS = st.sampled_from(["r1", "R1", "r2"])
DIGESTS = st.sampled_from([b"1", b"2"])


class _GivenUpError(Exception):
    """Out of a batch, on purpose."""


class Machine(RuleBasedStateMachine):
    @initialize(sealed=st.booleans())
    def begin(self, sealed: bool) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.keys = KEYS if sealed else None
        self.engine = Abis.open(self.folder / "abis", create=True, keys=self.keys, threads=1)
        self.model = Model()

    def teardown(self) -> None:
        self.engine.close()
        shutil.rmtree(self.folder)

    # ---- one change, here and there

    def insert(self, name: str, encounter: str | None, rest: dict[str, Any]) -> None:
        there = self.model.person(name)
        taken = there is not None and (
            encounter is None or self.model.encounter(there, encounter) is not None
        )
        if taken:
            with pytest.raises(SubjectExistsError):
                self.engine.insert(name, encounter=encounter, **rest)
            return
        made = self.engine.insert(name, encounter=encounter, **rest)
        stored = name if there is None else there
        self.model.people.setdefault(stored, {})[made] = Encounter(stored, made, **rest)

    @rule(name=PEOPLE, encounter=st.none() | ENCOUNTERS, fingers=FINGERS, galleries=GALLERIES,
          active=st.booleans(), document=DOCUMENTS)  # fmt: skip
    def inserted(self, name: str, encounter: str | None, **rest: Any) -> None:
        self.insert(name, encounter, {**rest, "kind": "birth"})

    @rule(name=PEOPLE, encounter=ENCOUNTERS, fingers=FINGERS | st.none(), active=st.booleans(),
          galleries=GALLERIES | st.none())  # fmt: skip
    def updated(self, name: str, encounter: str, **given: Any) -> None:
        given = {key: value for key, value in given.items() if value is not None}
        there = self.model.person(name)
        place = None if there is None else self.model.encounter(there, encounter)
        if there is None or place is None:
            with pytest.raises(SubjectNotFoundError):
                self.engine.update(name, encounter, **given)
            return
        self.engine.update(name, encounter, **given)
        old = self.model.people[there][place]
        told = {key: getattr(old, key) for key in ("kind", "galleries", "active", "fingers",
                                                   "document")}  # fmt: skip
        self.model.people[there][place] = Encounter(there, place, **{**told, **given})

    @rule(name=PEOPLE, encounter=st.none() | ENCOUNTERS)
    def deleted(self, name: str, encounter: str | None) -> None:
        there = self.model.person(name)
        place = (
            None if there is None or encounter is None else self.model.encounter(there, encounter)
        )
        if there is None or (encounter is not None and place is None):
            with pytest.raises(SubjectNotFoundError):
                self.engine.delete(name, encounter)
            return
        self.engine.delete(name, encounter)
        if place is not None:
            del self.model.people[there][place]
        if place is None or not self.model.people[there]:
            del self.model.people[there]

    @rule(into=PEOPLE, out_of=PEOPLE)
    def merged(self, into: str, out_of: str) -> None:
        receiver, giver = self.model.person(into), self.model.person(out_of)
        if receiver is None or giver is None:
            with pytest.raises(SubjectNotFoundError):
                self.engine.merge(into, out_of)
            return
        clash = receiver == giver or any(
            self.model.encounter(receiver, one) for one in self.model.people[giver]
        )
        if clash:
            with pytest.raises(SubjectExistsError):
                self.engine.merge(into, out_of)
            return
        self.engine.merge(into, out_of)
        for one in self.model.people.pop(giver).values():
            self.give(receiver, one)

    def give(self, receiver: str, one: Encounter) -> None:
        self.model.people[receiver][one.encounter] = Encounter(
            receiver, one.encounter, one.kind, one.galleries, one.active, one.fingers, one.document
        )

    @rule(encounter=ENCOUNTERS, out_of=PEOPLE, into=PEOPLE)
    def moved(self, encounter: str, out_of: str, into: str) -> None:
        receiver, giver = self.model.person(into), self.model.person(out_of)
        place = None if giver is None else self.model.encounter(giver, encounter)
        if receiver is None or giver is None or place is None:
            with pytest.raises(SubjectNotFoundError):
                self.engine.move(encounter, out_of, into)
            return
        if receiver == giver or self.model.encounter(receiver, place):
            with pytest.raises(SubjectExistsError):
                self.engine.move(encounter, out_of, into)
            return
        self.engine.move(encounter, out_of, into)
        self.give(receiver, self.model.people[giver].pop(place))
        if not self.model.people[giver]:
            del self.model.people[giver]

    # ---- requests, batches, the end of a process

    @rule(request=REQUESTS, digest=DIGESTS, name=PEOPLE, fingers=FINGERS, fails=st.booleans())
    def once(self, request: str, digest: bytes, name: str, fingers: Any, fails: bool) -> None:
        worked = []
        encounter = f"of {request.casefold()}"

        def work() -> dict[str, Any]:
            worked.append(self.engine.insert(name, fingers, encounter=encounter))
            if fails:
                raise _GivenUpError
            return {"made": worked}

        known = self.model.answers.get(request.casefold())
        there = self.model.person(name)
        if known is not None:
            if known[0] == digest:
                assert self.engine.once(request, digest, work) == known[1]
            else:
                with pytest.raises(RequestReusedError):
                    self.engine.once(request, digest, work)
            assert not worked
            return
        if there is not None and self.model.encounter(there, encounter):
            with pytest.raises(SubjectExistsError):
                self.engine.once(request, digest, work)
        elif fails:
            with pytest.raises(_GivenUpError):
                self.engine.once(request, digest, work)
        else:
            answer = self.engine.once(request, digest, work)
            assert answer == {"made": [encounter]}
            stored = name if there is None else there
            self.model.people.setdefault(stored, {})[encounter] = Encounter(
                stored, encounter, fingers=fingers
            )
            self.model.answers[request.casefold()] = digest, answer

    @rule(fails=st.booleans(), looks=st.booleans(), data=st.data())
    def batch(self, fails: bool, looks: bool, data: st.DataObject) -> None:
        before = Model({name: dict(one) for name, one in self.model.people.items()},
                       dict(self.model.answers))  # fmt: skip
        with suppress(_GivenUpError), self.engine.batch():
            for _ in range(data.draw(st.integers(0, 3))):
                step = data.draw(st.sampled_from(["insert", "update", "delete", "once", "move"]))
                name, encounter = data.draw(PEOPLE), data.draw(ENCOUNTERS)
                fingers = data.draw(FINGERS)
                if step == "insert":
                    self.insert(name, encounter, {"fingers": fingers})
                elif step == "update":
                    self.updated(name, encounter, fingers=fingers)
                elif step == "delete":
                    self.deleted(name, encounter)
                elif step == "move":
                    self.moved(encounter, name, data.draw(PEOPLE))
                else:
                    self.once(
                        data.draw(REQUESTS), data.draw(DIGESTS), name, fingers,
                        data.draw(st.booleans()),
                    )  # fmt: skip
                if looks:  # what is not committed yet has to be found
                    self.finds_everybody()
            if fails:
                raise _GivenUpError
        if fails:
            self.model = before

    @rule()
    def reopened(self) -> None:
        self.engine.close()
        self.engine = Abis.open(self.folder / "abis", keys=self.keys, threads=1)

    # ---- what must hold

    @precondition(lambda self: hasattr(self, "engine"))
    @invariant()
    def agrees(self) -> None:
        agrees(self.engine, self.model)

    @rule()
    def finds_everybody(self) -> None:
        for name, encounters in self.model.people.items():
            for one in encounters.values():
                if one.active and one.fingers:
                    found = self.engine.identify(one.fingers, max_fpir=None, min_score=100)
                    assert name in [match.person for match in found]
                    assert name not in [match.person for match in self.engine.identify(name)]

    @rule(name=PEOPLE)
    def nobody_else(self, name: str) -> None:
        with suppress(CividError):
            self.engine.get(name, "no such one")
            pytest.fail("there is no such encounter")


TestAbis = Machine.TestCase
TestAbis.settings = settings(settings.default, stateful_step_count=10, max_examples=15)
