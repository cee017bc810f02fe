"""References: images and templates behind a URL, from allowed servers and from nowhere else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from civid.exchange.datashare.errors import FetchError
from civid.exchange.datashare.fetcher import Fetcher
from civid.exchange.datashare.origins import Origin
from civid.exchange.osia.faults import Code, Fault

if TYPE_CHECKING:
    import ssl


class References:
    """Gets what ``imageRef`` and ``templateRef`` lead to. Safe for threads; close it.

    Parameters
    ----------
    origins : tuple of Origin
        Who may be asked; without any, a reference is refused.
    context : ssl.SSLContext, optional
        With authorities or a client certificate of one's own.

    Examples
    --------
    >>> References(())("https://images.example/1")
    Traceback (most recent call last):
    civid.exchange.osia.faults.Fault: a reference: this server fetches nothing; send the image
    """

    def __init__(self, origins: tuple[Origin, ...], *, context: ssl.SSLContext | None = None):
        self._origins, self._context = origins, context
        self._fetcher: Fetcher | None = None
        self._lock = threading.Lock()

    def __call__(self, url: str) -> bytes:
        """What is there, or `Fault` (400)."""
        if not self._origins:
            text = "a reference: this server fetches nothing; send the image"
            raise Fault(400, Code.DESTINATION, text)
        with self._lock:
            if self._fetcher is None:
                self._fetcher = Fetcher(self._origins, context=self._context)
        try:
            return self._fetcher.fetch(url)
        except FetchError as error:
            raise Fault(400, Code.DESTINATION, f"a reference: {error}") from None

    def close(self) -> None:
        """End its connections; the next reference would make new ones."""
        with self._lock:
            if self._fetcher is not None:
                self._fetcher.close()
            self._fetcher = None
