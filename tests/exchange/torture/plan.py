"""What is asked, in order: inserts, some of people who are there already, and identifies."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from tests.exchange.conformance import envelopes, requests
from tests.exchange.conformance.requests import Request

from civid import Position, Template
from civid.lab.synthetic import SyntheticGallery

FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
#: One insert in so many is of a person who was inserted before, with new impressions.
_TWICE = 20


@dataclass(frozen=True)
class Step:
    """One request.

    Parameters
    ----------
    operation : str
        ``insert`` or ``identify``.
    reference : str
        The referenceId.
    person, impression : int
        Whose fingers, and pressed for the n-th time (from 0).
    """

    operation: str
    reference: str
    person: int
    impression: int


class Plan:
    """So many inserts and identifies, mixed; all of it follows from the seed, except the ids."""

    def __init__(self, inserts: int, identifies: int, seed: int):
        self._fingers = SyntheticGallery(seed, FINGERS)
        chance = random.Random(seed)
        stored: list[Step] = []
        visits: dict[int, int] = {}
        twice: list[Step] = []
        steps: list[Step] = []
        asked = 0
        for number in range(inserts):
            person = len(visits)
            if stored and number % _TWICE == _TWICE - 1:
                person = chance.choice(stored).person
            visits[person] = visits.get(person, -1) + 1
            step = Step("insert", requests.identifier(), person, visits[person])
            steps.append(step)
            stored.append(step)
            if step.impression:
                twice.append(step)
            while asked < identifies * (number + 1) // inserts:
                # Every other one is of somebody who is there twice; both are found for each other.
                about = chance.choice(twice if twice and asked % 2 else stored)
                steps.append(Step("identify", about.reference, about.person, about.impression))
                asked += 1
        self.steps = tuple(steps)
        self.people = len(visits)
        # The generator is compiled when it is first used; a fetch must not have to wait for that.
        self.file(self.steps[0])

    def templates(self, step: Step) -> Mapping[Position, Template]:
        """What the ABIS should read out of the file of a step."""
        record = "iso19794-2:2011"
        return {
            finger: Template.from_bytes(
                self._fingers.impression(step.person, finger, step.impression).to_bytes(
                    record, position=finger
                )
            )
            for finger in FINGERS
        }

    def file(self, step: Step) -> bytes:
        """The CBEFF file of a step."""
        return envelopes.of_templates(
            {
                finger: self._fingers.impression(step.person, finger, step.impression)
                for finger in FINGERS
            }
        )

    def request(self, step: Step, url: str) -> Request:
        """What is sent."""
        if step.operation == "insert":
            return requests.insert(step.reference, url)
        return requests.identify(step.reference)
