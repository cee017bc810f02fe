"""What is asked and what is answered between units: no more than the question needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What is said of one field: whether it is as the asking unit wrote; never what it is."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What is asked.

    Parameters
    ----------
    values : mapping
        Of a confirmation: field of a citizen -> text to be confirmed.
    wanted : tuple of str
        Of a check or a document: codes of what is wanted, such as ``residence.real``.
    procedure, matter : str
        Administrative procedure, and number of the dossier or case for which it is asked.
    basis : str
        Law or decision that allows to ask.
    note : str
        Free text.
    days : int
        Working days for the answer.
    trace : str
        Id under which the question came from another system.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()
    procedure: str = ""
    matter: str = ""
    basis: str = ""
    note: str = ""
    days: int = 7
    trace: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return plain | {"values": dict(self.values), "wanted": list(self.wanted)}

    def __repr__(self) -> str:
        return f"<Question about {len(self.values)} fields, {len(self.wanted)} codes>"


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that an answer names; the paper itself does not travel in the request.

    Parameters
    ----------
    code : str
        What of the question it answers.
    number : str
        Number of the paper.
    sha256 : str
        Digest of the file, 64 hexadecimal digits; empty for paper.
    """

    code: str
    number: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What is answered: the least that answers the question.

    Parameters
    ----------
    verdicts : mapping
        Of a confirmation: field -> verdict.
    results : mapping
        Of a check: code of the question -> code of the result.
    documents : tuple of Document
        Of a request for documents.
    note : str
        Free text.
    """

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "verdicts": {name: one.value for name, one in self.verdicts.items()},
            "results": dict(self.results),
            "documents": [
                {"code": one.code, "number": one.number, "sha256": one.sha256}
                for one in self.documents
            ],
            "note": self.note,
        }

    def __repr__(self) -> str:
        said = len(self.verdicts) + len(self.results) + len(self.documents)
        return f"<Reply that says {said} things>"
