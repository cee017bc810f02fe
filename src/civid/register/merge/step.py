"""One step of a merge: a transaction that takes over some records, counts them and opens cases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from civid.register.ids import new_id
from civid.register.merge import common
from civid.register.merge.common import Mark
from civid.register.merge.lineage import Lineage
from civid.register.merge.report import Counts, count
from civid.register.session import Work
from civid.register.store.tables import cases

CONFLICT, DUPLICATE = "conflict", "duplicate"


@dataclass
class Step:
    """What is done in one transaction of a merge."""

    work: Work
    lineage: Lineage
    counts: Counts = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def count(self, kind: str, what: str) -> None:
        """Count a record."""
        count(self.counts, kind, what)

    def mark(self, mark: Mark) -> None:
        """Remember what both registers have from now on."""
        self.marks.append(mark)

    def open_case(
        self,
        kind: str,
        unit: str,
        codes: Iterable[str],
        *,
        person: bytes | None = None,
        other: bytes | None = None,
        dossier: bytes | None = None,
        evidence: Mapping[str, Any] | None = None,
    ) -> None:
        """Leave something to a person who decides; what was withheld is kept in it, sealed."""
        case = new_id()
        body = {
            "codes": list(codes), "note": "",
            "evidence": {"register": self.lineage.register.hex(), **(evidence or {})},
        }  # fmt: skip
        key, sealed = self.work.vault.seal(json.dumps(body).encode(), "cases", case)
        self.work.connection.execute(
            insert(cases).values(
                id=case, kind=kind, state="open", unit=unit, person=person, other=other,
                dossier=dossier, owner="", opened=self.work.now, due=None, closed=None, version=1,
                key=key, sealed=sealed,
            )
        )  # fmt: skip
        self.cases.append(case.hex())
        self.work.about(*(one for one in (person, other) if one is not None))

    def end(self) -> None:
        """Write the marks."""
        common.write(self.work, self.lineage.register, self.marks)
