"""Messages on their way: what arrived, and what leaves for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Delivery:
    """A message that the broker handed out and waits to have acknowledged.

    Attributes
    ----------
    body : bytes
        As it came.
    text : bool
        It is a TextMessage, not a BytesMessage.
    ack : str
        What to acknowledge it by; good for this connection alone.
    session : object
        The connection that it came by.
    redelivered : bool
        The broker says that it was handed out before.
    """

    body: bytes = field(repr=False)
    text: bool
    ack: str
    session: object = field(repr=False)
    redelivered: bool = False

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the body: the same message again has the same, whatever carries it."""
        return hashlib.sha256(self.body).digest()

    @property
    def mark(self) -> str:
        """What logs call it; it tells nothing about anybody."""
        return self.digest.hex()[:12]


@dataclass(frozen=True)
class Leaving:
    """What is sent for a delivery, which is acknowledged with it.

    Attributes
    ----------
    delivery : Delivery
        Sent as the same kind of message.
    body : bytes
        Answer, or the delivery's own body for a dead letter.
    dead : str
        Why it is a dead letter; empty for an answer.
    """

    delivery: Delivery
    body: bytes = field(repr=False)
    dead: str = ""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of its own."""
        return {"civid-reason": self.dead, "civid-mark": self.delivery.mark} if self.dead else {}
