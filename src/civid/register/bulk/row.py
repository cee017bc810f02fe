"""One row of another system, as it is given and as a transaction needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from civid.people.citizen import Claim, Source
from civid.register.population import claims as act
from civid.register.population.claims import Said
from civid.register.population.lookup import NumberKind


class Row(NamedTuple):
    """What another system says about somebody.

    Attributes
    ----------
    external : str
        Under which id that system knows the person.
    said : mapping or sequence of Claim
        Field -> text, with the defaults of the run; or claims with their own source and days.
    unit : str
        Unit that keeps the record; that of the run, unless given.
    """

    external: str
    said: Mapping[str, str] | Sequence[Claim]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every row of a run that does not say otherwise."""

    unit: str
    source: Source
    recorded: date
    effective: date | None = None
    evidence: str = ""
    strict: bool = False

    @property
    def shared(self) -> list[Any]:
        """What the claims of a row have in common, as an act writes it."""
        effective = self.effective or self.recorded
        return [
            int(self.source), effective.isoformat(), self.recorded.isoformat(), self.evidence, ""
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Incoming:
    """A row that can be taken: all that a transaction needs, so that it is short.

    Attributes
    ----------
    data : bytes
        The act, if the person is new.
    digest, external : bytes
        Tokens of what was said, and of who is meant.
    numbers : tuple of (NumberKind, token, digits)
        What leads to the person.
    names : tuple of bytes
        Tokens of their sounds.
    home : bytes
        Token of the household; empty when the row puts the person into none.
    dated : bool
        Whether the row says from when it holds.
    """

    row: int
    external: bytes
    digest: bytes
    unit: str
    data: bytes
    numbers: tuple[tuple[NumberKind, bytes, str], ...]
    names: tuple[bytes, ...]
    birth_year: int
    household: str
    home: bytes
    relation: str
    address: str
    dated: bool

    @property
    def said(self) -> Said:
        """The act, read."""
        return act.decode(self.data)

    def __repr__(self) -> str:
        return f"<Incoming row {self.row}>"
