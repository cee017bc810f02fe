"""Encounters: created, read, changed, moved and deleted. One function an operation of OSIA."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from civid.exchange.abis import Encounter as Kept
from civid.exchange.abis.seals import folded
from civid.exchange.osia.answers import ExtendablePersonIds, PersonIds
from civid.exchange.osia.biometrics import Prints, read_prints, refuse_protected
from civid.exchange.osia.desk import Call, Desk, Outcome
from civid.exchange.osia.faults import malformed, unknown
from civid.exchange.osia.models import Encounter, Status
from civid.exchange.osia.records import (
    ALL,
    document_of,
    encounter_of,
    galleries_of,
    touched,
)
from civid.exchange.osia.templates import templates_of


def prints_of(desk: Desk, call: Call) -> Prints:
    """The prints of an encounter that is sent."""
    refuse_protected(call.body)
    return read_prints(call.body.biometric_data, desk.fetch, extraction=desk.extraction)


def with_ids(call: Call) -> Call:
    """The ids that a new encounter will have: given before it is accepted, so that a task that is
    done again after a crash makes the same one."""
    fresh = {"person": str(uuid4()), "encounter": str(uuid4())}
    return Call(call.operation, {**fresh, **call.path}, call.options, call.body)


def create(desk: Desk, call: Call, prints: Prints) -> Outcome:
    """createEncounter, createEncounterNoId, createEncounterNoIds."""
    sent: Encounter = call.body
    _same_id(sent, call)
    encounter = desk.engine.insert(
        call.path["person"],
        prints.fingers,
        encounter=call.path["encounter"],
        kind=sent.encounter_type,
        galleries=galleries_of(sent.galleries),
        active=sent.status is Status.ACTIVE,
        document=document_of(sent, prints),
    )
    return _ids(call.path["person"], encounter, prints)


def update(desk: Desk, call: Call, prints: Prints) -> Outcome:
    """updateEncounter: everything is replaced."""
    sent: Encounter = call.body
    _same_id(sent, call)
    before = _get(desk, call)
    desk.engine.update(
        before.person,
        before.encounter,
        fingers=prints.fingers,
        kind=sent.encounter_type,
        galleries=galleries_of(sent.galleries),
        active=sent.status is Status.ACTIVE,
        document=document_of(sent, prints, before),
    )
    return _ids(before.person, before.encounter, prints)


def read_all(desk: Desk, call: Call, _: Any) -> Outcome:
    """readAllEncounters."""
    return Outcome.of([encounter_of(one) for one in desk.engine.encounters(call.path["person"])])


def read(desk: Desk, call: Call, _: Any) -> Outcome:
    """readEncounter."""
    return Outcome.of(encounter_of(_get(desk, call)))


def delete(desk: Desk, call: Call, _: Any) -> Outcome:
    """deleteEncounter and, without an encounter, deleteAll."""
    desk.engine.delete(call.path["person"], call.path.get("encounter"))
    return Outcome(204)


def merge(desk: Desk, call: Call, _: Any) -> Outcome:
    """mergeEncounter."""
    if folded(call.path["target"]) == folded(call.path["source"]):
        raise malformed("nobody is merged with themselves")
    desk.engine.merge(call.path["target"], call.path["source"])
    return Outcome(204)


def move(desk: Desk, call: Call, _: Any) -> Outcome:
    """moveEncounter."""
    if folded(call.path["target"]) == folded(call.path["source"]):
        raise malformed("an encounter is moved to another person")
    desk.engine.move(call.path["encounter"], call.path["source"], call.path["target"])
    return Outcome(204)


def set_status(desk: Desk, call: Call, _: Any) -> Outcome:
    """updateEncounterStatus."""
    kept = _get(desk, call)
    active = call.options["status"] == Status.ACTIVE
    desk.engine.update(kept.person, kept.encounter, active=active, document=touched(kept))
    return Outcome(204)


def set_galleries(desk: Desk, call: Call, _: Any) -> Outcome:
    """updateEncounterGalleries."""
    kept = _get(desk, call)
    galleries = galleries_of(call.body)
    desk.engine.update(kept.person, kept.encounter, galleries=galleries, document=touched(kept))
    return Outcome(204)


def read_templates(desk: Desk, call: Call, _: Any) -> Outcome:
    """readTemplate."""
    return Outcome.of(list(templates_of(_get(desk, call).fingers, **call.options)))


def read_galleries(desk: Desk, call: Call, _: Any) -> Outcome:
    """readGalleries."""
    return Outcome(200, list(desk.engine.galleries()))


def read_gallery(desk: Desk, call: Call, _: Any) -> Outcome:
    """readGalleryContent; ``offset`` and ``limit`` count encounters."""
    wanted = known_gallery(desk, call.path["gallery"])
    found = desk.engine.listed(gallery=wanted, **call.options)
    return Outcome.of(
        [PersonIds(person_id=person, encounter_id=number) for person, number in found]
    )


def known_gallery(desk: Desk, name: str) -> str | None:
    """A gallery as the engine has it; None = all.

    Raises
    ------
    Fault
        404.
    """
    if name == ALL:
        return None
    for one in desk.engine.galleries():
        if folded(one) == folded(name):
            return one
    raise unknown("gallery")


def belongs(kept: Kept, gallery: str | None) -> bool:
    """Whether an encounter belongs to a gallery; every one does to all (None)."""
    if gallery is None:
        return True
    return folded(gallery) in (folded(one) for one in kept.galleries)


def _get(desk: Desk, call: Call) -> Kept:
    return desk.engine.get(call.path["person"], call.path["encounter"])


def _same_id(sent: Encounter, call: Call) -> None:
    """The id is read-only; one that is sent all the same must be that of the address."""
    if sent.encounter_id not in (None, call.path["encounter"]):
        raise malformed("encounterId is not that of the address")


def _ids(person: str, encounter: str, prints: Prints) -> Outcome:
    others = {"notCompared": prints.left_out} if prints.left_out else None
    return Outcome.of(ExtendablePersonIds(person_id=person, encounter_id=encounter, others=others))
