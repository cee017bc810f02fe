"""The set of external ids of a run is a set, in little memory."""

from __future__ import annotations

import random
import secrets

from civid.register.bulk.seen import Seen


def test_it_is_a_set() -> None:
    pick = random.Random(1)
    tokens = [secrets.token_bytes(16) for _ in range(3000)]
    seen, truth = Seen(), set[bytes]()
    assert seen.known(tokens[:3]) == [False] * 3
    assert seen.known([]) == []
    for _ in range(60):
        asked = pick.choices(tokens, k=pick.randrange(40))
        assert seen.known(asked) == [one in truth for one in asked]
        seen.add(asked)
        truth.update(asked)
    assert seen.known(tokens) == [one in truth for one in tokens]
