"""Which servers may be asked, and at which of their addresses: checked before a byte is sent."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from civid.errors import FieldError
from civid.exchange.datashare.errors import RefusedError

#: Longer URLs are refused unread; those of data shares have some 200 characters.
MOST_CHARACTERS = 2048
#: What a translator makes an IPv4 address of (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PORTS = {"https": 443, "http": 80}
#: The metadata service of a cloud that is at a private address; others are of the link.
_METADATA = ipaddress.ip_address("fd00:ec2::254")


@dataclass(frozen=True)
class Origin:
    """A server that may be asked: scheme, name and port, and whether it stands in the own network.

    Parameters
    ----------
    scheme, host, port : str, str, int
        As in a URL; ``http`` is allowed where an origin is written so, and nowhere else.
    inside : bool
        The name may lead to private and loopback addresses. Those of the link (169.254.0.0/16 with
        the metadata services of clouds), of groups, and reserved ones are never asked.

    >>> Origin.of("https://share.example")
    Origin(scheme='https', host='share.example', port=443, inside=False)
    """

    scheme: str
    host: str
    port: int
    inside: bool = False

    @classmethod
    def of(cls, text: str, *, inside: bool = False) -> Origin:
        """Read ``https://host`` or ``http://host:port``.

        Raises
        ------
        FieldError
            Another scheme, no host, or more than an origin: a path, a user.
        """
        try:
            scheme, host, port, rest = _parts(text)
        except RefusedError as error:
            raise FieldError("origin", str(error)) from None
        if rest not in ("", "/"):
            raise FieldError("origin", "expected a scheme, a host and perhaps a port; no path")
        return cls(scheme, host, port, inside)

    def __str__(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{name}:{self.port}"


def origin_of(url: str, allowed: tuple[Origin, ...]) -> Origin:
    """The allowed origin of a URL.

    Raises
    ------
    RefusedError
        There is none, or the text is no URL that could be asked.

    >>> origin_of("https://share.example/v1/a", (Origin.of("https://share.example"),)).port
    443
    """
    scheme, host, port, _ = _parts(url)
    for one in allowed:
        if (one.scheme, one.host, one.port) == (scheme, host, port):
            return one
    raise RefusedError("the host of the URL is not among those that may be asked")


def usable(address: str, *, inside: bool) -> bool:
    """Whether an address may be connected to.

    >>> [usable(one, inside=True) for one in ("10.0.0.7", "127.0.0.1", "169.254.169.254")]
    [True, True, False]
    >>> usable("10.0.0.7", inside=False), usable("::ffff:10.0.0.7", inside=False)
    (False, False)
    >>> usable("64:ff9b::a9fe:a9fe", inside=True)  # 169.254.169.254 behind a translator
    False
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a scope (fe80::1%eth0): of the link
        return False
    if isinstance(found, ipaddress.IPv6Address):
        # Addresses that carry another inside are as good as the one that they carry.
        within = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            within = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if within is not None:
            return usable(str(within), inside=inside)
        if found == _METADATA:
            return False
        if found.is_site_local:  # fec0::/10, private before fc00::/7 was
            return inside
    if found.is_link_local or found.is_multicast or found.is_unspecified:
        return False
    if found.is_loopback:
        return inside
    if found.is_reserved:
        return False
    return found.is_global or (inside and found.is_private)


def _parts(url: str) -> tuple[str, str, int, str]:
    if len(url) > MOST_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
        raise RefusedError("not a URL: too long, or with characters that none has")
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        raise RefusedError("not a URL") from None
    if found.scheme not in _PORTS:
        raise RefusedError("only https is asked, and http where it is allowed")
    # Backslashes are read differently by different readers, and users hide the real host.
    if not found.hostname or "@" in found.netloc or "\\" in url:
        raise RefusedError("the URL has no host, or a user in front of it")
    rest = found.path + (f"?{found.query}" if found.query else "")
    return found.scheme, found.hostname, port or _PORTS[found.scheme], rest


__all__ = ["MOST_CHARACTERS", "Origin", "origin_of", "usable"]
