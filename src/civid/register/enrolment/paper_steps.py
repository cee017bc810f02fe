"""The last steps: portrait, the form that is signed, and what goes over the counter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from civid.cards.eligibility import Way
from civid.errors import ChangedMeanwhileError, FieldError
from civid.register.actor import Capability
from civid.register.enrolment import captures
from civid.register.enrolment.counter import noted, person_of
from civid.register.enrolment.frames import Exceptional
from civid.register.enrolment.plan import CounterStep
from civid.register.enrolment.standing import Standing
from civid.register.enrolment.steps import finish, view, working
from civid.register.identity import certificates
from civid.register.identity.card_rows import collect
from civid.register.identity.dossier_rows import Held
from civid.register.identity.dossiers import readable
from civid.register.identity.entitlement import entitlement
from civid.register.ids import from_text
from civid.register.session import Service, Work, changes, reads

#: A portrait of 20 x 30 mm at 300 dpi has 236 x 354 px.
LEAST_PORTRAIT = 236
_MOST_BYTES = 16 << 20


class Signer(StrEnum):
    """Who signs the form."""

    SELF = "self"  #: công dân ký
    MARK = "mark"  #: điểm chỉ: somebody who cannot write
    REPRESENTATIVE = "representative"  #: người đại diện hợp pháp ký


@dataclass(frozen=True, slots=True, repr=False)
class Receipt:
    """The form (CC01) as printed.

    Attributes
    ----------
    text : str
        To print.
    digest : str
        Give it back when it is signed: what was signed is what was printed.
    language : str
        ``vi`` or ``en``.
    """

    text: str
    digest: str
    language: str

    def __repr__(self) -> str:
        return "<Receipt>"


class PaperSteps(Service):
    """Portrait, form and hand-over as operations. Safe for threads."""

    @changes("enrolment.portrait", Capability.ENROL)
    def portrait(self, work: Work, reference: str, version: int, data: bytes) -> Standing:
        """Keep the portrait, and end the step."""
        held = working(work, reference, version, CounterStep.PORTRAIT)
        captures.keep(work, held.id, captures.PORTRAIT, data)
        return view(work, finish(work, held))

    @reads("enrolment.receipt", Capability.ENROL)
    def receipt(self, work: Work, reference: str, language: str) -> Receipt:
        """The form with what the register holds now, to be checked and signed."""
        return _receipt(work, readable(work, reference), language)

    @changes("enrolment.sign", Capability.ENROL)
    def sign(
        self, work: Work, reference: str, version: int, receipt: Receipt, signer: Signer,
        signature: bytes,
    ) -> Standing:  # fmt: skip
        """Keep the signed form, and end the step.

        Raises
        ------
        ChangedMeanwhileError
            The data changed after it was printed.
        FieldError
            A child's form that its representative has to sign.
        """
        held = working(work, reference, version, CounterStep.SIGN)
        now = _receipt(work, held, receipt.language)
        if now.digest != receipt.digest:
            raise ChangedMeanwhileError("the data changed since the form was printed; print again")
        found = entitlement(person_of(work, held).citizen, held.filed)
        if found is not None and found.way is not Way.SELF and signer is not Signer.REPRESENTATIVE:
            raise FieldError("signer", "a child's form is signed by the legal representative")
        body = json.dumps({"text": now.text, "signer": signer.value}, ensure_ascii=False)
        captures.keep(work, held.id, captures.RECEIPT, body.encode("utf-8", "surrogatepass"))
        if signature:
            captures.keep(work, held.id, captures.SIGNATURE, signature)
        if signer is Signer.REPRESENTATIVE:
            held = noted(work, held, Exceptional.REPRESENTATIVE)
        return view(work, finish(work, held, reason=signer.value))

    @changes("enrolment.hand_over", Capability.ENROL)
    def hand_over(
        self, work: Work, reference: str, version: int, old: Sequence[tuple[str, str]]
    ) -> Standing:
        """Take the old papers in, hand the appointment slip out, and end the step."""
        held = working(work, reference, version, CounterStep.HAND_OVER)
        for card, fate in old:
            collect(work, from_text(card), fate, person=held.person)
        return view(work, finish(work, held))

    @reads("enrolment.slip", Capability.ENROL)
    def slip(self, work: Work, reference: str, language: str) -> str:
        """The appointment slip (CC02)."""
        return certificates.appointment(readable(work, reference).public(work), language)

    @reads("enrolment.kept", Capability.READ)
    def kept(self, work: Work, reference: str, what: str) -> bytes | None:
        """A portrait, receipt or signature that is kept; None = there is none."""
        if what not in (captures.PORTRAIT, captures.RECEIPT, captures.SIGNATURE):
            raise FieldError("what", "not portrait, receipt or signature")
        held = readable(work, reference)
        work.detail["what"] = what
        return captures.kept(work, held.id, what)


def checked_portrait(data: bytes) -> bytes:
    """A portrait that can be decoded and is large enough; `ImageError` or `FieldError`."""
    from civid.formats.image_files import picture

    if not isinstance(data, bytes) or len(data) > _MOST_BYTES:
        raise FieldError("portrait", "must be the bytes of a picture of at most 16 MiB")
    if min(picture.decode(data).pixels.shape) < LEAST_PORTRAIT:
        raise FieldError("portrait", f"each side must have at least {LEAST_PORTRAIT} px")
    return data


def _receipt(work: Work, held: Held, language: str) -> Receipt:
    citizen = person_of(work, held).citizen
    text = certificates.receipt(held.public(work), citizen, work.session.today(), language)
    return Receipt(
        text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), language
    )
