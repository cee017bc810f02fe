"""DC02: two forms under one code.

Until 30 June 2024 the slip that updates or corrects population data; since 1 July 2024 the request
for a procedure about the card (Circular 17/2024 Art 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from civid.errors import FormError
from civid.people.citizen import Citizen, Source, claim, field_of
from civid.people.forms.dc01 import _same_person
from civid.people.forms.version import FormVersion, form_version
from civid.people.warning import FieldWarning


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the slip: what the register has, and what it should have.

    Parameters
    ----------
    field : str
        Field of the citizen.
    old, new : str
        As written; `old` may be empty for what was missing.
    evidence : str
        Paper that shows it.
    correction : bool
        True for an error of the register, False for a change in life.
    """

    field: str
    old: str
    new: str
    evidence: str = ""
    correction: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Dc02Update:
    """DC02 until 30 June 2024: phiếu cập nhật, chỉnh sửa thông tin dân cư.

    Parameters
    ----------
    number : str
        Personal identification number of the person.
    changes : tuple of Change
        Lines of the slip.
    filled : date
        Day on the slip.
    unit : str
        Commune.
    """

    number: str
    changes: tuple[Change, ...]
    filled: date
    unit: str = ""

    @property
    def version(self) -> FormVersion:
        """The form of the day; `FormError` when DC02 was something else then."""
        version = form_version("DC02", self.filled)
        if version.purpose != "update":
            raise FormError("form", "since 1 July 2024 DC02 is a request, not an update")
        return version

    def __repr__(self) -> str:
        return f"<Dc02Update of {self.filled}>"


def validate_update(slip: Dc02Update, citizen: Citizen) -> tuple[FieldWarning, ...]:
    """List what is wrong with an update before it is applied."""
    _ = slip.version
    _same_person({"number": slip.number}, citizen)
    found = []
    for change in slip.changes:
        field_of(change.field)
        if not change.evidence:
            found.append(FieldWarning(f"dc02.{change.field}.evidence", "no paper shows it"))
        held = citizen.text(change.field)
        if change.old and held and change.old.strip() != held.strip():
            message = "the register holds something else than the slip says"
            found.append(FieldWarning(f"dc02.{change.field}.old", message))
        made = claim(change.field, change.new, Source.CITIZEN, slip.filled, keep_unread=True)
        if not made.is_read:
            found.append(FieldWarning(f"dc02.{change.field}.unread", "cannot be read"))
    return tuple(found)


def apply_update(slip: Dc02Update, citizen: Citizen) -> Citizen:
    """Apply an update: a correction retracts what it corrects, a change follows it.

    A change with evidence counts as of the archive it was checked against, one without as the
    citizen's word.

    Raises
    ------
    FormError
        When the slip is of another person, empty, or a request.
    FieldError
        When a new value cannot be read.
    """
    validate_update(slip, citizen)
    if not slip.changes:
        raise FormError("changes", "the slip is empty")
    for change in slip.changes:
        held = citizen.current(change.field)
        source = Source.ARCHIVE if change.evidence else Source.CITIZEN
        made = claim(
            change.field, change.new, source, slip.filled,
            evidence=change.evidence or f"DC02 {slip.version.circular}", unit=slip.unit,
        )  # fmt: skip
        if change.correction and held is not None and change.evidence:
            citizen = citizen.retract(held, slip.filled, "DC02")
        citizen = citizen.with_claims(made)
    return citizen


class Procedure(Enum):
    """What DC02 asks for since 1 July 2024, as Circular 17/2024 Art 9 lists it.

    The printed form has nine boxes; which of these share a box was not found, so that the model
    keeps the purposes of the article.
    """

    ISSUE = "cấp thẻ căn cước"
    RENEW = "cấp đổi thẻ căn cước"
    REISSUE = "cấp lại thẻ căn cước"
    CONFIRM_NUMBERS = "xác nhận số chứng minh nhân dân 09 số, số định danh cá nhân"
    RESET_NUMBER = "hủy, xác lập lại số định danh cá nhân"
    READ_POPULATION = "khai thác thông tin trong Cơ sở dữ liệu quốc gia về dân cư"
    READ_IDENTITY = "khai thác thông tin trong Cơ sở dữ liệu căn cước"
    CORRECT_POPULATION = "điều chỉnh thông tin trong Cơ sở dữ liệu quốc gia về dân cư"
    INTEGRATE = "tích hợp thông tin vào thẻ căn cước"
    COLLECT_IDENTITY = "thu thập, cập nhật thông tin vào Cơ sở dữ liệu căn cước"


@dataclass(frozen=True, slots=True, repr=False)
class Dc02Request:
    """DC02 since 1 July 2024: phiếu đề nghị giải quyết thủ tục về căn cước.

    Parameters
    ----------
    number : str
        Personal identification number of the person.
    procedures : frozenset of Procedure
        Ticked boxes.
    filled : date
        Day of filing.
    corrections : mapping
        Field -> new text, for CORRECT_POPULATION.
    evidence : str
        Papers handed in.
    """

    number: str
    procedures: frozenset[Procedure]
    filled: date
    corrections: Mapping[str, str]
    evidence: str = ""

    @property
    def version(self) -> FormVersion:
        """The form of the day; `FormError` when DC02 was something else then."""
        version = form_version("DC02", self.filled)
        if version.purpose != "request":
            raise FormError("form", "before 1 July 2024 DC02 is an update, not a request")
        return version

    def __repr__(self) -> str:
        return f"<Dc02Request of {self.filled}>"


_CARD = frozenset((Procedure.ISSUE, Procedure.RENEW, Procedure.REISSUE))


def validate_request(slip: Dc02Request, citizen: Citizen) -> tuple[FieldWarning, ...]:
    """List what is wrong with a request."""
    _ = slip.version
    _same_person({"number": slip.number}, citizen)
    found = []
    if not slip.procedures:
        found.append(FieldWarning("dc02.procedures", "nothing is asked for"))
    if len(slip.procedures & _CARD) > 1:
        found.append(FieldWarning("dc02.card", "a card is issued, renewed or re-issued, not two"))
    correcting = Procedure.CORRECT_POPULATION in slip.procedures
    if correcting != bool(slip.corrections):
        found.append(FieldWarning("dc02.corrections", "box and corrections do not agree"))
    if slip.corrections and not slip.evidence:
        found.append(FieldWarning("dc02.evidence", "a correction needs a paper"))
    return tuple(found)


def apply_request(slip: Dc02Request, citizen: Citizen) -> Citizen:
    """Apply the corrections of a request; everything else is for the offices it names.

    Raises
    ------
    FormError
        When there are corrections without their box or without a paper.
    """
    if any(warning.code.startswith("dc02.") for warning in validate_request(slip, citizen)):
        raise FormError("form", "cannot be applied as it stands")
    changes = tuple(
        Change(field, "", new, slip.evidence) for field, new in slip.corrections.items()
    )
    for change in changes:
        held = citizen.current(change.field)
        made = claim(change.field, change.new, Source.ARCHIVE, slip.filled, evidence=slip.evidence)
        if held is not None:
            citizen = citizen.retract(held, slip.filled, "DC02")
        citizen = citizen.with_claims(made)
    return citizen
