"""Which external ids came before in a run: eight bytes each, so that ten million fit in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Seen:
    """A set of tokens that only grows. One thread.

    Sorted arrays of doubling size: what is added is merged with those that are no larger.
    """

    def __init__(self) -> None:
        self._parts: list[Any] = []

    def known(self, tokens: Sequence[bytes]) -> list[bool]:
        """Which tokens were added before; wrong for one in 10^12 at ten million."""
        import numpy as np

        wanted = _keys(tokens)
        found = np.zeros(len(wanted), bool)
        for part in self._parts:
            at = np.minimum(np.searchsorted(part, wanted), len(part) - 1)
            found |= part[at] == wanted
        return [bool(one) for one in found]

    def add(self, tokens: Sequence[bytes]) -> None:
        """Add tokens."""
        import numpy as np

        if not tokens:
            return
        made = np.unique(_keys(tokens))
        while self._parts and len(self._parts[-1]) <= len(made):
            made = np.union1d(self._parts.pop(), made)
        self._parts.append(made)


def _keys(tokens: Sequence[bytes]) -> Any:
    import numpy as np

    return np.frombuffer(b"".join(one[:8] for one in tokens), "<u8")
