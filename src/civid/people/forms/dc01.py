"""DC01, the slip that collects population data (phiếu thu thập thông tin dân cư)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from civid.errors import FieldError, FormError
from civid.people.citizen import Citizen, Claim, Source, claim
from civid.people.citizen.fields import CARD_NAMES
from civid.people.forms.version import FormVersion, form_version
from civid.people.warning import FieldWarning

#: Box of the form -> field of the citizen, in the order of the form.
BOXES: Mapping[str, str] = MappingProxyType({
    "Họ, chữ đệm và tên khai sinh": "name",
    "Ngày, tháng, năm sinh": "birth",
    "Giới tính": "sex",
    "Nhóm máu": "blood",
    "Tình trạng hôn nhân": "marital",
    "Nơi đăng ký khai sinh": "birth_registration_place",
    "Quê quán": "home_town",
    "Dân tộc": "ethnic",
    "Tôn giáo": "religion",
    "Quốc tịch": "nationality",
    "Số định danh cá nhân": "number",
    "Số CMND": "cmnd9",
    "Nơi thường trú": "permanent_residence",
    "Nơi ở hiện tại": "current_residence",
    "Họ tên cha": "father_name",
    "Số định danh của cha": "father_number",
    "Họ tên mẹ": "mother_name",
    "Số định danh của mẹ": "mother_number",
    "Họ tên vợ (chồng)": "spouse_name",
    "Số định danh của vợ (chồng)": "spouse_number",
    "Họ tên người đại diện hợp pháp": "representative_name",
    "Số định danh của người đại diện": "representative_number",
    "Họ tên chủ hộ": "head_name",
    "Số định danh của chủ hộ": "head_number",
    "Quan hệ với chủ hộ": "relation",
    "Số sổ hộ khẩu": "household_book",
})  # fmt: skip
REQUIRED = frozenset(("name", "birth", "sex", "nationality"))


@dataclass(frozen=True, slots=True, repr=False)
class Dc01:
    """A filled-in slip.

    Parameters
    ----------
    values : mapping
        Field -> text as written; empty boxes left out.
    filled : date
        Day on the slip: decides the circular.
    collector, unit : str
        Who collected it, and the commune.
    medical_paper : str
        Reference of the paper that a blood group needs.
    signed_by_declarant, signed_by_police : bool
        Signatures at its foot.
    """

    values: Mapping[str, str]
    filled: date
    collector: str = ""
    unit: str = ""
    medical_paper: str = ""
    signed_by_declarant: bool = True
    signed_by_police: bool = True

    def __post_init__(self) -> None:
        named = {CARD_NAMES.get(field, field): text for field, text in self.values.items()}
        object.__setattr__(self, "values", named)

    @property
    def version(self) -> FormVersion:
        """The form of the day; `FormError` when none was in force."""
        return form_version("DC01", self.filled)

    def __repr__(self) -> str:
        return f"<Dc01 of {self.filled}>"


def claims(slip: Dc01) -> tuple[Claim, ...]:
    """Read the boxes as claims of the citizen; unreadable ones are kept without a value."""
    return tuple(
        claim(
            field, text, Source.CITIZEN, slip.filled,
            evidence=f"DC01 {slip.version.circular}", unit=slip.unit, keep_unread=True,
        )
        for field, text in slip.values.items()
        if text.strip()
    )  # fmt: skip


def validate(slip: Dc01) -> tuple[FieldWarning, ...]:
    """List what is wrong with a slip; empty when it can be applied without a look.

    Raises
    ------
    FormError
        When no such form was in force, or a box is not one of DC01.
    """
    version = slip.version
    found: list[FieldWarning] = []
    unknown = set(slip.values) - set(BOXES.values())
    if unknown:
        raise FormError("form", "holds a field that DC01 does not have")
    filled = {field for field, text in slip.values.items() if text.strip()}
    found += [
        FieldWarning(f"dc01.{name}.missing", "a required box is empty")
        for name in sorted(REQUIRED - filled)
    ]
    found += [
        FieldWarning(f"dc01.{made.field}.unread", "cannot be read as its field")
        for made in claims(slip)
        if not made.is_read
    ]
    found += _filling(slip, version)
    if not slip.signed_by_declarant or not slip.signed_by_police:
        found.append(FieldWarning("dc01.signature", "a signature is missing"))
    return tuple(found)


def _filling(slip: Dc01, version: FormVersion) -> list[FieldWarning]:
    """Rules printed on the form: capitals, medical paper, how a month is written."""
    found = []
    name = slip.values.get("name", "")
    if name != name.upper():
        found.append(FieldWarning("dc01.name.capitals", "the name is to be written in capitals"))
    if slip.values.get("blood", "").strip() and not slip.medical_paper:
        found.append(FieldWarning("dc01.blood.paper", "a blood group needs a medical paper"))
    birth = slip.values.get("birth", "").split("/")
    # Guidance of 2021: months 3 to 9 with one digit, against tampering; before and after with two.
    if version.circular.startswith("104/2020") and len(birth) == 3 and birth[1] in _TWO_DIGITS:
        found.append(FieldWarning("dc01.birth.month", "months 3 to 9 are written with one digit"))
    return found


_TWO_DIGITS = frozenset(f"0{month}" for month in range(3, 10))


def apply(slip: Dc01, citizen: Citizen) -> Citizen:
    """Add what a slip says to a citizen, as claims by the citizen.

    Raises
    ------
    FormError
        When the number on the slip is another than the citizen's, or a signature is missing.
    """
    if not (slip.signed_by_declarant and slip.signed_by_police):
        raise FormError("signature", "a signature is missing")
    validate(slip)
    _same_person(slip.values, citizen)
    return citizen.with_claims(*claims(slip))


def _same_person(values: Mapping[str, str], citizen: Citizen) -> None:
    from civid.people import personal_number

    written, held = values.get("number", "").strip(), citizen.value("number")
    if not written or held is None:
        return
    try:
        same = personal_number.validate(written) == held
    except FieldError:
        same = False
    if not same:
        raise FormError("number", "the slip is of another person")
