"""One line of the log, and how it is chained to the one before."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from typing import Any

from civid.errors import StorageDamagedError
from civid.exchange.abis.seals import folded

#: What stands before the first line.
BEGINNING = bytes(32)
DONE, REFUSED, FAILED = "done", "refused", "failed"
#: A longer line is none of ours.
MOST_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. Holds nothing biometric, no id of a person, and no token.

    Attributes
    ----------
    seq : int
        Place in the log, from 1 without a gap.
    at : int
        Microseconds since 1970, UTC; never earlier than that of the entry before.
    request : str
        Id of the request, as the answer had it.
    caller, token : str
        Whose token, and its id; empty = nobody came in.
    address : str
        Of the machine that asked, or of the proxy before it.
    operation : str
        Name of the route, such as ``search``; empty = none.
    outcome : str
        ``done``, ``refused`` or ``failed``.
    status : int
        Of HTTP.
    code : str
        Of the problem; empty = none.
    people : tuple of str
        Pseudonyms of whom it was about: only who has the key of the log can make them of an id.
    candidates : int or None
        How many people a search found.
    times : int
        How many requests the line stands for. More than one: they were refused before anybody had
        come in, and came faster than a line each; what differed between them is left out.
    """

    seq: int
    at: int
    request: str
    caller: str
    token: str
    address: str
    operation: str
    outcome: str
    status: int
    code: str = ""
    people: tuple[str, ...] = ()
    candidates: int | None = None
    times: int = 1

    def canonical(self) -> str:
        """The text that is kept and hashed: JSON, keys in order, no spaces, ASCII."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    def line(self, digest: bytes) -> bytes:
        """The line of the file."""
        return f'{{"hash":"{digest.hex()}","entry":{self.canonical()}}}\n'.encode("ascii")


def parsed(line: bytes) -> tuple[Entry, bytes]:
    """Entry and hash of a line.

    Raises
    ------
    StorageDamagedError
        It is none.
    """
    try:
        found: dict[str, Any] = json.loads(line)
        body = found["entry"]
        entry = Entry(**{**body, "people": tuple(body["people"])})
        digest = bytes.fromhex(found["hash"])
        if entry.line(digest) != line:  # one text for one entry: nothing hides in the spelling
            raise ValueError("another spelling")
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StorageDamagedError("a line of the log cannot be read") from None
    return entry, digest


def chained(before: bytes, text: str, key: bytes) -> bytes:
    """The hash of an entry: HMAC-SHA-256 over the hash before and its text.

    Who has not the key can write no entry anew, nor take one out.
    """
    return hmac.digest(key, before + text.encode("ascii"), "sha256")


def pseudonym(person: str, key: bytes) -> str:
    """What stands for a person's id; ids compare without regard to case.

    >>> pseudonym("A1", bytes(32)) == pseudonym("a1", bytes(32))
    True
    """
    data = b"person " + folded(person).encode("utf-8", "surrogatepass")
    return hmac.digest(key, data, "sha256")[:16].hex()
