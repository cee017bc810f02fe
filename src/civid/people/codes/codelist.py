"""A code list (danh mục) of one version: codes to terms and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from civid.errors import CodeError
from civid.people.names.canonical import MAX_LENGTH, canonical


@dataclass(frozen=True)
class CodeList:
    """One version of one list. Codes are text: leading zeros count.

    Parameters
    ----------
    name, version : str
        Such as ``ethnic`` and ``1979``.
    entries : tuple of (code, term)
        In the order of the list.
    source : str
        Decision or circular.
    valid_from : date or None
        When it came into force.
    """

    name: str
    version: str
    entries: tuple[tuple[str, str], ...]
    source: str
    valid_from: date | None = None

    @cached_property
    def _terms(self) -> dict[str, str]:
        return dict(self.entries)

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {canonical(term): code for code, term in self.entries}

    def __contains__(self, code: object) -> bool:
        return code in self._terms

    def __len__(self) -> int:
        return len(self.entries)

    def term(self, code: str) -> str:
        """Vietnamese term of a code; `CodeError` when the list has no such code."""
        try:
            return self._terms[code]
        except (KeyError, TypeError):
            raise CodeError(self.name, f"no such code in the list of {self.version}") from None

    def code(self, term: str) -> str:
        """Code of a Vietnamese term, however it is spelled; `CodeError` when unknown."""
        if not isinstance(term, str) or len(term) > MAX_LENGTH:
            raise CodeError(self.name, "not a term")
        try:
            return self._codes[canonical(term)]
        except KeyError:
            raise CodeError(self.name, f"no such term in the list of {self.version}") from None

    def get(self, code: str) -> str | None:
        """Term of a code, or None."""
        return self._terms.get(code)
