"""What is asked about a row, and what may come back: yes, no or unknown, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

#: Fields of a table that a register can be asked to confirm.
CONFIRMED = ("name", "birth", "sex")


class Said(IntEnum):
    """What was said to one thing that was asked; the numbers are what a checkpoint keeps."""

    NOT_ASKED = 0
    YES = 1
    NO = 2
    UNKNOWN = 3  #: the register cannot tell, or the grant says nothing about it


class Met(IntEnum):
    """What became of the question about a row."""

    NOT_ASKED = 0  #: the row has too little to be asked about
    AGREES = 1  #: everything that was asked about agrees
    DIFFERS = 2  #: something does not
    NOBODY = 3  #: the register knows nobody by this number
    UNTOLD = 4  #: the register cannot tell
    REFUSED = 5  #: about this person the grant lets nothing be said
    LIMITED = 6  #: a limit of the grant was reached; a later run asks about it


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """A row as it is asked about; holds values of the partner's own table alone.

    Parameters
    ----------
    row : int
        Number of the row in the partner's file.
    number : str
        Twelve digits, or nine of an old CMND.
    fields : dict of str to str
        Of `CONFIRMED`: what the partner has, normalised; empty ones are left out.
    """

    row: int
    number: str
    fields: dict[str, str]

    def __repr__(self) -> str:
        return f"<Question row {self.row}>"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Parameters
    ----------
    met : Met
        In sum.
    fields : dict of str to Said
        Of each field, only where the grant tells fields apart.
    renumbered : Said
        Whether the number is an old one of somebody who has another now; `Said.NOT_ASKED` where
        the grant does not tell.
    """

    met: Met
    fields: dict[str, Said] = field(default_factory=dict)
    renumbered: Said = Said.NOT_ASKED


class Asker(Protocol):
    """Who puts questions to a register under a grant."""

    #: What the checkpoint is keyed to beside the table: register, grant, version, partner.
    key: str
    #: Fields that a question must give, and those that it may.
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    #: Of these, the fields that the grant tells apart.
    told: tuple[str, ...]
    #: Whether the grant tells that nobody has a number; else that is one with what differs.
    tells_nobody: bool
    #: Whether the grant tells that a number is an old one.
    tells_renumbered: bool
    #: Questions that are put at once.
    batch: int

    def ask(self, questions: Sequence[Question], table: str) -> Sequence[Answer]:
        """The answers, in the order of the questions; the same again for the same table."""
        ...
