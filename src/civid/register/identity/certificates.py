"""Papers that a counter gives out as text: interim certificate, receipt, appointment slip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from civid.errors import FieldError
from civid.people.citizen import Citizen
from civid.people.dates import PartialDate
from civid.people.sex import Sex
from civid.position import Position
from civid.register.enrolment.frames import MissingReason
from civid.register.identity.dossier import Dossier

LANGUAGES = ("vi", "en")
#: Fields of the receipt (phiếu thu nhận, CC01), as the citizen checks them.
RECEIPT = (
    "name", "other_name", "number", "birth", "sex", "nationality", "ethnic", "religion",
    "home_town", "birth_registration_place", "permanent_residence", "temporary_residence",
    "current_residence", "cmnd9", "father_name", "mother_name", "spouse_name",
    "representative_name", "phone",
)  # fmt: skip
_PROCEDURE = {
    "first": ("cấp lần đầu", "first card"),
    "renewal": ("cấp đổi", "renewal"),
    "reissue": ("cấp lại", "re-issue"),
}


def interim(dossier: Dossier, citizen: Citizen, day: date, language: str) -> str:
    """The interim certificate of the personal number (giấy xác nhận số định danh cá nhân).

    It says what the register holds while the card is made; it is no card.
    """
    vi = _vietnamese(language)
    facts = _facts(citizen, day, vi)
    if not facts["name"] or not facts["number"]:
        raise FieldError("number", "name or number is missing in the register")
    until, on = _day(dossier.due), _day(day)
    if vi:
        lines = [
            "GIẤY XÁC NHẬN SỐ ĐỊNH DANH CÁ NHÂN",
            "(tạm thời, trong thời gian chờ cấp thẻ; không thay thế thẻ)",
            f"Họ, chữ đệm và tên: {facts['name']}",
            f"Ngày, tháng, năm sinh: {facts['birth']}",
            f"Giới tính: {facts['sex']}",
            f"Số định danh cá nhân: {facts['number']}",
            f"Số CMND đã cấp: {facts['cmnd9']}" if facts["cmnd9"] else "",
            f"Hồ sơ: {dossier.reference}, nộp ngày {_day(dossier.filed)}, đơn vị {dossier.unit}",
            f"Hẹn trả thẻ: {until}",
            f"Ngày xác nhận: {on}",
        ]
    else:
        lines = [
            "CONFIRMATION OF PERSONAL IDENTIFICATION NUMBER",
            "(interim, while the card is being made; it is no card)",
            f"Full name: {facts['name']}",
            f"Date of birth: {facts['birth']}",
            f"Sex: {facts['sex']}",
            f"Personal identification number: {facts['number']}",
            f"Earlier ID card number: {facts['cmnd9']}" if facts["cmnd9"] else "",
            f"Dossier: {dossier.reference}, filed on {_day(dossier.filed)}, unit {dossier.unit}",
            f"Card due: {until}",
            f"Confirmed on: {on}",
        ]
    return "\n".join(line for line in lines if line) + "\n"


def receipt(dossier: Dossier, citizen: Citizen, day: date, language: str) -> str:
    """The receipt form (phiếu thu nhận thông tin, CC01) that the citizen checks and signs."""
    from civid.people.citizen import FIELDS

    vi = _vietnamese(language)
    asked = _PROCEDURE[dossier.procedure.value][0 if vi else 1]
    title = "PHIẾU THU NHẬN THÔNG TIN CĂN CƯỚC" if vi else "RECEIPT OF IDENTITY DATA"
    lines = [title, f"{'Hồ sơ' if vi else 'Dossier'}: {dossier.reference}",
             f"{'Thủ tục' if vi else 'Procedure'}: {asked}",
             f"{'Ngày nộp' if vi else 'Filed'}: {_day(dossier.filed)}"]  # fmt: skip
    for field in RECEIPT:
        said = citizen.text(field, on=day)
        if said:
            if field == "sex":
                said = _facts(citizen, day, vi)["sex"] or said
            lines.append(f"{_begun(FIELDS[field].vietnamese) if vi else _english(field)}: {said}")
    for position, why in sorted(dossier.missing.items()):
        if vi:
            finger = Position(position).vietnamese
            lines.append(f"Không lấy được vân tay {finger}: {MissingReason(why).vietnamese}")
        else:
            finger = Position(position).word.replace("-", " ")
            more = "" if finger.endswith(("thumb", "finger")) else " finger"
            lines.append(f"No print of the {finger}{more}: {why}")
    lines.append("Tôi cam đoan thông tin trên là đúng." if vi else "I declare this to be true.")
    return "\n".join(lines) + "\n"


def appointment(dossier: Dossier, language: str) -> str:
    """The appointment slip (giấy hẹn trả thẻ, CC02); names nobody."""
    if _vietnamese(language):
        return (f"GIẤY HẸN TRẢ THẺ CĂN CƯỚC\nHồ sơ: {dossier.reference}\nĐơn vị: {dossier.unit}\n"
                f"Ngày hẹn: {_day(dossier.due)}\n")  # fmt: skip
    return (f"APPOINTMENT TO COLLECT THE CARD\nDossier: {dossier.reference}\n"
            f"Unit: {dossier.unit}\nOn: {_day(dossier.due)}\n")  # fmt: skip


def _english(field: str) -> str:
    """A field in words; its name says them, but for two."""
    words = {"number": "personal number", "cmnd9": "earlier ID card number"}
    return _begun(words.get(field, field.replace("_", " ")))


def _begun(words: str) -> str:
    """As a line begins."""
    return words[0].upper() + words[1:]


def _vietnamese(language: str) -> bool:
    if language not in LANGUAGES:
        raise FieldError("language", f"not one of {', '.join(LANGUAGES)}")
    return language == "vi"


def _facts(citizen: Citizen, day: date, vi: bool) -> Mapping[str, str]:
    birth, sex = citizen.value("birth", on=day), citizen.value("sex", on=day)
    words = {Sex.MALE: ("Nam", "male"), Sex.FEMALE: ("Nữ", "female")}
    return {
        "name": citizen.text("name", on=day),
        "number": citizen.text("number", on=day),
        "cmnd9": citizen.text("cmnd9", on=day),
        "birth": birth.vietnamese() if isinstance(birth, PartialDate) else "",
        "sex": words[sex][0 if vi else 1] if isinstance(sex, Sex) and sex in words else "",
    }


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
