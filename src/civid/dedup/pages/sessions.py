"""Who is signed in: sessions in memory, gone when the server stops."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

#: A session ends so many seconds after its last request, and so many after its first.
IDLE, LONGEST = 20 * 60, 9 * 3600
#: Sessions at once; the oldest is put out. An office has fewer.
_MOST = 1000
#: Wrong passwords for one name before it has to wait, and how long, seconds.
_TRIES, _PAUSE = 5, 60
_MOST_NAMES = 10_000


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """One session: whose it is, since when, and when it was last used (seconds)."""

    name: str
    digest: bytes
    since: float
    used: float

    def __repr__(self) -> str:
        return "<SignedIn>"


class Sessions:
    """Sessions by a random key that only the browser has. Safe for threads.

    >>> sessions = Sessions()
    >>> key = sessions.begin("officer-3", b"digest")
    >>> sessions.of(key).name, sessions.of("other")
    ('officer-3', None)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._held: dict[bytes, SignedIn] = {}
        self._wrong: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def begin(self, name: str, digest: bytes) -> str:
        """A new session of an officer; `digest` is that of the password it began with."""
        key, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._sweep(now)
            while len(self._held) >= _MOST:
                del self._held[min(self._held, key=lambda one: self._held[one].used)]
            self._held[_hash(key)] = SignedIn(name, digest, now, now)
        return key

    def of(self, key: str) -> SignedIn | None:
        """Whose session it is; None when it has ended."""
        now = self._clock()
        with self._lock:
            found = self._held.get(_hash(key))
            if found is None:
                return None
            if now - found.used > IDLE or now - found.since > LONGEST:
                del self._held[_hash(key)]
                return None
            self._held[_hash(key)] = found = replace(found, used=now)
            return found

    def end(self, key: str) -> None:
        """End a session."""
        with self._lock:
            self._held.pop(_hash(key), None)

    def form_key(self, key: str) -> str:
        """What every form of a page has to carry (CSRF); another one for each visitor."""
        return hmac.digest(self._secret, key.encode("utf-8", "replace"), "sha256").hex()

    def is_form_key(self, key: str, given: str) -> bool:
        """Whether a form came from a page of this visitor."""
        return hmac.compare_digest(self.form_key(key).encode(), given.encode("utf-8", "replace"))

    def must_wait(self, name: str) -> bool:
        """Whether a name had so many wrong passwords that it has to wait."""
        with self._lock:
            tries, since = self._wrong.get(name, (0, 0.0))
        return tries >= _TRIES and self._clock() - since < _PAUSE

    def wrong(self, name: str) -> None:
        """Count a wrong password."""
        now = self._clock()
        with self._lock:
            tries, since = self._wrong.get(name, (0, now))
            if now - since >= _PAUSE:
                tries = 0
            self._wrong.pop(name, None)
            while len(self._wrong) >= _MOST_NAMES:
                del self._wrong[next(iter(self._wrong))]
            self._wrong[name] = (tries + 1, now)

    def right(self, name: str) -> None:
        """Forget the wrong ones."""
        with self._lock:
            self._wrong.pop(name, None)

    def _sweep(self, now: float) -> None:
        ended = [
            one
            for one, held in self._held.items()
            if now - held.used > IDLE or now - held.since > LONGEST
        ]
        for one in ended:
            del self._held[one]


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
