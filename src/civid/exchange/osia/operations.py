"""All operations of OSIA ABIS 1.6.0 by operationId, and how one is done."""

from __future__ import annotations

from typing import Any, Final

from civid.exchange.osia import encounters, searches
from civid.exchange.osia.desk import Operation
from civid.exchange.osia.models import (
    Encounter,
    Filter,
    Galleries,
    IdentifyRequest,
    VerifyFromBioRequest,
    VerifyFromIdRequest,
)

_CREATE: Final = Operation(True, encounters.create, encounters.prints_of, Encounter)

OPERATIONS: Final[dict[str, Operation]] = {
    "createEncounterNoIds": _CREATE,
    "createEncounterNoId": _CREATE,
    "createEncounter": _CREATE,
    "updateEncounter": Operation(True, encounters.update, encounters.prints_of, Encounter),
    "readAllEncounters": Operation(False, encounters.read_all),
    "readEncounter": Operation(False, encounters.read),
    "deleteEncounter": Operation(True, encounters.delete),
    "deleteAll": Operation(True, encounters.delete),
    "mergeEncounter": Operation(True, encounters.merge),
    "moveEncounter": Operation(True, encounters.move),
    "updateEncounterStatus": Operation(True, encounters.set_status),
    "updateEncounterGalleries": Operation(True, encounters.set_galleries, body=Galleries),
    "readTemplate": Operation(False, encounters.read_templates),
    "readGalleries": Operation(False, encounters.read_galleries),
    "readGalleryContent": Operation(False, encounters.read_gallery),
    "identify": Operation(False, searches.identify, searches.probe_of, IdentifyRequest),
    "identifyFromId": Operation(False, searches.identify_person, body=Filter | None),
    "identifyFromEncounterId": Operation(False, searches.identify_encounter, body=Filter | None),
    "verifyFromId": Operation(False, searches.verify, searches.probe_of, VerifyFromIdRequest),
    "verifyFromBio": Operation(
        False, searches.verify_two, searches.both_probes, VerifyFromBioRequest
    ),
}


def options_as_json(options: Any) -> dict[str, Any]:
    """Query parameters as they are stored with a task."""
    return {name: getattr(value, "value", value) for name, value in options.items()}
