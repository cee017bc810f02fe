"""Known cases mixed in, and the report."""

from __future__ import annotations

from civid.dedup.cases import viewing
from civid.dedup.cases.case_file import CaseSummary
from civid.dedup.cases.measures import Measures, measure
from civid.errors import TransitionError
from civid.register.actor import Capability
from civid.register.adjudication import rows, ruled
from civid.register.codes import code
from civid.register.ids import from_text
from civid.register.session import Service, Work, changes, reads


class Quality(Service):
    """The part of `CaseDesk` that tells how well it goes. Safe for threads."""

    @changes("adjudication.seed", Capability.ADMINISTER)
    def seed(self, work: Work, reference: str, *, batch: str = "") -> CaseSummary:
        """Mix a decided case in once more: it looks like others, and acts on nothing.

        What was decided then is what is expected now. Nobody who ruled then gets it; nothing
        waits for it.

        Raises
        ------
        TransitionError
            The case is not closed, was undone, or is such a one itself.
        """
        case = rows.load(work, from_text(reference))
        work.within(case.row["unit"])
        viewing.name(work, case)
        if case.state != rows.CLOSED or case.body["seed"] is not None:
            raise TransitionError("case: only a closed one that was judged in earnest is known")
        body = {
            **case.body, "seed": {"of": reference, "said": case.body["final"]},
            "not_by": sorted(viewing.judges(work, case)), "register_cases": [], "acted": [],
            "withdrawn": [],
        }  # fmt: skip
        body.pop("final")
        made = rows.add(
            work, case.subject, case.suspects, body, unit=case.row["unit"], dossier=case.dossier,
            batch=code(batch, "batch") if batch else case.row["batch"], pairs=False,
        )  # fmt: skip
        return viewing.summary(work, made.id, made.row, len(made.suspects))

    @reads("adjudication.report", Capability.ADMINISTER)
    def report(
        self, work: Work, *, since: int = 0, until: int | None = None, batch: str | None = None
    ) -> Measures:
        """Agreement, time a case, what was overturned, fatigue, and reasons by batch.

        Parameters
        ----------
        since, until : int, optional
            Microseconds since 1970, UTC: cases filed, and rulings said, in that time.
        batch : str, optional
            Only cases of this one.
        """
        end = work.now + 1 if until is None else until
        cases = rows.between(work, since, end, batch)
        return measure(cases, ruled.between(work, since, end))
