"""Scopes (quyền): what a token may be used for.

The capabilities of a register's actors (`civid.register.Capability`) have the same names here and
open every route that does such a thing. A scope of OSIA 1.6 (clause "Security") opens the routes of
OSIA that name it, and no other: who may read a gallery's list may not read its prints.
"""

from __future__ import annotations

from collections.abc import Iterable

#: As `civid.register.Capability` has them; a test compares the two.
CAPABILITIES: dict[str, str] = {
    "enrol": "enrol people (thu nhận)",
    "identify": "search among everybody (tìm 1:N)",
    "verify": "compare with one person (đối chiếu 1:1)",
    "read": "see who is there, and with which fingers (tra cứu)",
    "correct": "change what is there (chỉnh sửa)",
    "delete": "delete people (xóa)",
    "export": "take templates out (trích xuất)",
    "watch": "search the watch-lists (truy nã, truy tìm)",
    "administer": "look after the service (quản trị)",
    "adjudicate": "decide about duplicates (kết luận trùng)",
}
#: Each with the capabilities that do what it allows.
OSIA: dict[str, tuple[str, ...]] = {
    "abis.encounter.read": ("read", "export"),
    "abis.encounter.write": ("enrol", "correct", "delete"),
    "abis.identify": ("identify",),
    "abis.verify": ("verify",),
    "abis.gallery.read": ("read",),
    "abis.task.read": ("read",),
    "abis.task.update": ("correct",),
    "pr.person.match": ("verify",),
    "cr.person.match": ("verify",),
    "pr.person.verify": ("verify",),
    "cr.person.verify": ("verify",),
    # Not OSIA's: which attributes do not agree can be used for guessing, and is allowed apart.
    "pr.person.match.reasons": ("verify",),
}
#: For the program that collects figures.
METRICS = "metrics"

DESCRIPTIONS: dict[str, str] = {
    **CAPABILITIES,
    METRICS: "read the figures of the service",
    **{name: f"OSIA: {' and '.join(does)}, on its routes" for name, does in OSIA.items()},
}


def known(names: Iterable[str]) -> frozenset[str]:
    """The scopes among some names; what a token says beyond them is for other services.

    >>> sorted(known(["enrol", "openid", "abis.verify"]))
    ['abis.verify', 'enrol']
    """
    return frozenset(name for name in names if name in DESCRIPTIONS)
