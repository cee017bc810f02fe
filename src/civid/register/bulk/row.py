"""One row of another system, read and checked before any transaction begins."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from civid.errors import FieldError
from civid.people.citizen import FIELDS, Claim, Source
from civid.people.dates import PartialDate
from civid.register.bulk.outcome import Refused
from civid.register.population import claims as act
from civid.register.population.claims import MOST_CLAIMS, Said, read_or_none
from civid.register.population.lookup import NO_YEAR, Lookup, NumberKind, lookup_of, sounds
from civid.register.units import unit_code
from civid.register.vault import Vault

_LONGEST_ID, _LONGEST_TEXT = 200, 1024
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: Fields that must be readable; others keep what old papers hold, such as 31/04, as it is.
_MUST_BE_READ = ("name", "number", "cmnd9")


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
    dated : bool
        Whether the row says from when it holds.
    """

    row: int
    external: bytes
    digest: bytes
    unit: str
    data: bytes
    lookup: Lookup
    household: str
    relation: str
    address: str
    dated: bool

    @property
    def said(self) -> Said:
        """The act, read."""
        return act.decode(self.data)

    def __repr__(self) -> str:
        return f"<Incoming row {self.row}>"


class Reader:
    """Reads rows of one run. One thread.

    Parameters
    ----------
    vault : Vault
        For the tokens.
    source : str
        Name of the other system.
    defaults : Defaults
    """

    def __init__(self, vault: Vault, source: str, defaults: Defaults):
        self._vault = vault
        self._source = source
        self._defaults = defaults
        shared = defaults.shared
        self._head = b'{"v":%d,"d":%s,"c":' % (act.VERSION, _JSON(shared).encode())
        given = defaults.effective and defaults.effective.isoformat()
        self._same = _JSON([shared[0], given, defaults.evidence])
        self._units = {"": unit_code(defaults.unit)}
        self._late = shared[1] > shared[2]

    def external(self, given: str) -> bytes | None:
        """The token of an external id; None for what cannot be one."""
        if not isinstance(given, str) or not 0 < len(given) <= _LONGEST_ID:
            return None
        return self._vault.token("external", f"{self._source}\0{given}")

    def read(self, number: int, row: Row) -> Incoming | Refused:
        """Read a row."""
        external = self.external(row.external)
        if external is None:
            return Refused(number, "external")
        unit = self._units.get(row.unit)
        if unit is None:
            try:
                unit = self._units[row.unit] = unit_code(row.unit)
            except FieldError:
                return Refused(number, "unit")
        if isinstance(row.said, Mapping):
            return self._mapping(number, external, unit, row.said)
        return self._claims(number, external, unit, row.said)

    def _mapping(
        self, number: int, external: bytes, unit: str, said: Mapping[str, str]
    ) -> Incoming | Refused:
        # The same bytes as population.claims makes of claims, at a third of the cost: most fields
        # need not be read to be kept.
        try:
            made = [[field, text] for field, text in sorted(said.items()) if text]
        except TypeError:
            return Refused(number, "field")
        if not made:
            return Refused(number, "empty")
        for field, text in made:
            code = _objection(field, text)
            if code:
                return Refused(number, code, field if field in FIELDS else "")
        values: dict[str, Any] = {}
        for field in _MUST_BE_READ:
            if said.get(field):
                value = values[field] = read_or_none(field, said[field])
                if value is None:
                    return Refused(number, field, field)
        if self._defaults.strict:
            for field, text in made:
                if read_or_none(field, text) is None:
                    return Refused(number, "unread", field)
        if self._late and said.get("death"):
            return Refused(number, "death", "death")
        listed = _JSON(made)
        try:
            data = self._head + listed.encode() + b"}"
        except UnicodeEncodeError:
            return Refused(number, "text")
        digest = self._vault.token("said", f"{self._same}{unit}{listed}")
        relation = said.get("relation", "")
        known = read_or_none("relation", relation) if relation else None
        return Incoming(
            number, external, digest, unit, data, _lookup(said, values),
            said.get("residence_file", "").strip(), str(known or ""),
            said.get("permanent_residence", ""), self._defaults.effective is not None,
        )  # fmt: skip

    def _claims(
        self, number: int, external: bytes, unit: str, said: Iterable[Claim]
    ) -> Incoming | Refused:
        made = tuple(said)
        if not all(isinstance(one, Claim) for one in made):
            return Refused(number, "field")
        if not made:
            return Refused(number, "empty")
        if len(made) > MOST_CLAIMS:
            return Refused(number, "too_long")
        for one in made:
            code = _objection(one.field, one.recorded_as)
            if code:
                return Refused(number, code, one.field)
            if one.value is None and (self._defaults.strict or one.field in _MUST_BE_READ):
                code = one.field if one.field in _MUST_BE_READ else "unread"
                return Refused(number, code, one.field)
        whole = Said(made)
        person = act.citizen("", [(1, whole)])
        listed = _JSON(
            [[c.field, c.recorded_as, int(c.source), c.effective.isoformat(), c.evidence, c.unit]
             for c in made]
        )  # fmt: skip
        try:
            listed.encode()
        except UnicodeEncodeError:
            return Refused(number, "text")
        digest = self._vault.token("said", f"{unit}{listed}")
        return Incoming(
            number, external, digest, unit, act.encode(whole), lookup_of(person),
            person.text("residence_file").strip(), str(person.value("relation") or ""),
            person.text("permanent_residence"), True,
        )  # fmt: skip


def _objection(field: str, text: object) -> str:
    """Code of what speaks against a value, whatever its field; empty when nothing does."""
    if field not in FIELDS:
        return "field"
    if not isinstance(text, str) or "\0" in text:
        return "text"
    if len(text) > _LONGEST_TEXT:
        return "too_long"
    if text[0:1] in "=@+-" and text and (text[0] in "=@" or not text[1:2].isdigit()):
        return "formula"
    return ""


def _lookup(said: Mapping[str, str], values: Mapping[str, Any]) -> Lookup:
    numbers = set()
    if "number" in values:
        numbers.add((NumberKind.PERSONAL, values["number"]))
    if "cmnd9" in values:
        numbers.add((NumberKind.CMND9, values["cmnd9"]))
    names = {sounds(values["name"])} if "name" in values else set()
    if said.get("other_name"):
        other = read_or_none("other_name", said["other_name"])
        if isinstance(other, str):
            names.add(sounds(other))
    year = NO_YEAR
    if said.get("birth"):
        birth = read_or_none("birth", said["birth"])
        if isinstance(birth, PartialDate) and birth.year:
            year = birth.year
    return Lookup(frozenset(numbers), frozenset(names - {""}), year)
