"""What a page shows of a case, made ready to be written: rows, words, strengths. No web in here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from civid.cards.generations import Generation
from civid.dedup.cases import CandidateFile, Capture, CaseFile, Document, Party, Ruling
from civid.dedup.decision.evidence import FingerEvidence
from civid.dedup.decision.levels import MISSING
from civid.dedup.decision.policy import Policy
from civid.dedup.decision.prints.scores import poor_decibans
from civid.dedup.decision.words import AGREEMENTS
from civid.dedup.pages.differences import Part, marked
from civid.dedup.pages.words import LANGUAGES, finger, moment, words
from civid.people.citizen import FIELDS
from civid.position import Position

#: Decibans from which evidence counts, and from which it is strong.
_SOME, _STRONG = 5.0, 20.0
#: Fields of a citizen -> the field of evidence that they are part of, in the order of the page.
_EVIDENCE = {
    "name": "name", "other_name": "name", "birth": "birth", "sex": "sex", "number": "number",
    "cmnd9": "cmnd9", "father_name": "father", "father_number": "father", "mother_name": "mother",
    "mother_number": "mother", "birth_place": "place", "birth_registration_place": "place",
    "home_town": "place", "permanent_residence": "residence", "residence_file": "household",
    "household_book": "household",
}  # fmt: skip
_SIGNS = {"for2": "++", "for1": "+", "none": "·", "against1": "−", "against2": "−−"}


@dataclass(frozen=True, slots=True)
class Strength:
    """How much something says: a sign, a name for the style sheet, and words."""

    name: str
    sign: str
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class FieldRow:
    """One field of both sides; `strength` only where it was weighed."""

    label: str
    left: tuple[Part, ...]
    right: tuple[Part, ...]
    verdict: str
    is_same: bool
    strength: Strength | None


@dataclass(frozen=True, slots=True)
class FingerRow:
    """One compared finger."""

    position: Position
    other: Position
    label: str
    with_other: str
    score: str
    poor: bool
    strength: Strength


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that can be said, with its key and reasons (value, words)."""

    key: str
    ruling: Ruling
    words: str
    reasons: tuple[tuple[str, str], ...]


def strength(decibans: float, language: str) -> Strength:
    """Evidence in words.

    >>> strength(42.0, "en").words, strength(-8.0, "vi").sign
    ('strongly for one person', '−')
    """
    size = "2" if abs(decibans) >= _STRONG else "1"
    side = "for" if decibans > 0 else "against"
    name = "none" if abs(decibans) < _SOME else side + size
    return Strength(name, _SIGNS[name], words(language)(f"strength.{name}"))


def field_rows(subject: Party, one: CandidateFile, language: str) -> list[FieldRow]:
    """Every field that either side has, weighed ones first."""
    say, at = words(language), LANGUAGES.index(language)
    weighed = {} if one.evidence is None else {e.field: e for e in one.evidence.fields}
    order = [*_EVIDENCE, *(field for field in FIELDS if field not in _EVIDENCE)]
    rows = []
    for field in order:
        ours, theirs = subject.fields.get(field, ""), one.party.fields.get(field, "")
        if not ours and not theirs:
            continue
        left, right = marked(ours, theirs) if ours and theirs else (_plain(ours), _plain(theirs))
        same = bool(ours and theirs) and all(part.same for part in (*left, *right))
        evidence = weighed.get(_EVIDENCE.get(field, ""))
        known = evidence is not None and evidence.level != MISSING and ours and theirs
        if not ours or not theirs:
            verdict = say("one-side")
        elif evidence is not None and known and evidence.level in AGREEMENTS:
            verdict = AGREEMENTS[evidence.level][at]
        else:
            verdict = say("same-field" if same else "differs")
        rows.append(
            FieldRow(
                say(f"field.{field}"), left, right, verdict, same,
                strength(evidence.decibans, language) if evidence is not None and known else None,
            )
        )  # fmt: skip
    return rows


