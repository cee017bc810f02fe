"""The next entry of the log as the rows it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from civid.errors import RegisterDamagedError
from civid.register.actor import Actor
from civid.register.audit.entry import Entry, chained
from civid.register.ids import to_text
from civid.register.store.failures import TryAgain

#: No register comes to so many entries; what has them was tampered with.
_MOST = 1 << 62
BEHIND = "the audit log goes on behind its end: see civid audit verify"


class KeysChangedError(TryAgain):
    """A key was added since this process read them: what it sealed just now must not stay.

    Attributes
    ----------
    newest : int
        Its number.
    """

    def __init__(self, newest: int):
        super().__init__(newest)
        self.newest = newest


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says, before it has its place in the log.

    Attributes
    ----------
    key : bytes
        Of the chain.
    now : int
        Microseconds since 1970, UTC.
    newest_key : int or None
        The newest key of the register that is known here.
    """

    key: bytes
    now: int
    actor: Actor
    operation: str
    outcome: str
    subjects: Iterable[bytes] = ()
    detail: Mapping[str, Any] | None = None
    newest_key: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as rows: its text and hash, whom it is about, and the new end of the log."""

    seq: int
    at: int
    text: str
    digest: bytes
    about: tuple[bytes, ...]


def following(said: Said, seq: Any, at: Any, digest: Any, newest_key: Any) -> Link:
    """The entry behind the end of the log, which is locked.

    Raises
    ------
    KeysChangedError
        There is a newer key.
    RegisterDamagedError
        These cannot be the values of an end; SQLite keeps whatever was put there.
    """
    counts = (seq, at, newest_key)
    if not isinstance(digest, bytes) or not all(
        isinstance(one, int) and 0 <= one < _MOST for one in counts
    ):
        raise RegisterDamagedError("the audit log has lost its end")
    if said.newest_key is not None and said.newest_key < newest_key:
        raise KeysChangedError(newest_key)
    about = tuple(sorted(set(said.subjects)))
    later = max(said.now, at)  # a clock that runs backwards must not turn the log around
    actor = said.actor
    entry = Entry(
        seq + 1, later, actor.name, actor.unit, actor.station, actor.purpose, said.operation,
        said.outcome, tuple(map(to_text, about)), said.detail or {},
    )  # fmt: skip
    text = entry.canonical()
    return Link(entry.seq, later, text, chained(digest, text, said.key), about)
