"""Changes of a shard, as they travel, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass

from civid.search.arrays.encoding import EncodedFingers

ENROLLED, ALREADY, REPLACED, EXISTS = "enrolled", "already", "replaced", "exists"
REMOVED, ABSENT = "removed", "absent"


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """One subject more, another one, or one less.

    Parameters
    ----------
    subject : str
    fingers : encoded fingers, or None
        None = remove.
    replace : bool
        May take the place of a subject of this id.
    number : int
        In the order of enrolment of the whole cluster; the keeper gives it.
    """

    subject: str
    fingers: EncodedFingers | None
    replace: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Batch:
    """Changes of one shard that happen together.

    Parameters
    ----------
    after : int
        The epoch that they follow; a replica at another one refuses them.
    changes : tuple of Change
        By ascending number, each subject once.
    """

    after: int
    changes: tuple[Change, ...]

    @property
    def end(self) -> int:
        """The epoch after it."""
        return self.changes[-1].number + 1
