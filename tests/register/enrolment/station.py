"""A station that enrols one citizen after the other until somebody kills it.

It says what it was told is done, a line each, so that whoever kills it knows what must be there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from tests.register.citizens import WEEKDAYS, citizen
from tests.register.enrolment.fingers import portrait

from civid.fingerprint.image import FingerImage
from civid.position import Position
from civid.register import Register
from civid.register.enrolment.enrolment import Enrolment
from civid.register.enrolment.plan import CounterStep

THUMB = Position.RIGHT_THUMB


def say(*words: object) -> None:
    print(*words, flush=True)


def work(register: Register, enrolment: Enrolment, press: FingerImage, picture: bytes) -> None:
    """Whatever is left of one enrolment."""
    while (step := enrolment.step) is not None:
        if step is CounterStep.CHECK:
            enrolment.check()
        elif step is CounterStep.CONFIRM:
            enrolment.confirm()
        elif step is CounterStep.PRINTS:
            for position in list(Position)[1:]:
                if position not in (THUMB, *map(Position, enrolment.dossier.missing)):
                    enrolment.missing(position, "worn")
            while (frame := enrolment.next_frame) is not None:
                said = enrolment.capture(frame, {THUMB: press})
                say("captured", enrolment.reference, frame.name, said.attempt)
            enrolment.finish_prints()
            say("prints", enrolment.reference, enrolment.dossier.person)
        elif step is CounterStep.PORTRAIT:
            enrolment.portrait(picture)
        elif step is CounterStep.SIGN:
            enrolment.sign(enrolment.receipt())
        else:
            enrolment.hand_over()
    say("enrolled", enrolment.reference, enrolment.dossier.person)


def main(where: str, gallery: str, images: str) -> None:
    """Go on with what is open, then with new citizens."""
    presses = [FingerImage(one, 500.0) for one in np.load(images)]
    picture = portrait()
    with Register.open(where, gallery=gallery) as register:
        say("ready")
        for dossier in register.dossiers.queue(state="requested"):
            work(register, register.enrolment(dossier=dossier.reference), presses[0], picture)
        for number in range(1000):
            who = register.people.add(citizen(number=f"0463{number:02d}{_serial():06d}"), unit="46")
            one = register.enrolment(who, unit="46", calendar=WEEKDAYS)
            say("opened", one.reference)
            work(register, one, presses[number % len(presses)], picture)


def _serial() -> int:
    import secrets

    return secrets.randbelow(10**6)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))
    main(*sys.argv[1:])
