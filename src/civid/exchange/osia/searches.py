"""Searches and verifications. One function an operation of OSIA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from civid.errors import SubjectNotFoundError
from civid.exchange.abis import Match
from civid.exchange.osia.answers import Candidate, Decision, ScoreDetail
from civid.exchange.osia.biometrics import Prints, read_prints, refuse_protected
from civid.exchange.osia.desk import Call, Desk, Outcome
from civid.exchange.osia.encounters import belongs, known_gallery
from civid.exchange.osia.faults import unhonoured, unknown, unusable
from civid.exchange.osia.filters import Wanted
from civid.exchange.osia.vocabulary import SUB_TYPES, BiometricType
from civid.fingerprint.template import Template
from civid.position import Position

#: ``accuracyLevel`` -> how often, at most, a search or a comparison for a stranger finds somebody.
LEVELS: Final = {"LOW": 1e-2, "NORMAL": 1e-3, "HIGH": 1e-4}
DEFAULT_MOST: Final = 30
#: Candidates that a filter looks at.
_BEFORE_FILTER: Final = 1000
#: A score has the steps that a reader can use.
_DIGITS: Final = 3


def probe_of(desk: Desk, call: Call) -> Prints:
    """The prints that a search or a verification is asked with."""
    refuse_protected(call.body)
    prints = read_prints(call.body.biometric_data, desk.fetch, extraction=desk.extraction)
    _some(prints.fingers)
    return prints


def both_probes(desk: Desk, call: Call) -> tuple[Prints, Prints]:
    """The two of verifyFromBio."""
    refuse_protected(call.body)
    body, by = call.body, desk.extraction
    one = read_prints(body.biometric_data1, desk.fetch, "biometricData1", by)
    other = read_prints(body.biometric_data2, desk.fetch, "biometricData2", by)
    _some(one.fingers)
    _some(other.fingers)
    return one, other


def identify(desk: Desk, call: Call, prints: Prints) -> Outcome:
    """identify."""
    return _identify(desk, call, prints.fingers, call.body.filter.model_extra)


def identify_person(desk: Desk, call: Call, _: Any) -> Outcome:
    """identifyFromId: with all encounters of a person, who is not a candidate."""
    encounters = desk.engine.encounters(call.path["person"])
    _some([one for one in encounters if one.fingers])
    return _identify(desk, call, call.path["person"], _filter(call))


def identify_encounter(desk: Desk, call: Call, _: Any) -> Outcome:
    """identifyFromEncounterId: with one encounter of a person, who is not a candidate."""
    kept = desk.engine.get(call.path["person"], call.path["encounter"])
    _some(kept.fingers)
    return _identify(desk, call, kept.fingers, _filter(call), without=(kept.person,))


def verify(desk: Desk, call: Call, prints: Prints) -> Outcome:
    """verifyFromId."""
    gallery = known_gallery(desk, call.path["gallery"])
    person = call.path["person"]
    encounters = desk.engine.encounters(person)
    if not any(belongs(one, gallery) for one in encounters):
        raise unknown("person in this gallery")
    match = desk.engine.verify(person, prints.fingers, gallery=gallery)
    if match is None:
        return Outcome.of(Decision(decision=False))
    scores = _details(match, _galleries(desk, match))
    return Outcome.of(Decision(decision=match.score >= _threshold(desk, call), scores=scores))


def verify_two(desk: Desk, call: Call, prints: tuple[Prints, Prints]) -> Outcome:
    """verifyFromBio: the second set is a gallery of one for as long as it takes."""
    from civid.search import Gallery

    alone = Gallery(backend="exact")
    alone.enroll("1", prints[1].fingers)
    found = alone.search(prints[0].fingers, limit=1)
    if not found:
        return Outcome.of(Decision(decision=False))
    details = [
        _detail(one.probe_position, one.reference_position, one.score) for one in found[0].evidence
    ]
    decision = found[0].score >= _threshold(desk, call)
    return Outcome.of(Decision(decision=decision, scores=details))


def _identify(
    desk: Desk,
    call: Call,
    probe: Mapping[Position, Template] | str,
    names: Mapping[str, Any] | None,
    without: tuple[str, ...] = (),
) -> Outcome:
    gallery = known_gallery(desk, call.path["gallery"])
    wanted = Wanted(names or {})
    most = call.options.get("max_nb_cand") or DEFAULT_MOST
    threshold = call.options.get("threshold")
    rare = _level(call)
    found = desk.engine.identify(
        probe,
        gallery=gallery,
        most=_BEFORE_FILTER if wanted else most,
        max_fpir=LEVELS["NORMAL"] if rare is None and threshold is None else rare,
        min_score=threshold,
        without=without,
    )
    if wanted:
        found = tuple(one for one in found if _wanted(desk, wanted, one, gallery))[:most]
    made = []
    for rank, match in enumerate(found, 1):
        made.append(
            Candidate(
                person_id=match.person,
                rank=rank,
                score=round(match.score, _DIGITS),
                scores=_details(match, _galleries(desk, match)),
                others={"fpir": match.fpir, "swapped": match.swapped},
            )
        )
    return Outcome.of(list(made))


def _wanted(desk: Desk, wanted: Wanted, match: Match, gallery: str | None) -> bool:
    try:
        encounters = desk.engine.encounters(match.person)
    except SubjectNotFoundError:  # deleted since the search
        return False
    return any(wanted.passes(one) for one in encounters if one.active and belongs(one, gallery))


def _galleries(desk: Desk, match: Match) -> list[str] | None:
    try:
        return list(desk.engine.get(match.person, match.encounter).galleries) or None
    except SubjectNotFoundError:  # deleted or moved since the search
        return None


def _details(match: Match, galleries: list[str] | None) -> list[ScoreDetail]:
    return [_detail(*one, encounter=match.encounter, galleries=galleries) for one in match.fingers]


def _detail(
    probe: Position,
    reference: Position,
    score: float,
    *,
    encounter: str | None = None,
    galleries: list[str] | None = None,
) -> ScoreDetail:
    others = None if probe == reference else {"probeSubType": SUB_TYPES[probe].value}
    return ScoreDetail(
        score=round(score, _DIGITS),
        encounter_id=encounter,
        galleries=galleries,
        biometric_type=BiometricType.FINGER,
        biometric_sub_type=SUB_TYPES[reference],
        others=others,
    )


def _filter(call: Call) -> Mapping[str, Any] | None:
    return None if call.body is None else call.body.model_extra


def _level(call: Call) -> float | None:
    level = call.options.get("accuracy_level")
    if level is None:
        return None
    if level not in LEVELS:
        raise unhonoured(f"accuracyLevel is one of {', '.join(LEVELS)}")
    return LEVELS[level]


def _threshold(desk: Desk, call: Call) -> float:
    """Of a comparison with one person: the higher one, where level and threshold are given."""
    given, rare = call.options.get("threshold"), _level(call)
    if given is not None and rare is None:
        return float(given)
    least = desk.engine.threshold(LEVELS["NORMAL"] if rare is None else rare, 1)
    return max(least, given or 0.0)


def _some(found: Iterable[Any]) -> None:
    """A search without a print would find nobody, which is no answer to who it is."""
    if not list(found):
        raise unusable("there is no fingerprint to search or compare with")