def finger_rows(one: CandidateFile, both: list[Position], language: str) -> list[FingerRow]:
    """Compared fingers, the strongest first; those that both have where none was compared."""
    compared = () if one.evidence is None else one.evidence.prints.fingers
    if not compared:
        compared = tuple(FingerEvidence(place, place, 0.0, 0.0) for place in both)
        return [_finger(each, language, known=False) for each in compared]
    order = sorted(compared, key=lambda each: (each.poor, -abs(each.decibans), each.position))
    return [_finger(each, language) for each in order]


def plain_rows(subject: Party, language: str) -> list[tuple[str, str]]:
    """Fields of somebody who is compared with nobody."""
    say = words(language)
    return [(say(f"field.{one}"), subject.fields[one]) for one in FIELDS if one in subject.fields]


def answers(file: CaseFile, language: str) -> list[Answer]:
    """What can be said of this case. A key means the same in every case."""
    say = words(language)
    return [
        Answer(
            str(number), ruling, say(f"ruling.{ruling.value}"),
            tuple((reason.value, say(f"reason.{reason.value}")) for reason in ruling.reasons),
        )
        for number, ruling in enumerate(Ruling, 1)
        if ruling in file.allowed
    ]  # fmt: skip


def shared_hands(subject: Party, other: Party) -> list[str]:
    """Officers and stations that captured both sides: an operator's finger shows there."""

    def hands(party: Party) -> Iterator[str]:
        for one in party.captures:
            yield from filter(None, (one.officer, one.station))

    theirs = set(hands(other))
    return [one for one in dict.fromkeys(hands(subject)) if one in theirs]


def capture_lines(captures: tuple[Capture, ...], language: str) -> list[dict[str, str]]:
    """Captures as text, oldest first."""
    return [
        {
            "frame": frame_words(one.frame, language), "attempt": str(one.attempt),
            "time": moment(one.at), "officer": one.officer, "station": one.station,
            "quality": "" if one.quality is None else str(one.quality),
        }
        for one in captures
    ]  # fmt: skip


def document_lines(documents: tuple[Document, ...], language: str) -> list[dict[str, str]]:
    """Cards and papers as text."""
    return [
        {
            "kind": _generation(one.generation, language), "number": one.number,
            "issued": _day(one.issued), "expires": _day(one.expires),
            "state": words(language)(f"card.{one.state}"),
        }
        for one in documents
    ]  # fmt: skip


def _generation(code: str, language: str) -> str:
    facts = Generation(code).facts
    return facts.vietnamese if language == "vi" else facts.english


def _day(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""


def weight(one: CandidateFile, language: str) -> tuple[Strength | None, Strength | None]:
    """What all data say together, and all prints; None where there was nothing to compare."""
    if one.evidence is None:
        return None, None
    data = any(field.level != MISSING for field in one.evidence.fields)
    prints = one.evidence.prints
    return (
        strength(one.evidence.data, language) if data else None,
        strength(prints.decibans, language) if prints.fingers else None,
    )


def frame_words(frame: str, language: str) -> str:
    """What was captured.

    >>> frame_words("rolled_right_index", "en"), frame_words("portrait", "vi")
    ('rolled right index', 'ảnh chân dung')
    """
    from civid.register.enrolment.frames import FRAMES

    if language == "vi":
        known = {one.name: one.vietnamese for one in FRAMES} | {
            "portrait": "ảnh chân dung", "receipt": "phiếu thu nhận", "signature": "chữ ký",
        }  # fmt: skip
        return known.get(frame, frame)
    return frame.replace("_", " ")


def short(reference: str) -> str:
    """How a case is named on a page: the last eight digits of its reference."""
    return reference[-8:].upper()


def _plain(text: str) -> tuple[Part, ...]:
    return (Part(text, True),) if text else ()


def _finger(one: FingerEvidence, language: str, known: bool = True) -> FingerRow:
    say = words(language)
    other = "" if one.other == one.position else say("other-finger", finger(one.other, language))
    # A poor print proves nothing by itself, but where two are alike, that is why the case is here.
    said = poor_decibans([one.score], Policy()) if one.poor else one.decibans
    return FingerRow(
        one.position, one.other, finger(one.position, language), other,
        f"{one.score:.1f}" if known else "", one.poor, strength(said, language),
    )  # fmt: skip
