"""What a worker can be told."""

from __future__ import annotations

from dataclasses import dataclass, field

from civid.errors import FieldError
from civid.exchange.worker.brokers import Broker


@dataclass(frozen=True)
class Settings:
    """How a worker works. Everything but the brokers has a default that serves.

    Parameters
    ----------
    brokers : tuple of Broker
        Tried in turn.
    password : str
        For all of them.
    inbound, outbound, dead : str
        Queues: requests, answers, and what cannot be answered (``inbound`` + ``.dead``).
    window : int
        Most messages taken and not yet answered; what the broker holds back beyond it is
        back-pressure.
    group : int
        Most messages that become durable, and are answered, together.
    threads : int
        That fetch and extract ahead.
    tries : int
        After so many failures of our own, or deaths of the process, a message is a dead letter.
    heartbeat : float
        Seconds between signs of life, both ways.
    patience : float
        Seconds to wait for the broker to accept a connection or answers.
    grace : float
        Seconds to finish in when told to stop.
    keep_answers : int
        Days after which an answer is forgotten; its request would then be a new one.
    text : bool, optional
        Answer in TextMessages (True) or BytesMessages; as asked unless given.
    authority : str, optional
        File with the certificates that brokers' are checked against.

    Raises
    ------
    FieldError
        A number or a name makes no sense.

    >>> settings = Settings((Broker("queue.example", 61613),), password="not shown")
    >>> settings.dead_letters, "not shown" in repr(settings)
    ('mosip-to-abis.dead', False)
    """

    brokers: tuple[Broker, ...]
    password: str = field(default="", repr=False)
    inbound: str = "mosip-to-abis"
    outbound: str = "abis-to-mosip"
    dead: str = ""
    window: int = 64
    group: int = 32
    threads: int = 2
    tries: int = 5
    heartbeat: float = 10.0
    patience: float = 30.0
    grace: float = 60.0
    keep_answers: int = 7
    text: bool | None = None
    authority: str | None = None

    def __post_init__(self) -> None:
        if not self.brokers:
            raise FieldError("brokers", "expected at least one")
        for name in ("window", "group", "threads", "tries"):
            if getattr(self, name) < 1:
                raise FieldError(name, "expected at least 1")
        for name in ("heartbeat", "patience", "grace"):
            if not 0 < getattr(self, name) < 86_400:
                raise FieldError(name, "expected seconds of less than a day")
        if not 1 <= self.keep_answers <= 3650:
            raise FieldError("keep_answers", "expected 1 to 3,650 days")
        names = {self.inbound, self.outbound, self.dead_letters}
        if len(names) != 3 or any(not one.isprintable() or not one.strip() for one in names):
            raise FieldError("queues", "expected three names that differ")

    @property
    def dead_letters(self) -> str:
        """Queue of what cannot be answered."""
        return self.dead or f"{self.inbound}.dead"
