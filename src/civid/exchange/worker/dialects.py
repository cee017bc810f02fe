"""How two brokers map STOMP to JMS, each as it was found at the broker itself.

========================  ============================  =========================================
what                      ActiveMQ Classic              Artemis
========================  ============================  =========================================
queue ``q`` is called     ``/queue/q``                  ``q``, with the type ANYCAST
a TextMessage arrives     without ``content-length``    with one, written after ``message-id``
a BytesMessage arrives    with one                      with one, written before ``message-id``
SEND without length       TextMessage                   TextMessage
SEND with length          BytesMessage                  BytesMessage
ACK in a transaction      part of it                    not part of it: done at once
window                    messages                      bytes
========================  ============================  =========================================

Artemis adds the length that STOMP 1.2 asks for while it writes the frame, behind all headers; that
of a BytesMessage is one of its headers. Nothing else tells the two apart (Artemis 2.40,
``VersionedStompFrameHandler``); `Settings.text` is for brokers that differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Bytes of a message with its headers, generously; MOSIP's have some 700.
_BYTES_OF_A_MESSAGE = 2048


@dataclass(frozen=True)
class Dialect:
    """What to write to one kind of broker, and how to read it."""

    name: str
    prefix: str
    window_header: str
    window_unit: int
    subscribing: Mapping[str, str]
    sending: Mapping[str, str]
    #: ACK belongs to the transaction of the answers.
    acks_in_transactions: bool

    def destination(self, queue: str) -> str:
        """The queue as this broker calls it."""
        return self.prefix + queue

    def subscription(self, window: int) -> dict[str, str]:
        """Headers of SUBSCRIBE."""
        return {**self.subscribing, self.window_header: str(window * self.window_unit)}

    def is_text(self, headers: Mapping[str, str]) -> bool:
        """Whether a message that arrived was a TextMessage.

        >>> CLASSIC.is_text({"message-id": "1"})
        True
        >>> ARTEMIS.is_text({"message-id": "1", "content-length": "2"})
        True
        >>> ARTEMIS.is_text({"content-length": "2", "message-id": "1"})
        False
        """
        if self is not ARTEMIS or "content-length" not in headers:
            return "content-length" not in headers
        names = list(headers)
        return names.index("content-length") > names.index("message-id")


CLASSIC = Dialect(
    "classic", "/queue/", "activemq.prefetchSize", 1, {}, {}, acks_in_transactions=True
)
ARTEMIS = Dialect(
    "artemis", "", "consumer-window-size", _BYTES_OF_A_MESSAGE,
    {"subscription-type": "ANYCAST"}, {"destination-type": "ANYCAST"}, acks_in_transactions=False,
)  # fmt: skip


def dialect_of(server: str) -> Dialect:
    """Whose dialect to speak, by the header ``server`` of CONNECTED.

    >>> dialect_of("ActiveMQ-Artemis/2.40.0 ActiveMQ Artemis Messaging Engine").name
    'artemis'
    >>> dialect_of("ActiveMQ/5.18.3").name
    'classic'
    """
    return ARTEMIS if "artemis" in server.lower() else CLASSIC
