"""Signing in and out as operations of the register, so that the log has them."""

from __future__ import annotations

from civid.register import Register
from civid.register.actor import Capability
from civid.register.session import Service, Work, changes, refuse


class Doors(Service):
    """Entries of the log about sessions. Safe for threads."""

    def __init__(self, register: Register):
        super().__init__(register._session)

    @changes("adjudication.sign_in", Capability.ADJUDICATE)
    def enter(self, work: Work) -> None:
        """An officer has signed in; `AccessRefusedError`, logged, who may not judge cases."""

    @changes("adjudication.sign_out", Capability.ADJUDICATE)
    def leave(self, work: Work) -> None:
        """An officer has signed out."""

    def wrong(self) -> None:
        """Somebody gave a wrong name or password; whose is not written down."""
        refuse(self._session, "adjudication.sign_in", set())
