"""A few rounds of `torture`, on both stores; and that it would notice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests import child
from tests.dedup.cases.killed import Pair, verify
from tests.dedup.cases.office import OTHERS, SAME, decided, filed, twice

from civid.register import Register

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_register_cases_gallery_and_log_agree_after_a_kill(store: str) -> None:
    done = subprocess.run(
        # Which rounds are killed early is drawn: this seed has late ones, too, whenever it runs.
        [sys.executable, "-m", "tests.dedup.cases.torture", "--rounds", "6", "--store", store,
         "--seed", "8"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        env=child.environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["rounds"] == 6
    assert found["acknowledged"] > 3
    assert not found["lost"] + found["half"] + found["untyped"]


def test_a_loss_would_be_noticed(register: Register) -> None:
    first, second = twice(register)
    case = filed(register, second).reference
    decided(register, *SAME)
    said = [["officer-1", "same-person"], ["officer-2", "same-person"]]
    true = Pair(first, second, case, said, "closed", "same-person", "3 Hàng Bông, Hà Nội")
    told = verify(register, [true], None)
    assert not told["lost"]
    for wrong in (
        Pair(first, second, case, said[:1], "waiting"),
        Pair(first, second, case, said, "undone", "same-person"),
        Pair(first, second, case, said, "closed", "same-person", "Số 1"),
    ):
        assert verify(register, [wrong], None)["lost"]
    late = Pair(first, second, case, said[:1], "waiting", "", true.text)
    doubt = {"do": "rule", "case": case, "officer": "officer-2", "ruling": "same-person"}
    found = verify(register, [late], doubt)
    assert (found["lost"], found["happened"]) == ([], True)
    doubt["ruling"] = OTHERS[0]
    assert verify(register, [Pair(first, second, case, said[:1], "waiting")], doubt)["lost"]
