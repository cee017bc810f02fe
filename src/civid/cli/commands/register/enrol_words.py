"""What ``civid enrol`` says, in English and Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from civid.cli.console.problems import usage

if TYPE_CHECKING:
    from civid.register.enrolment.enrolment import Enrolment


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language."""

    dossier: str
    lacking: str
    doubt: str
    confirm: str
    quality: str
    again: str
    done: str
    blocked: str
    waits: str
    next_step: str
    give: str
    language: str

    def about(self, rule: str) -> str:
        """What a rule of `civid.people.findings` objects to, in a sentence."""
        from civid.people.findings.rules import rules

        found = rules()[rule]
        return found.title if self.language == "vi" else found.doc.rstrip(".")

    def where(self, made: Enrolment) -> str:
        """Where an enrolment stands, in a sentence."""
        if made.blocked:
            return self.blocked
        if made.step is None:
            return self.waits if made.waits else self.done
        step = made.step.vietnamese if self.language == "vi" else made.step.replace("_", " ")
        frame = made.next_frame
        more = f" ({frame.name})" if frame is not None and made.step == "prints" else ""
        return f"{self.next_step}: {step}{more}"


#: The option by which the command is given what a step needs.
NEEDS = {
    "confirm": "--confirm",
    "prints": "--prints FOLDER, --missing FINGER=REASON",
    "portrait": "--portrait FILE",
    "sign": "--signed",
    "hand_over": "--hand-over",
}

_WORDS = {
    "en": Words(
        "dossier",
        "lacking, no card without it",
        "ask about",
        "Are these data right, and has the citizen confirmed them?",
        "quality",
        ", capture it again",
        "nothing is left at the counter",
        "the dossier waits for a correction",
        "nothing is left at the counter; the dossier waits for a decision",
        "next",
        "give",
        "en",
    ),
    "vi": Words(
        "hồ sơ",
        "còn thiếu, không thể cấp thẻ",
        "cần hỏi lại",
        "Thông tin đã đúng và công dân đã xác nhận?",
        "chất lượng",
        ", lấy lại",
        "đã xong tại quầy",
        "hồ sơ chờ bổ sung, điều chỉnh thông tin",
        "đã xong tại quầy; hồ sơ chờ quyết định",
        "bước tiếp theo",
        "cần",
        "vi",
    ),
}


def words(language: str) -> Words:
    """Those of a language, ``en`` or ``vi``."""
    if language not in _WORDS:
        raise usage("--lang: en or vi")
    return _WORDS[language]
