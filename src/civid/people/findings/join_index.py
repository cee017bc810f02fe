"""What the rules about the whole register need of each row: about 300 bytes, whatever it holds."""

from __future__ import annotations

from typing import Any

from civid.people.codes import HEAD, relation
from civid.people.findings.arena import Arena
from civid.people.findings.row.alive import _DEAD
from civid.people.findings.table import Ints, Memo, Table, digits
from civid.people.names.canonical import _BARE

HEAD_ROLE, OLDER, YOUNGER, SPOUSE = 1, 2, 3, 4
_ROLES = {"older": OLDER, "younger": YOUNGER, "spouse": SPOUSE}


def _role(text: str) -> int:
    try:
        found = relation(text)
    except ValueError:
        return 0
    return HEAD_ROLE if found.term == HEAD else _ROLES.get(found.age, 0)


_ROLE = Memo(_role)
_INT64 = ("number", "father", "mother", "spouse", "cmnd9", "name", "key", "given", "household",
          "residence")  # fmt: skip
_INT32 = ("birth", "death", "registration", "unit")
_INT8 = ("sex", "role", "dead")


class JoinIndex:
    """Compact columns of every row examined, for joins.

    Texts are kept as 64-bit hashes of this process, except canonical names and references.

    Attributes
    ----------
    names, references : Arena
        Canonical names and row keys.
    units : list of str
        Unit by number.
    columns : frozenset of str
        The columns that some table had.
    """

    def __init__(self) -> None:
        self.names, self.references = Arena(), Arena()
        self.units: list[str] = []
        self.columns = frozenset[str]()
        self._unit_numbers: dict[str, int] = {}
        self._parts: dict[str, list[Any]] = {name: [] for name in (*_INT64, *_INT32, *_INT8)}
        self._whole: dict[str, Ints] = {}
        self._sorted: tuple[Ints, Ints] | None = None
        self.size = 0

    def extend(self, table: Table) -> None:
        """Add the rows of a table."""
        import numpy as np

        self.columns |= table.columns
        add = self._add
        for name, column in (("number", "number"), ("father", "father_number"),
                             ("mother", "mother_number"), ("spouse", "spouse_number")):  # fmt: skip
            add(name, table.number(column))
        add("cmnd9", table.cmnd9())
        add("birth", table.date("birth"))
        add("death", table.day("death"))
        add("sex", table.sex())
        add("dead", (table.memo("life", _DEAD) == 1) | table.has("death"))
        add("role", table.memo("relation", _ROLE))
        add("registration", digits(table.texts("registration_code"), 3))
        names = table.canonical_names()
        bare = _BARE.__getitem__
        keys = [" ".join(map(bare, name.split())) for name in names]
        add("name", _hashes(names))
        add("key", _hashes(keys))
        add("given", _hashes([key.rpartition(" ")[2] for key in keys]))
        add("household", _hashes(table.texts("household")))
        places = zip(table.texts("province_code"), table.texts("address"), strict=True)
        add("residence", _hashes([f"{code}|{text}" if text else "" for code, text in places]))
        units = table.texts("unit")
        for unit in dict.fromkeys(units):
            if unit not in self._unit_numbers:
                self._unit_numbers[unit] = len(self.units)
                self.units.append(unit)
        add("unit", np.fromiter(map(self._unit_numbers.__getitem__, units), np.int32, table.size))
        self.names.extend(names)
        self.references.extend(table.texts("reference"))
        self.size += table.size
        self._whole.clear()
        self._sorted = None

    def _add(self, name: str, values: Ints) -> None:
        import numpy as np

        kind = np.int64 if name in _INT64 else np.int32 if name in _INT32 else np.int8
        self._parts[name].append(values.astype(kind))

    def column(self, name: str) -> Ints:
        """One column of all rows."""
        import numpy as np

        if name not in self._whole:
            parts = self._parts[name]
            self._whole[name] = np.concatenate(parts) if parts else np.zeros(0, np.int64)
            self._parts[name] = [self._whole[name]] if parts else []
        return self._whole[name]

    def find(self, numbers: Ints) -> Ints:
        """Row of each personal number, the first that bears it; -1 where nobody does."""
        import numpy as np

        if self._sorted is None:
            own = self.column("number")
            order = np.argsort(own, kind="stable")
            self._sorted = own[order], order
        values, order = self._sorted
        if not len(values):
            return np.full(len(numbers), -1)
        at = np.minimum(np.searchsorted(values, numbers), len(values) - 1)
        return np.where((numbers >= 0) & (values[at] == numbers), order[at], -1)


def _hashes(texts: Any) -> Ints:
    """64-bit hashes; zero for empty text."""
    import numpy as np

    return np.fromiter(map(hash, texts), np.int64, len(texts))
