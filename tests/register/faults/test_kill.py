"""A few rounds of `torture`, on both stores; and that it would notice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests import child
from tests.register.conftest import Opener
from tests.register.faults.model import Model, One, verify
from tests.register.faults.worker import fingers
from tests.register.people import KEYS, somebody

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost(store: str) -> None:
    done = subprocess.run(
        # Which rounds are killed early is drawn: this seed has late ones, too, whenever it runs.
        [sys.executable, "-m", "tests.register.faults.torture", "--rounds", "8", "--store", store,
         "--seed", "8"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        env=child.environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["rounds"] == 8
    assert found["acknowledged"] > 3
    assert not found["lost"] + found["half"] + found["untyped"]


def test_a_loss_would_be_noticed(opened: Opener) -> None:
    register = opened(keys=KEYS)
    made = register.people.add(somebody(1), unit="46")
    register.prints.enrol(made.reference, fingers(5))
    true = One(made.reference, prints=5)
    assert not verify(register, Model({1: true}))["lost"]
    for wrong in (
        Model({1: One(made.reference, prints=6)}),
        Model({1: One(made.reference, prints=None)}),
        Model({1: One(made.reference, "Số 1", prints=5)}),
        Model({1: One(made.reference, prints=5, acts=2)}),
        Model({1: true, 2: One("00" * 16)}),
        Model({1: true}, {3: made.reference}),
    ):
        try:
            assert verify(register, wrong)["lost"]
        except LookupError:
            assert wrong.erased  # it has no certificate
    register._session.link.gallery.remove(next(iter(register._session.link.gallery)))
    with pytest.raises(LookupError):
        verify(register, Model({1: true}))


@pytest.mark.parametrize(
    ("doubt", "happened"),
    [
        ({"do": "add", "who": 1}, True),
        ({"do": "add", "who": 2}, False),
        ({"do": "prints", "who": 1, "seed": 5}, True),
        ({"do": "replace", "who": 1, "seed": 6}, False),
        ({"do": "record", "who": 1, "text": "x"}, False),
        ({"do": "remove", "who": 1}, False),
        ({"do": "erase", "who": 1}, False),
        ({"do": "rotate"}, False),
    ],
)
def test_what_was_under_way_happened_or_not(
    opened: Opener, doubt: dict[str, object], happened: bool
) -> None:
    register = opened(keys=KEYS)
    made = register.people.add(somebody(1), unit="46")
    register.prints.enrol(made.reference, fingers(5))
    known = {} if doubt["do"] == "add" else {1: One(made.reference, prints=5)}
    found = verify(register, Model(known, doubt=doubt))
    assert (found["happened"] is not None) == happened
    assert not found["half"]
