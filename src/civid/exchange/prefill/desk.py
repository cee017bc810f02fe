"""Where forms are filled from the register, and what that saves is counted."""

from __future__ import annotations

import re

from civid.errors import FieldError
from civid.exchange.prefill.filling import Filled, FilledForm, fill
from civid.exchange.prefill.forms import FormSheet
from civid.exchange.sharing import Form, Grant
from civid.register import Register
from civid.register.actor import Capability
from civid.register.asking import prefilled
from civid.register.asking.prefilled import PrefillCount
from civid.register.ids import from_text
from civid.register.population.people import readable
from civid.register.session import Service, Work, changes, reads
from civid.register.sharing import grants
from civid.register.units import unit_code

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_MOST = 100_000


class PrefillDesk(Service):
    """Forms that people do not have to fill in twice (hỏi một lần). Safe for threads.

    Parameters
    ----------
    register : Register

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from civid.exchange.prefill import CT01
    >>> from civid.people.citizen import Source, claim
    >>> said = [claim("name", "Bùi Thị An", Source.CIVIL_STATUS, date(2001, 3, 12))]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         made = register.people.add(said, unit="46/474")
    ...         desk = PrefillDesk(register)
    ...         form = desk.fill(CT01, made.reference, "1.004222", unit="46/474")
    ...         form.not_asked_again, [one.not_asked_again for one in desk.counts()]
    (1, [1])
    """

    def __init__(self, register: Register):
        super().__init__(register._session)

    @changes("prefill.fill", Capability.READ)
    def fill(
        self,
        work: Work,
        sheet: FormSheet,
        person: str,
        procedure: str,
        *,
        unit: str | None = None,
        grant: str | None = None,
    ) -> FilledForm:
        """Fill a form about somebody in the actor's scope, and count what it saves.

        Parameters
        ----------
        sheet : FormSheet
        person : str
            Reference.
        procedure : str
            Code of the procedure for which it is filled; 1 to 64 printable characters.
        unit : str, optional
            Unit that does it; the actor's own unless given.
        grant : str, optional
            Reference of a grant whose fields alone may be given; every field, unless given. For
            partners outside, ask the sharing service, and see `civid.exchange.prefill.wanted`.

        Raises
        ------
        AccessRefusedError
            Person or unit outside the actor's scope.
        FieldError
            The grant is not in force, or the procedure is no code.
        """
        where = work.actor.unit if unit is None else unit
        if not where:
            raise FieldError("unit", "missing: the unit that fills it in, or act from one")
        unit_code(where)
        work.within(where)
        record = readable(work, from_text(person))
        today = work.session.today()
        allowed = None
        if grant is not None:
            row = grants.load(work, from_text(grant))
            said = Grant.from_dict(row.body)
            if row.state != grants.ACTIVE or not said.runs(today):
                raise FieldError("grant", "not in force today")
            allowed = {one.attribute for one in said.allows if one.form is Form.FULL}
            work.detail["grant"] = grant
        made = fill(sheet, record.citizen, today=today, allowed=allowed)
        work.detail.update(form=sheet.key, filled=made.not_asked_again)
        prefilled.add(work, _count(made, f"{today:%Y-%m}", where, procedure))
        return made

    @changes("prefill.count", Capability.VERIFY)
    def count(self, work: Work, form: FilledForm, procedure: str, *, unit: str) -> None:
        """Count a form that was filled from an answer of the sharing service."""
        work.within(unit_code(unit))
        prefilled.add(work, _count(form, f"{work.session.today():%Y-%m}", unit, procedure))

    @reads("prefill.counts")
    def counts(
        self, work: Work, *, unit: str = "", first: str = "2000-01", last: str = "2099-12"
    ) -> tuple[PrefillCount, ...]:
        """What was saved, by month, unit, procedure and form: sums, and nothing about anybody.

        Parameters
        ----------
        unit : str
            That unit and those below it; all of the actor's scope, unless given.
        first, last : str
            Months such as ``2026-11``.
        """
        if unit:
            unit_code(unit)
        if not _MONTH.fullmatch(first) or not _MONTH.fullmatch(last):
            raise FieldError("month", "expected one such as 2026-11")
        return tuple(prefilled.listed(work, unit, first, last, _MOST))


def _count(form: FilledForm, month: str, unit: str, procedure: str) -> PrefillCount:
    if not isinstance(procedure, str) or not procedure.strip() or not procedure.isprintable():
        raise FieldError("procedure", "expected 1 to 64 printable characters")
    if len(procedure) > 64:
        raise FieldError("procedure", "expected 1 to 64 printable characters")
    return PrefillCount(
        month, unit, procedure, form.sheet.key, 1, form.count(Filled.FILLED),
        form.count(Filled.CONFIRM), form.count(Filled.ASK),
    )  # fmt: skip
