"""Addresses of brokers: ``stomp://user@host:port``, several for when one is down."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from civid.errors import FieldError

_PORTS = {"stomp": 61613, "stomps": 61614}


@dataclass(frozen=True)
class Broker:
    """Where a broker listens for STOMP, and as whom to sign in.

    Parameters
    ----------
    host, port : str, int
        Of its STOMP acceptor.
    tls : bool
        Whether it speaks TLS there (``stomps://``).
    user : str
        Empty = without a name.

    >>> str(Broker.of("stomp://abis@queue.example"))
    'stomp://queue.example:61613'
    """

    host: str
    port: int
    tls: bool = False
    user: str = ""

    @classmethod
    def of(cls, text: str) -> Broker:
        """Read one address.

        Raises
        ------
        FieldError
            It is none, or holds a password, which every user of the machine could read.
        """
        try:
            found = urlsplit(text.strip())
            port = found.port
        except ValueError:
            raise FieldError("broker", "not an address: stomp://user@host:61613") from None
        if found.scheme not in _PORTS or not found.hostname or found.path not in ("", "/"):
            raise FieldError("broker", "expected stomp://user@host:61613, or stomps:// for TLS")
        if found.password is not None:
            raise FieldError(
                "broker", "no password in an address: give it as a file or in the environment"
            )
        return cls(
            found.hostname, port or _PORTS[found.scheme], found.scheme == "stomps",
            unquote(found.username or ""),
        )  # fmt: skip

    def __str__(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'stomps' if self.tls else 'stomp'}://{name}:{self.port}"


def brokers_of(text: str) -> tuple[Broker, ...]:
    """Read addresses with commas between them; the first that answers is used.

    >>> [one.host for one in brokers_of("stomp://a@one:1,stomps://a@two")]
    ['one', 'two']
    """
    return tuple(Broker.of(one) for one in text.split(","))
