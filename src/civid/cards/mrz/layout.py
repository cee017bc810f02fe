"""Where the fields of a machine-readable zone stand (ICAO Doc 9303 parts 4, 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass

#: Line, first column and column behind the last, all counted from 0.
Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Check:
    """One check digit: its name, its line and column, and what it is computed over."""

    name: str
    line: int
    column: int
    over: tuple[Place, ...]
    may_be_filler: bool = False  #: `<` stands for 0 where the field is empty


@dataclass(frozen=True, slots=True)
class Layout:
    """One size of document."""

    name: str
    lines: int
    columns: int
    fields: dict[str, Place]
    checks: tuple[Check, ...]

    def width(self, field: str) -> int:
        """How many characters a field has."""
        _, start, end = self.fields[field]
        return end - start


TD1 = Layout(
    "TD1",
    3,
    30,
    {
        "document_code": (0, 0, 2),
        "issuing_state": (0, 2, 5),
        "document_number": (0, 5, 14),
        "optional": (0, 15, 30),
        "birth_text": (1, 0, 6),
        "sex_text": (1, 7, 8),
        "expiry_text": (1, 8, 14),
        "nationality": (1, 15, 18),
        "optional_2": (1, 18, 29),
        "names": (2, 0, 30),
    },
    (
        Check("document_number", 0, 14, ((0, 5, 14),)),
        Check("birth", 1, 6, ((1, 0, 6),)),
        Check("expiry", 1, 14, ((1, 8, 14),)),
        Check("composite", 1, 29, ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29))),
    ),
)
TD2 = Layout(
    "TD2",
    2,
    36,
    {
        "document_code": (0, 0, 2),
        "issuing_state": (0, 2, 5),
        "names": (0, 5, 36),
        "document_number": (1, 0, 9),
        "nationality": (1, 10, 13),
        "birth_text": (1, 13, 19),
        "sex_text": (1, 20, 21),
        "expiry_text": (1, 21, 27),
        "optional": (1, 28, 35),
    },
    (
        Check("document_number", 1, 9, ((1, 0, 9),)),
        Check("birth", 1, 19, ((1, 13, 19),)),
        Check("expiry", 1, 27, ((1, 21, 27),)),
        Check("composite", 1, 35, ((1, 0, 10), (1, 13, 20), (1, 21, 35))),
    ),
)
TD3 = Layout(
    "TD3",
    2,
    44,
    {
        "document_code": (0, 0, 2),
        "issuing_state": (0, 2, 5),
        "names": (0, 5, 44),
        "document_number": (1, 0, 9),
        "nationality": (1, 10, 13),
        "birth_text": (1, 13, 19),
        "sex_text": (1, 20, 21),
        "expiry_text": (1, 21, 27),
        "optional": (1, 28, 42),
    },
    (
        Check("document_number", 1, 9, ((1, 0, 9),)),
        Check("birth", 1, 19, ((1, 13, 19),)),
        Check("expiry", 1, 27, ((1, 21, 27),)),
        Check("optional", 1, 42, ((1, 28, 42),), may_be_filler=True),
        Check("composite", 1, 43, ((1, 0, 10), (1, 13, 20), (1, 21, 43))),
    ),
)
LAYOUTS = (TD1, TD2, TD3)
