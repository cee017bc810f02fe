"""Synchronisation (đồng bộ): rows of another system, a batch a transaction, an entry a batch."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from datetime import date
from itertools import islice

from civid.errors import FieldError, RowsRefusedError
from civid.people.citizen import Claim, Source
from civid.register.actor import Capability
from civid.register.bulk import batch as batches
from civid.register.bulk import runs
from civid.register.bulk.batch import Done
from civid.register.bulk.files.reading import Reader
from civid.register.bulk.outcome import Outcome, Refused, Tally
from civid.register.bulk.row import Defaults, Incoming, Row
from civid.register.bulk.runs import Run
from civid.register.bulk.seen import Seen
from civid.register.session import Service, Work, changes, check_capability
from civid.register.units import unit_code

#: Rows a transaction: measured, larger ones are no faster and hold others up for longer.
BATCH = 5000
_LONGEST = 64

Given = Row | tuple[str, Mapping[str, str] | Sequence[Claim]] | Refused
Progress = Callable[[int, int], None]


class Synchroniser(Service):
    """What other systems say about people, taken over as often as one likes. Safe for threads."""

    def synchronise(
        self,
        rows: Iterable[Given],
        *,
        source: str,
        unit: str,
        said_by: Source = Source.SECTOR_DATABASE,
        effective: date | None = None,
        evidence: str = "",
        strict: bool = False,
        all_or_nothing: bool = False,
        resume: bool = False,
        batch: int = BATCH,
        on_progress: Progress | None = None,
        on_refused: Callable[[Refused], None] | None = None,
    ) -> Outcome:
        """Take over what another system says about people (đồng bộ), as often as one likes.

        People are known again by the system's own id. Of a person that is known, only what the
        system says differently than last time is recorded; silence about a field takes nothing
        back. The same rows again change nothing. What is done is done a batch at a time: after a
        crash, give the same rows again.

        Parameters
        ----------
        rows : iterable of Row, or of (external id, mapping or claims)
            Mappings are field -> text of `civid.people.citizen.FIELDS`. ``residence_file`` with
            ``relation`` puts the person into that household.
        source : str
            Name of the other system, 1 to 64 characters.
        unit : str
            Unit that keeps the records of rows that name none.
        said_by, effective, evidence
            Of the claims that mappings become; effective today, unless given.
        strict : bool
            Refuse rows with anything that cannot be read; otherwise only name and numbers must be.
        all_or_nothing : bool
            Write nothing when one row is refused. All rows are held in memory, in one transaction:
            for some 100,000 at most.
        resume : bool
            Pass over as many rows as the last, unfinished run of this system did, and count on.
        batch : int
            Rows a transaction, 1 to 50,000.
        on_progress : callable
            Called with rows done and rows in all (0 = not known).
        on_refused : callable
            Called with every refused row; the outcome names the first thousand only.

        Returns
        -------
        Outcome
            ``given == new + changed + same + refused``.

        Raises
        ------
        AccessRefusedError
            Needs the capabilities to enrol and to correct, and the unit in the actor's scope.
        RowsRefusedError
            With `all_or_nothing`, when a row was refused; nothing was written.
        """
        for wanted in (Capability.ENROL, Capability.CORRECT):
            check_capability(self._session, "bulk.synchronise", wanted)
        if not source or len(source) > _LONGEST or not source.isprintable():
            raise FieldError("source", f"expected 1 to {_LONGEST} printable characters")
        if not 1 <= batch <= 50_000:
            raise FieldError("batch", "outside 1 to 50000")
        defaults = Defaults(
            unit_code(unit), said_by, self._session.today(), effective, evidence, strict
        )
        total = len(rows) if isinstance(rows, Sized) else 0
        tally = Tally(on_refused=on_refused)
        run = self._begin(source, unit, resume)
        begun = run.counts
        tally.new, tally.changed, tally.same = (begun[n] for n in ("new", "changed", "same"))
        tally.reasons.update(begun["reasons"])
        reader, seen, position = Reader(self._session.vault, source, defaults), Seen(), 0
        iterator = iter(rows)
        while position < run.position:
            skipped = [_row(one) for one in islice(iterator, min(batch, run.position - position))]
            if not skipped:
                break
            position += len(skipped)
            externals = [reader.external(one.external) for one in skipped if isinstance(one, Row)]
            seen.add([one for one in externals if one is not None])
        size = batch if not all_or_nothing else None
        for read in _read(iterator, reader, position, size):
            good = [one for one in read if isinstance(one, Incoming)]
            bad = [one for one in read if isinstance(one, Refused)]
            position += len(read)
            try:
                if all_or_nothing and bad:
                    raise RowsRefusedError(bad)
                with _calm():
                    done = self._write(
                        run.reference, source, good, bad, seen, tally, position, all_or_nothing
                    )
            except RowsRefusedError:
                self._end(run.reference, Tally(), 0)
                raise
            tally.new += done.new
            tally.changed += done.changed
            tally.same += done.same
            for refused in sorted((*bad, *done.refused), key=lambda one: one.row):
                tally.refuse(refused)
            wrong = {one.row for one in done.refused}
            seen.add([one.external for one in good if one.row not in wrong])
            if on_progress is not None:
                on_progress(position, total)
        self._end(run.reference, tally, position)
        refused_count = sum(tally.reasons.values())
        return Outcome(
            run.reference, tally.new + tally.changed + tally.same + refused_count, tally.new,
            tally.changed, tally.same, refused_count, dict(tally.reasons), tuple(tally.named),
        )  # fmt: skip

    @changes("bulk.begin", Capability.ENROL)
    def _begin(self, work: Work, source: str, unit: str, resume: bool) -> Run:
        work.within(unit)
        last = runs.latest(work, source) if resume else None
        if last is not None and last.ended is None:
            work.detail["position"] = last.position
            return last
        return runs.begin(work, source)

    @changes("bulk.synchronise", Capability.ENROL)
    def _write(
        self,
        work: Work,
        run: str,
        source: str,
        good: list[Incoming],
        bad: list[Refused],
        seen: Seen,
        tally: Tally,
        position: int,
        all_or_nothing: bool,
    ) -> Done:
        known = seen.known([one.external for one in good])
        done = batches.write(work, source, good, known)
        if all_or_nothing and done.refused:
            raise RowsRefusedError(done.refused)
        reasons: dict[str, int] = {}
        for refused in (*bad, *done.refused):
            reasons[refused.code] = reasons.get(refused.code, 0) + 1
        work.detail.update(
            run=run, rows=len(good) + len(bad), new=done.new, changed=done.changed, same=done.same,
            refused=reasons,
        )  # fmt: skip
        runs.save(work, run, position, _sum(tally, done, reasons))
        return done

    @changes("bulk.end", Capability.ENROL)
    def _end(self, work: Work, run: str, tally: Tally, position: int) -> None:
        work.detail.update(run=run, rows=position)
        runs.save(work, run, position, tally.counts(), ended=True)


def _sum(tally: Tally, done: Done, reasons: dict[str, int]) -> dict[str, object]:
    """Counts of a run after one more batch; the tally itself changes once that is committed."""
    refused = {
        code: tally.reasons.get(code, 0) + reasons.get(code, 0)
        for code in sorted({*tally.reasons, *reasons})
    }
    return {
        "new": tally.new + done.new, "changed": tally.changed + done.changed,
        "same": tally.same + done.same, "reasons": refused,
    }  # fmt: skip


@contextmanager
def _calm() -> Iterator[None]:
    """Look for no cycles of objects: a batch makes none, and looking took a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _row(given: Given) -> Row | Refused:
    if isinstance(given, (Row, Refused)):
        return given
    if not isinstance(given, tuple) or not 2 <= len(given) <= 3:
        raise FieldError("rows", "expected an external id and what is said")
    return Row(*given)


def _read(
    rows: Iterator[Given], reader: Reader, position: int, size: int | None
) -> Iterator[list[Incoming | Refused]]:
    """Batches of rows, read and numbered."""
    while True:
        read: list[Incoming | Refused] = []
        with _calm():
            for given in islice(rows, size):
                position += 1
                one = _row(given)
                read.append(one if isinstance(one, Refused) else reader.read(position, one))
        if not read:
            return
        yield read
