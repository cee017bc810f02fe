"""Pairs of rows that share a key, without comparing everybody with everybody."""

from __future__ import annotations

from civid.people.findings.table import Ints, Mask

#: Rows further apart than this in one block are not paired: a block of more rows is a default
#: value (everybody born on 01/01/1900), not a coincidence.
WINDOW = 16


def group_pairs(keys: list[Ints], usable: Mask, window: int = WINDOW) -> tuple[Ints, Ints]:
    """Pair the rows that agree in all keys.

    Parameters
    ----------
    keys : list of (N,) integer arrays
        Columns that must agree.
    usable : (N,) bool
        Rows that take part.
    window : int
        How far apart in the sorted block two rows may stand.

    Returns
    -------
    (P,), (P,) int64
        Rows of each pair, the smaller first, in a fixed order.
    """
    import numpy as np

    rows = np.flatnonzero(usable)
    if len(rows) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = rows[np.lexsort(tuple(key[rows] for key in reversed(keys)))]
    columns = [key[order] for key in keys]
    same = np.ones(len(order) - 1, bool)
    for column in columns:
        same &= column[1:] == column[:-1]
    first: list[Ints] = []
    second: list[Ints] = []
    reach = same
    for step in range(1, window + 1):
        at = np.flatnonzero(reach)
        if not len(at):
            break
        first.append(order[at])
        second.append(order[at + step])
        reach = reach[: len(reach) - 1] & same[step:]
    if not first:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    one, two = np.concatenate(first), np.concatenate(second)
    return np.minimum(one, two), np.maximum(one, two)
