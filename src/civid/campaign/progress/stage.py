"""What is counted (chỉ tiêu thống kê): the stages of a dossier, and the slips DC01 and DC02."""

from __future__ import annotations

from enum import StrEnum

from civid.errors import CampaignError


class Stage(StrEnum):
    """Something that is counted, as an event of a day at a unit."""

    OPENED = "opened"  #: tiếp nhận hồ sơ
    COLLECTED = "collected"  #: thu nhận hồ sơ: vân tay, ảnh
    APPROVED = "approved"  #: phê duyệt
    PRINTED = "printed"  #: in thẻ
    DELIVERED = "delivered"  #: trả thẻ
    DC01 = "dc01"  #: phiếu thu thập thông tin dân cư
    DC02 = "dc02"  #: phiếu cập nhật thông tin dân cư


#: The way of a dossier; nothing is further along than what came before it.
STAGES = (Stage.OPENED, Stage.COLLECTED, Stage.APPROVED, Stage.PRINTED, Stage.DELIVERED)
SLIPS = (Stage.DC01, Stage.DC02)

#: Which step of the dossier's machine (`civid.cards.lifecycle`) is which event.
BY_STEP = {
    "open": Stage.OPENED, "enrol": Stage.COLLECTED, "approve": Stage.APPROVED,
    "print": Stage.PRINTED, "deliver": Stage.DELIVERED,
}  # fmt: skip

WORDS = {
    Stage.OPENED: ("mở", "tiếp nhận", "hồ sơ mở"),
    Stage.COLLECTED: ("thu nhận", "hồ sơ", "hồ sơ thu nhận"),
    Stage.APPROVED: ("phê duyệt", "duyệt"),
    Stage.PRINTED: ("in", "in thẻ", "đã in"),
    Stage.DELIVERED: ("trả", "trả thẻ", "đã trả"),
    Stage.DC01: ("phiếu dc01",),
    Stage.DC02: ("phiếu dc02",),
}
_BY_WORD = {word: stage for stage, words in WORDS.items() for word in (stage.value, *words)}


def read_stage(text: str) -> Stage:
    """A stage by its English or Vietnamese name; `CampaignError` (``no-such-stage``) otherwise.

    >>> read_stage("Thu nhận").value, read_stage("DC01").value
    ('collected', 'dc01')
    """
    try:
        return _BY_WORD[text.strip().lower()]
    except KeyError:
        raise CampaignError("nothing that is counted", code="no-such-stage") from None
