"""Give out personal identification numbers (cấp số định danh cá nhân).

A number is drawn from HMAC-SHA256 of a secret key, the cell (place, sex, year) and the reference of
the request: nobody without the key can guess the next one, and the same request draws the same
number again, after a crash as on another machine. A drawn number that was ever used is refused and
the next draw tried; the largest cells of the country use 6 to 8 % of their million, 1.1 draws each.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from civid.errors import FieldError, NumbersExhaustedError, NumberTakenError
from civid.people.numbers.ledger import Ledger, NumberRecord, NumberState
from civid.people.places.registration import assigned
from civid.people.sex import Sex

CELL_SIZE = 1_000_000
#: Random draws before the cell is walked through; reached only when it is nearly full.
_DRAWS = 64
#: Odd and no multiple of five: one step after the other visits every serial of a cell once.
_STRIDE = 618_033


@dataclass(frozen=True, slots=True, repr=False)
class NumberRequest:
    """Who asks for a number: what the digits need, and a reference.

    Parameters
    ----------
    reference : str
        Stable and unique, such as the number of the birth registration; the same reference always
        gets the same number.
    place_code : str
        Three digits of the province or country of birth registration.
    sex : Sex
        Of the person.
    birth_year : int
        1900 to 2399.

    Raises
    ------
    FieldError
        For a field that no number can be made of.
    """

    reference: str
    place_code: str
    sex: Sex
    birth_year: int

    def __post_init__(self) -> None:
        if not isinstance(self.reference, str) or not 0 < len(self.reference) <= 200:
            raise FieldError("reference", "must be text of 1 to 200 characters")
        if not assigned(self.place_code):
            raise FieldError("place_code", "no list assigns this place code")
        if self.sex not in (Sex.MALE, Sex.FEMALE):
            raise FieldError("sex", "the number needs male or female")
        if not 1900 <= self.birth_year <= 2399:
            raise FieldError("birth_year", "outside 1900 to 2399")

    @property
    def cell(self) -> str:
        """The first six digits.

        >>> NumberRequest("r", "046", Sex.FEMALE, 2001).cell
        '046301'
        """
        century = 2 * (self.birth_year // 100 - 19) + (self.sex is Sex.FEMALE)
        return f"{self.place_code}{century}{self.birth_year % 100:02d}"

    def __repr__(self) -> str:
        return "<NumberRequest>"


class Allocator:
    """Draws numbers and keeps them in a ledger.

    Threads may share one; processes share a `SqliteLedger`.

    Parameters
    ----------
    ledger : Ledger
        All numbers ever used.
    key : bytes, optional
        Secret of at least 16 bytes; a fresh one when left out. With the same key and ledger the
        same requests get the same numbers, whatever their order, but for collisions.

    Examples
    --------
    >>> from civid.people.numbers import MemoryLedger
    >>> allocator = Allocator(MemoryLedger(), key=b"only for examples")
    >>> request = NumberRequest("birth/2001/17", "046", Sex.FEMALE, 2001)
    >>> number = allocator.reserve(request).number
    >>> number.startswith("046301"), allocator.reserve(request).number == number
    (True, True)
    """

    def __init__(self, ledger: Ledger, key: bytes | None = None):
        if key is not None and len(key) < 16:
            raise FieldError("key", "shorter than 16 bytes")
        self._key = secrets.token_bytes(32) if key is None else bytes(key)
        self.ledger = ledger

    def reserve(self, request: NumberRequest) -> NumberRecord:
        """Give a request its number, the one it has already if it asked before.

        Confirm it with `civid.people.numbers.confirm` when the person has it.

        Raises
        ------
        FieldError
            When the reference was used for a person of another place, sex or year.
        NumbersExhaustedError
            When the whole cell was used.
        """
        known = self.ledger.find_request(request.reference)
        if known is not None:
            return self._same(known, request)
        for attempt in range(_DRAWS + CELL_SIZE):
            if attempt == _DRAWS and self.ledger.used(request.cell) >= CELL_SIZE:
                break
            number = request.cell + self._serial(request, attempt)
            try:
                if self.ledger.reserve(number, request.reference):
                    return NumberRecord(number, request.reference, NumberState.RESERVED)
            except NumberTakenError:  # a parallel caller was faster with the same request
                known = self.ledger.find_request(request.reference)
                if known is None:
                    raise
                return self._same(known, request)
        raise NumbersExhaustedError("every number of this place, sex and birth year is used")

    def reserve_many(self, requests: Iterable[NumberRequest]) -> list[NumberRecord]:
        """Give many requests their numbers in one transaction; raises as `reserve`, for all."""
        with self.ledger.batch():
            return [self.reserve(request) for request in requests]

    def _same(self, known: NumberRecord, request: NumberRequest) -> NumberRecord:
        if not known.number.startswith(request.cell):
            raise FieldError("reference", "used before for another place, sex or birth year")
        if known.state in (NumberState.CANCELLED, NumberState.CLOSED):
            raise NumberTakenError("the number of this request is out of use; ask anew")
        return known

    def _serial(self, request: NumberRequest, attempt: int) -> str:
        draw = min(attempt, _DRAWS)
        message = f"{request.cell}|{draw}|{request.reference}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(self._key, message, sha256)
        serial = int.from_bytes(digest[:16], "big") % CELL_SIZE
        if attempt >= _DRAWS:
            serial = (serial + (attempt - _DRAWS) * _STRIDE) % CELL_SIZE
        return f"{serial:06d}"
