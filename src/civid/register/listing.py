"""Parts of long lists: some items, and where to go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from civid.errors import FieldError


class Item(Protocol):
    """What can be listed."""

    @property
    def reference(self) -> str:
        """Its key."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""


T = TypeVar("T", bound=Item)
#: Most items of one part.
MOST = 1000


@dataclass(frozen=True, slots=True, repr=False)
class Listing(Generic[T]):
    """Some items of a list.

    Attributes
    ----------
    items : tuple
        At most as many as asked for.
    after : str or None
        Give it to the next call; None = there are no more.
    """

    items: tuple[T, ...]
    after: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"items": [one.to_dict() for one in self.items], "after": self.after}

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __repr__(self) -> str:
        return f"<Listing of {len(self.items)}>"


def checked_limit(limit: int) -> int:
    """How many items may be asked for at once; `FieldError` for more."""
    if not 1 <= limit <= MOST:
        raise FieldError("limit", f"outside 1 to {MOST}")
    return limit


def part(items: list[T], limit: int) -> Listing[T]:
    """One part, out of one item more than asked for."""
    kept = tuple(items[:limit])
    return Listing(kept, kept[-1].reference if len(items) > limit else None)
