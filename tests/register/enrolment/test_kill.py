"""A station that is killed at any moment: what it was told is done is there, and nothing by half.

``CIVID_KILLS=1000`` kills so often; a few times unless told.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
from sqlalchemy import func, select
from tests.register.conftest import Opener
from tests.register.enrolment.fingers import pressed
from tests.register.enrolment.station import THUMB

from civid.cards.lifecycle import DossierState
from civid.register import Register
from civid.register.enrolment import captures
from civid.register.identity import prints
from civid.register.session import Work
from civid.register.store.tables import intents, persons
from civid.register.store.tables import prints as prints_table

KILLS = int(os.environ.get("CIVID_KILLS", "3"))
ROOT = Path(__file__).parents[3]


def killed_after(seconds: float, *args: str) -> list[list[str]]:
    """What a station said was done until it was killed."""
    said: list[list[str]] = []
    ready = threading.Event()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.register.enrolment.station", *args],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    ) as station:  # fmt: skip
        assert station.stdout is not None
        assert station.stderr is not None

        def listen() -> None:
            assert station.stdout is not None
            for line in station.stdout:
                said.append(line.split())
                ready.set()
            ready.set()

        listener = threading.Thread(target=listen)
        listener.start()
        ready.wait(120)
        time.sleep(seconds)
        early = station.poll()
        station.kill()
        listener.join()
        errors = station.stderr.read()
    assert early is None, errors
    return said


def test_what_a_killed_station_was_told_is_there(
    where: str, opened: Opener, tmp_path: Path
) -> None:
    opened().close()
    images, gallery = tmp_path / "images.npy", tmp_path / "gallery"
    np.save(images, np.stack([pressed(person, THUMB).pixels for person in (1, 2)]))
    chance = random.Random(5)
    acknowledged = 0
    for _ in range(KILLS):
        said = killed_after(chance.uniform(0, 2.5), where, str(gallery), str(images))
        with Register.open(where, gallery=gallery) as register:
            acknowledged += len(said) + agree(register, said)
    # Whoever comes next goes on with what is open.
    with Register.open(where, gallery=gallery) as register:
        for dossier in register.dossiers.queue(state="requested"):
            assert register.enrolment(dossier=dossier.reference).step is not None
        assert register.audit.verify().whole
    assert acknowledged > KILLS  # they were not all killed before they had begun


def agree(register: Register, said: list[list[str]]) -> int:
    """Hold what a station was told against what is there."""
    session = register._session
    prints.settle(session)
    gallery = session.link.gallery
    gallery.refresh()
    with session.database.reading() as connection:
        work = Work(connection, session, session.clock())
        rows = connection.execute(select(prints_table.c.person)).scalars().all()
        subjects = {prints.subject_of(work, bytes(one)) for one in rows}
        assert subjects == set(gallery)
        assert connection.execute(select(func.count()).select_from(intents)).scalar_one() == 0
        for what, *about in said:
            if what == "captured":
                dossier, frame, attempt = about
                found = captures.attempts(work, bytes.fromhex(dossier))
                assert any((one.frame, one.number) == (frame, int(attempt)) for one in found)
            if what == "prints":
                assert bytes.fromhex(about[1]) in [bytes(one) for one in rows]
        people = connection.execute(select(func.count()).select_from(persons)).scalar_one()
    done = {about[0] for what, *about in said if what == "enrolled"}
    for reference in done:
        assert register.dossiers.get(reference).state is DossierState.ENROLLED
        steps = [one.step for one in register.dossiers.history(reference)]
        assert [one for one in steps if one.startswith("step:")] == [
            f"step:{step}"
            for step in ("check", "confirm", "prints", "portrait", "sign", "hand_over")
        ]
    assert people >= len(done)
    return len(done)
