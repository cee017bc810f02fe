"""Who acts: capabilities (quyền) and the units in which they hold."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, replace
from enum import StrEnum

from civid.errors import FieldError

_LONGEST = 64


class Capability(StrEnum):
    """What an actor may do. `IDENTIFY`, a search among everybody, is the dangerous one."""

    ENROL = "enrol"  #: thu nhận
    IDENTIFY = "identify"  #: tìm một người trong tất cả (1:N)
    VERIFY = "verify"  #: đối chiếu một người (1:1)
    READ = "read"  #: tra cứu
    CORRECT = "correct"  #: chỉnh sửa
    DELETE = "delete"  #: xóa
    EXPORT = "export"  #: trích xuất
    WATCH = "watch"  #: danh sách truy nã, truy tìm
    ADMINISTER = "administer"  #: quản trị
    ADJUDICATE = "adjudicate"  #: kết luận trùng: hợp nhất, tách, giữ riêng


EVERYTHING = frozenset(Capability)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or service that acts in a register.

    Units are paths of codes from the top, such as ``46/474/19753``; since July 2025 without the
    district: ``46/19753``. What holds in a unit holds in all below it; the empty unit is the
    country.

    Parameters
    ----------
    name : str
        Who, as the audit log shall say it: a pseudonym or an account, 1 to 64 characters.
    capabilities : frozenset of Capability
        What may be done.
    unit : str
        Where the actor acts from; goes into every entry of the log.
    scope : tuple of str
        Units in whose records it may be done; the own unit, unless given.
    purpose : str
        Why (mục đích, legal basis); goes into every entry of the log.
    station : str
        Machine or counter.
    roles : frozenset of str, optional
        In which roles (chức trách) of a dossier's or card's life cycle the actor may act, such as
        ``counter`` or ``department_head``; in any, unless given.

    Examples
    --------
    >>> clerk = Actor("clerk-17", frozenset({Capability.READ}), unit="46/474")
    >>> clerk.covers("46/474/19753"), clerk.covers("46"), clerk.covers("46/4741")
    (True, False, False)
    """

    name: str
    capabilities: frozenset[Capability] = EVERYTHING
    unit: str = ""
    scope: tuple[str, ...] | None = None
    purpose: str = ""
    station: str = ""
    roles: frozenset[str] | None = None

    def __post_init__(self) -> None:
        for field in ("name", "unit", "purpose", "station"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST:
                raise FieldError(field, f"must be text of at most {_LONGEST} printable characters")
        if not self.name:
            raise FieldError("name", "an actor needs a name")
        wanted = frozenset(Capability(one) for one in self.capabilities)
        object.__setattr__(self, "capabilities", wanted)

    @classmethod
    def local(cls) -> Actor:
        """Whoever runs this process, with every capability: for a register in one's own folder."""
        try:
            name = getpass.getuser()
        except (OSError, KeyError):  # no such user, as in a container
            name = "local"
        return cls(name[:_LONGEST] or "local")

    def covers(self, unit: str) -> bool:
        """Whether a record of that unit lies in the actor's scope."""
        return any(
            under(unit, one) for one in (self.scope if self.scope is not None else (self.unit,))
        )

    def acts_as(self, role: str) -> bool:
        """Whether the actor may act in a role."""
        return self.roles is None or role in self.roles

    def doing(self, purpose: str) -> Actor:
        """The same actor for another purpose."""
        return replace(self, purpose=purpose)


def under(unit: str, top: str) -> bool:
    """Whether a unit is another one or lies below it.

    >>> under("46/474", "46"), under("46", ""), under("461", "46")
    (True, True, False)
    """
    return not top or unit == top or unit.startswith(top + "/")


def actor_of(value: Actor | str | None) -> Actor:
    """What `Register.open` was given, as an actor; a name alone has every capability."""
    if value is None:
        return Actor.local()
    return Actor(value) if isinstance(value, str) else value
