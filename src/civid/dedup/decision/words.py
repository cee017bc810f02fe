"""A decision in words, English and Vietnamese (giải thích kết luận)."""

from __future__ import annotations

from civid.dedup.decision.decision import CandidateEvidence, Decision, Outcome, Verdict
from civid.dedup.decision.levels import MISSING
from civid.errors import FieldError

LANGUAGES = ("en", "vi")

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.FINGERS_OF_TWO: (
        "Fingers of this dossier belong to different people of the register.",
        "Các ngón tay trong hồ sơ này thuộc về những người khác nhau trong hệ thống.",
    ),
    Outcome.MIXED_BIOMETRICS: (
        "Fingers of this dossier may be somebody else's, such as the operator's or a parent's.",
        "Trong hồ sơ này có thể có ngón tay của người khác (cán bộ thu nhận, cha, mẹ…).",
    ),
    Outcome.SHARED_NUMBER: (
        "Two people stand under one number.",
        "Hai người đang dùng chung một số định danh.",
    ),
    Outcome.TWO_NUMBERS: (
        "One person stands under two numbers.",
        "Một người đang có hai số định danh.",
    ),
    Outcome.SWAPPED_HANDS: (
        "The same person, with hands or fingers exchanged at capture.",
        "Cùng một người, bị đảo tay hoặc đảo ngón khi thu nhận.",
    ),
    Outcome.DUPLICATE: ("This person is here already.", "Người này đã có trong hệ thống."),
    Outcome.ADJUDICATE: (
        "This may be the same person: the evidence is not enough for the machine.",
        "Có thể là cùng một người: chứng cứ chưa đủ để máy tự kết luận.",
    ),
    Outcome.UNPROVEN: (
        "Nobody like this was found, but the prints can prove nothing: capture them again.",
        "Không tìm thấy ai trùng, nhưng vân tay quá kém để chứng minh: cần thu nhận lại.",
    ),
    Outcome.TWINS: (
        "Looks like a twin: birth and family are the same, the given name is not.",
        "Có thể là anh chị em sinh đôi: cùng ngày sinh và gia đình, khác tên.",
    ),
    Outcome.UNIQUE: (
        "Nobody like this is in the register.",
        "Không có ai trùng trong hệ thống.",
    ),
}
_VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.UNIQUE: ("The dossier can go on.", "Hồ sơ được tiếp tục xử lý."),
    Verdict.DUPLICATE: ("The dossier stops here.", "Hồ sơ dừng lại."),
    Verdict.ADJUDICATE: ("People decide.", "Chuyển cán bộ kết luận."),
}
FIELDS: dict[str, tuple[str, str]] = {
    "name": ("name", "họ tên"), "birth": ("birth", "ngày sinh"), "sex": ("sex", "giới tính"),
    "place": ("place of birth or origin", "nơi sinh, quê quán"),
    "residence": ("residence", "nơi thường trú"), "father": ("father", "cha"),
    "mother": ("mother", "mẹ"), "household": ("household", "hộ gia đình"),
    "number": ("personal number", "số định danh"), "cmnd9": ("CMND", "số CMND"),
}  # fmt: skip
AGREEMENTS: dict[str, tuple[str, str]] = {
    "same": ("the same", "giống nhau"), "different": ("different", "khác nhau"),
    "written differently": ("the same, written differently", "giống nhau, viết khác"),
    "accents lost": ("the same without accents", "giống nhau nếu bỏ dấu"),
    "part missing": ("a part is missing", "thiếu một phần"),
    "near": ("nearly the same", "gần giống"),
    "year": ("the year is the same", "cùng năm"),
    "swapped": ("day and month exchanged", "đảo ngày và tháng"),
    "one part": ("one part differs", "khác một phần"),
    "one off": ("one digit off", "sai một chữ số"),
    MISSING: ("not known", "không có thông tin"),
}  # fmt: skip


def explain(decision: Decision, language: str) -> tuple[str, ...]:
    """Sentences; `FieldError` for a language that is not there."""
    if language not in LANGUAGES:
        raise FieldError("language", "must be en or vi")
    at = LANGUAGES.index(language)
    lines = [f"{OUTCOMES[decision.outcome][at]} {_VERDICTS[decision.verdict][at]}"]
    low, high = decision.thresholds.unique, decision.thresholds.duplicate
    lines.append(
        (
            f"{decision.searched} people with prints; up to {low:+.1f} dB somebody else, "
            f"from {high:+.1f} dB the same person; policy {decision.policy}.",
            f"{decision.searched} người có vân tay; đến {low:+.1f} dB là người khác, "
            f"từ {high:+.1f} dB là cùng một người; chính sách {decision.policy}.",
        )[at]
    )
    for place, one in enumerate(decision.candidates, 1):
        lines.append(explain_candidate(place, one, language))
    return tuple(lines)


def explain_candidate(place: int, one: CandidateEvidence, language: str) -> str:
    """One candidate, under the number that whoever reads it sees elsewhere."""
    at = LANGUAGES.index(language)
    said = sorted((f for f in one.fields if f.level != MISSING), key=lambda f: -abs(f.decibans))
    fields = "; ".join(
        f"{FIELDS[f.field][at]}: {AGREEMENTS[f.level][at]} ({f.decibans:+.1f})" for f in said
    )
    head = (
        f"Candidate {place}: {OUTCOMES[one.outcome][at]} {one.decibans:+.1f} dB "
        f"= data {one.data:+.1f}, prints {one.prints.decibans:+.1f}.",
        f"Đối tượng {place}: {OUTCOMES[one.outcome][at]} {one.decibans:+.1f} dB "
        f"= thông tin {one.data:+.1f}, vân tay {one.prints.decibans:+.1f}.",
    )[at]
    return " ".join(filter(None, (head, _prints(one, at), f"{fields}." if fields else "")))


def _prints(one: CandidateEvidence, at: int) -> str:
    prints = one.prints
    if not prints.fingers:
        return ("No fingers to compare.", "Không có ngón tay để đối sánh.")[at]
    poor = len(prints.fingers) - prints.good
    text = (
        f"{prints.good} good fingers, {poor} too poor, score {prints.score:.1f}.",
        f"{prints.good} ngón tốt, {poor} ngón quá kém, điểm {prints.score:.1f}.",
    )[at]
    if prints.swapped:
        text += (" Labels exchanged.", " Đã đảo nhãn ngón tay.")[at]
    if prints.extrapolated:
        text += (
            " Beyond 40 the score is extrapolated.",
            " Điểm trên 40 là ngoại suy.",
        )[at]
    return text
