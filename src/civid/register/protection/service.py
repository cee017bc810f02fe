"""Protection as one service: what the law on personal data asks of a register.

Law 91/2025/QH15 on personal data (Luật Bảo vệ dữ liệu cá nhân), in force since 1 January 2026:
prints and faces are sensitive data (dữ liệu cá nhân nhạy cảm); whoever they are about may know who
used them, have a copy, and ask for erasure where no other law says to keep them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from civid.errors import FieldError
from civid.register.protection.certificate import Certificate, Proof
from civid.register.protection.erasure import Erasure
from civid.register.protection.export import Export
from civid.register.protection.holds import Hold, Holds
from civid.register.protection.keys import BATCH, Keys, Rotation
from civid.register.protection.retention import Due, Retention, Rule
from civid.register.session import Service
from civid.register.vault import Purpose
from civid.search.segments.keys import KeyProvider


class Protection(Service):
    """Keys, holds, retention, erasure and export of a register. Safe for threads."""

    # ---- keys

    def rewrap(self, keys: KeyProvider) -> int:
        """Wrap the register's keys under the current key of another provider; -> how many.

        No record is touched. From now on the register opens with `keys` alone. The gallery has
        keys of its own, see `civid.register.RegisterKeys`: give a provider that knows the old and
        the new one, and compact with ``purge=True``.

        Raises
        ------
        AccessRefusedError
            Needs the capability to administer.
        RegisterKeyError
            The register is not encrypted.
        """
        return Keys(self._session).rewrap(keys)

    def rotate(
        self,
        purpose: str = Purpose.FIELDS,
        *,
        batch: int = BATCH,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Rotation:
        """Make a new key, seal everything anew under it, and delete the old one.

        Killed half-way, it goes on where it was when called again. Others may read and write
        meanwhile, in other processes, too: what they seal is sealed under the new key.

        Parameters
        ----------
        purpose : str
            ``fields``, ``prints`` or ``mapping``.
        batch : int
            Records a transaction.
        on_progress : callable
            Called with (done, total) records.

        Raises
        ------
        AccessRefusedError
            Needs the capability to administer.
        FieldError
            A key that stays: ``tokens`` and ``audit``.
        RegisterDamagedError
            A record cannot be opened; what was done so far is done: `civid check` names it.
        """
        return Keys(self._session).rotate(_purpose(purpose), batch, on_progress)

    # ---- holds

    def hold(self, reference: str, reason: str, *, until: date | None = None) -> Hold:
        """Forbid to erase a record or to thin it out, until a day or until `release`."""
        return Holds(self._session).hold(reference, reason, until)

    def release(self, hold: str) -> Hold:
        """End a hold; `NotInRegisterError` when there is none of that reference."""
        return Holds(self._session).release(hold)

    def holds(self, reference: str) -> tuple[Hold, ...]:
        """Every hold of a record, also those that ended."""
        return Holds(self._session).of(reference)

    # ---- retention

    def set_rule(self, what: str, days: int, basis: str) -> Rule:
        """Keep ``captures``, ``forms``, ``slips``, ``cases`` or ``requests`` days after their end.

        `basis` is the law that says so. A rule takes the place of an earlier one.
        """
        return Retention(self._session).set_rule(what, days, basis)

    def rules(self) -> tuple[Rule, ...]:
        """The rules in force; without one, everything is kept."""
        return Retention(self._session).rules()

    def due(self) -> tuple[Due, ...]:
        """How much is past its time by each rule, and how much of that is held."""
        return Retention(self._session).due()

    def apply_rules(self, *, limit: int = 10_000) -> tuple[Due, ...]:
        """Remove what is past its time and not held: at most `limit` records a rule and call.

        Raises
        ------
        AccessRefusedError
            Needs the capability to delete, in the whole country.
        """
        return Retention(self._session).apply(limit)

    # ---- erasure

    def erase(self, reference: str, *, basis: str) -> Certificate:
        """Erase a person: acts, names, numbers, prints, dossiers, cards, forms, slips and cases.

        The reference stays, with one act that says that it was erased, and the personal number
        stays used for ever. Keep the certificate; its digest is in the audit log.

        Raises
        ------
        HeldError
            A legal hold is in force.
        NotInRegisterError
            No such person, or erased before.
        RegisterStorageError
            The gallery cannot be written now: the erasure is done here, and the prints leave the
            gallery with the next enrolment or `civid check --repair`.
        """
        return Erasure(self._session).erase(reference, basis)

    def certificate(self, reference: str) -> Certificate:
        """The certificate of somebody who was erased; `NotInRegisterError` otherwise."""
        return Erasure(self._session).certificate(reference)

    def verify_certificate(self, certificate: Certificate) -> Proof:
        """Is its digest in the log, and is really nothing left? See also `Audit.verify`."""
        return Erasure(self._session).verify(certificate)

    # ---- export

    def export(self, reference: str, *, biometrics: bool = False) -> dict[str, Any]:
        """Everything that is held about one person, and who has read it, as plain values.

        With `biometrics` also templates and images, as base64: hand these over in a safe way.
        """
        return Export(self._session).export(reference, biometrics)


def _purpose(name: str) -> Purpose:
    try:
        return Purpose(name)
    except ValueError:
        raise FieldError("purpose", "expected fields, prints or mapping") from None
