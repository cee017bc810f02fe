"""Why biometrics behind a URL did not come. Messages hold neither the URL nor what came."""

from __future__ import annotations

from typing import ClassVar

from civid.errors import CividError


class FetchError(CividError):
    """The biometrics behind a URL cannot be had.

    Attributes
    ----------
    reason : str
        The failure reason of the MOSIP ABIS API, 0.9: ``7`` cannot be fetched, ``17`` expired,
        ``11`` nothing in it that can be read.
    passing : bool
        It may go better later: the server did not answer, or answered that it has a problem.

    >>> ExpiredError("used up").reason, RefusedError("not a host of ours").reason
    ('17', '7')
    """

    reason: ClassVar[str] = "7"
    passing: ClassVar[bool] = False


class NotFetchedError(FetchError):
    """The server did not answer in time, has no such file, or refused us."""


class UnreachableError(NotFetchedError):
    """The server cannot be reached, or has a problem of its own; another time it may work."""

    passing = True


class ExpiredError(FetchError):
    """The URL was used up, or its time has passed."""

    reason = "17"


class TooLargeError(FetchError):
    """What came is larger than allowed; the rest of it was not read."""


class RefusedError(FetchError):
    """civid did not ask: another scheme, a host or an address that is not allowed, a redirect."""


class UndecipherableError(FetchError):
    """What came is encrypted otherwise, for another key, or was changed on the way."""

    reason = "11"  # as case ABIS3017 of MOSIP's compliance toolkit wants it
