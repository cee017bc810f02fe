"""Reading rows of another system: checked, encoded and looked up before any transaction begins."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from civid.errors import FieldError
from civid.people.citizen import FIELDS, Claim
from civid.people.dates import PartialDate
from civid.register.bulk.outcome import Refused
from civid.register.bulk.row import Defaults, Incoming, Row
from civid.register.population import claims as act
from civid.register.population.claims import MOST_CLAIMS, Said, read_or_none
from civid.register.population.lookup import (
    NO_YEAR,
    NUMBERS,
    NumberKind,
    lookup_of,
    name_token,
    number_token,
    sounds,
)
from civid.register.units import unit_code
from civid.register.vault import Vault
from civid.spreadsheets import SIGNS

_LONGEST_ID, _LONGEST_TEXT = 200, 1024
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: Fields that must be readable; others keep what old papers hold, such as 31/04, as it is.
_MUST_BE_READ = ("name", "number", "cmnd9")


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
        self._sounds = lru_cache(1 << 16)(_sounds)

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
            if (code := _objection(field, text)) != "":
                return Refused(number, code, field if field in FIELDS else "")
        listed = _JSON(made)
        if "\\u0000" in listed:  # of a NUL, or of somebody who wrote these six characters
            for field, text in made:
                if "\0" in text:
                    return Refused(number, "text", field)
        if self._late and said.get("death"):
            return Refused(number, "death", "death")
        try:
            data = self._head + listed.encode() + b"}"
        except UnicodeEncodeError:
            return Refused(number, "text", _unstorable(made))
        names: set[str] = set()
        if (name := said.get("name")) and not self._name(name, names):
            return Refused(number, "name", "name")
        if other := said.get("other_name"):
            self._name(other, names)
        numbers = []
        for field, kind in NUMBERS.items():
            if digits := said.get(field):
                value = read_or_none(field, digits)
                if not isinstance(value, str):
                    return Refused(number, field, field)
                numbers.append((kind, value))
        if self._defaults.strict:
            for field, text in made:
                if read_or_none(field, text) is None:
                    return Refused(number, "unread", field)
        year = NO_YEAR
        if born := said.get("birth"):
            birth = read_or_none("birth", born)
            if isinstance(birth, PartialDate) and birth.year:
                year = birth.year
        relation = said.get("relation", "")
        related = str(read_or_none("relation", relation) or "") if relation else ""
        return self._incoming(
            number, external, unit, data, f"{self._same}{unit}{listed}",
            (tuple(numbers), tuple(names), year),
            (said.get("residence_file", "").strip(), related,
             said.get("permanent_residence", "")),
            self._defaults.effective is not None,
        )  # fmt: skip

    def _name(self, text: str, names: set[str]) -> bool:
        """Add the sound of a name; whether there is a name."""
        sound = self._sounds(text)
        if sound:
            names.add(sound)
        return sound is not None

    def _incoming(
        self,
        number: int,
        external: bytes,
        unit: str,
        data: bytes,
        said: str,
        lookup: tuple[Iterable[tuple[NumberKind, str]], Iterable[str], int],
        dwelling: tuple[str, str, str],
        dated: bool,
    ) -> Incoming:
        vault = self._vault
        numbers, names, year = lookup
        household, relation, address = dwelling
        home = vault.token("household", household) if household and relation else b""
        return Incoming(
            number, external, vault.token("said", said), unit, data,
            tuple([(kind, number_token(vault, kind, text), text) for kind, text in numbers]),
            tuple([name_token(vault, one) for one in names]), year, household, home, relation,
            address, dated,
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
            if not code and "\0" in one.recorded_as:
                code = "text"
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
            return Refused(number, "text", _unstorable([[c.field, c.recorded_as] for c in made]))
        lookup = lookup_of(person)
        return self._incoming(
            number, external, unit, act.encode(whole), f"{unit}{listed}",
            (sorted(lookup.numbers), sorted(lookup.names), lookup.birth_year),
            (person.text("residence_file").strip(), str(person.value("relation") or ""),
             person.text("permanent_residence")),
            True,
        )  # fmt: skip


def _sounds(name: str) -> str | None:
    """The sound of a name as claims have it; None for what is no name."""
    value = read_or_none("name", name)
    # Old systems write a dash for what they do not know.
    if not isinstance(value, str) or not any(map(str.isalpha, value)):
        return None
    return sounds(value)


def _unstorable(made: Iterable[Iterable[str]]) -> str:
    """The field that holds a lone surrogate; empty when it stands elsewhere, as in the evidence."""
    for field, text in made:
        if any("\ud800" <= one <= "\udfff" for one in text):
            return field
    return ""


def _objection(field: str, text: object) -> str:
    """Code of what speaks against a value, whatever its field; empty when nothing does."""
    if field not in FIELDS:
        return "field"
    if not isinstance(text, str):
        return "text"
    if len(text) > _LONGEST_TEXT:
        return "too_long"
    start = text.lstrip()[:2]
    if len(start) == 2 and start[0] in SIGNS and (start[0] in "=@＝＠" or not start[1].isdigit()):
        return "formula"
    return ""
