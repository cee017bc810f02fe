"""What an officer can say of a case (kết luận), and the codes of why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from civid.errors import FieldError


class Ruling(StrEnum):
    """What the case is found to be; the act that follows is in ``docs/explain/cases.md``."""

    SAME_PERSON = "same-person"  #: cùng một người: hợp nhất
    DIFFERENT_PEOPLE = "different-people"  #: hai người khác nhau: giữ riêng
    SPLIT = "split"  #: một bản ghi hoặc một số có hai người: tách
    REJECT = "reject"  #: từ chối hồ sơ
    SEND_BACK = "send-back"  #: trả về quầy, thu nhận lại
    MIXED_BIOMETRICS = "mixed-biometrics"  #: lẫn vân tay của người khác: thu nhận lại

    @property
    def vietnamese(self) -> str:
        """What the page says."""
        return _VIETNAMESE[self]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The codes that can stand with it."""
        return _REASONS[self]


class Reason(StrEnum):
    """Why; a code that may be counted and stand in the log, unlike the note."""

    PRINTS_ALIKE = "prints.alike"  #: vân tay trùng
    DATA_ALIKE = "data.alike"  #: thông tin trùng
    PAPERS_ALIKE = "papers.alike"  #: giấy tờ trùng
    PRINTS_UNLIKE = "prints.unlike"  #: vân tay khác
    TWINS = "twins"  #: sinh đôi
    RELATIVES = "relatives"  #: người thân
    NAMESAKE = "namesake"  #: trùng tên
    SHARED_NUMBER = "number.shared"  #: hai người chung một số
    TWO_IN_ONE = "entry.two_people"  #: một bản ghi của hai người
    FALSE_PAPERS = "false_papers"  #: giấy tờ giả
    HAS_VALID_CARD = "has_valid_card"  #: đã có thẻ còn giá trị
    NOT_ELIGIBLE = "not_eligible"  #: không thuộc trường hợp được cấp
    POOR_PRINTS = "poor_prints"  #: vân tay không đạt
    POOR_PORTRAIT = "poor_portrait"  #: ảnh không đạt
    MISSING_DATA = "missing_data"  #: thiếu thông tin
    OPERATORS_FINGER = "finger.operator"  #: vân tay của cán bộ thu nhận
    PARENTS_FINGER = "finger.parent"  #: vân tay của cha, mẹ
    FINGERS_OF_TWO = "finger.two_people"  #: vân tay của hai người

    @property
    def vietnamese(self) -> str:
        """What the page says."""
        return _WHY[self]


_VIETNAMESE = {
    Ruling.SAME_PERSON: "cùng một người (hợp nhất)",
    Ruling.DIFFERENT_PEOPLE: "hai người khác nhau (giữ riêng)",
    Ruling.SPLIT: "một bản ghi hoặc một số có hai người (tách)",
    Ruling.REJECT: "từ chối hồ sơ",
    Ruling.SEND_BACK: "trả về quầy, thu nhận lại",
    Ruling.MIXED_BIOMETRICS: "lẫn vân tay của người khác",
}
_REASONS = {
    Ruling.SAME_PERSON: (Reason.PRINTS_ALIKE, Reason.DATA_ALIKE, Reason.PAPERS_ALIKE),
    Ruling.DIFFERENT_PEOPLE: (
        Reason.PRINTS_UNLIKE, Reason.TWINS, Reason.RELATIVES, Reason.NAMESAKE,
    ),
    Ruling.SPLIT: (Reason.SHARED_NUMBER, Reason.TWO_IN_ONE),
    Ruling.REJECT: (Reason.FALSE_PAPERS, Reason.HAS_VALID_CARD, Reason.NOT_ELIGIBLE),
    Ruling.SEND_BACK: (Reason.POOR_PRINTS, Reason.POOR_PORTRAIT, Reason.MISSING_DATA),
    Ruling.MIXED_BIOMETRICS: (
        Reason.OPERATORS_FINGER, Reason.PARENTS_FINGER, Reason.FINGERS_OF_TWO,
    ),
}  # fmt: skip
_WHY = {
    Reason.PRINTS_ALIKE: "vân tay trùng",
    Reason.DATA_ALIKE: "thông tin trùng",
    Reason.PAPERS_ALIKE: "giấy tờ trùng",
    Reason.PRINTS_UNLIKE: "vân tay khác",
    Reason.TWINS: "sinh đôi",
    Reason.RELATIVES: "người thân",
    Reason.NAMESAKE: "trùng tên",
    Reason.SHARED_NUMBER: "hai người chung một số",
    Reason.TWO_IN_ONE: "một bản ghi của hai người",
    Reason.FALSE_PAPERS: "giấy tờ giả",
    Reason.HAS_VALID_CARD: "đã có thẻ còn giá trị",
    Reason.NOT_ELIGIBLE: "không thuộc trường hợp được cấp",
    Reason.POOR_PRINTS: "vân tay không đạt",
    Reason.POOR_PORTRAIT: "ảnh không đạt",
    Reason.MISSING_DATA: "thiếu thông tin",
    Reason.OPERATORS_FINGER: "vân tay của cán bộ thu nhận",
    Reason.PARENTS_FINGER: "vân tay của cha, mẹ",
    Reason.FINGERS_OF_TWO: "vân tay của hai người",
}


@dataclass(frozen=True, slots=True, repr=False)
class Statement:
    """What one officer says of a case.

    Attributes
    ----------
    ruling : Ruling
    reason : Reason
        One of the ruling's.
    people : tuple of str
        References of the candidates it is about: those who are the same person, or who share the
        entry or number; sorted.
    until : date or None
        With "different people": last day on which that is remembered.
    note : str
        Free text; sealed.
    """

    ruling: Ruling
    reason: Reason
    people: tuple[str, ...] = ()
    until: date | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What two officers have to have in common to agree."""
        return self.ruling.value, self.people

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; `from_dict` reads them."""
        return {
            "ruling": self.ruling.value, "reason": self.reason.value, "people": list(self.people),
            "until": None if self.until is None else self.until.isoformat(), "note": self.note,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Statement:
        """A statement as `to_dict` wrote it."""
        until = data["until"]
        return cls(
            Ruling(data["ruling"]), Reason(data["reason"]), tuple(data["people"]),
            None if until is None else date.fromisoformat(until), data["note"],
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"<Statement {self.ruling.value}, {self.reason.value}>"


def ruling_of(ruling: Ruling | str, reason: Reason | str) -> tuple[Ruling, Reason]:
    """A ruling with one of its reasons; `FieldError` for anything else.

    >>> ruling_of("split", "number.shared")[0].value
    'split'
    """
    try:
        said = Ruling(ruling)
    except ValueError:
        raise FieldError("ruling", f"not one of {', '.join(Ruling)}") from None
    if reason not in said.reasons:
        raise FieldError("reason", f"with {said}, one of {', '.join(said.reasons)}")
    return said, Reason(reason)
