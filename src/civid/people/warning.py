"""What looks wrong but is not refused: the law lets such values stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldWarning:
    """A doubt about a field; never an error, and it does not repeat the person's data.

    Parameters
    ----------
    code : str
        Stable id, ``<field>.<doubt>``.
    message : str
        One sentence for a person to read.
    """

    code: str
    message: str
