"""OSIA's Encounter <-> what the engine keeps of one.

What was said, without images and templates, is the engine's ``document``, under the name ``osia``.
An encounter that came another way (MOSIP, plain civid) has no such document and can be read all
the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from civid.exchange.abis import Encounter as Kept
from civid.exchange.osia.biometrics import Prints
from civid.exchange.osia.faults import malformed
from civid.exchange.osia.models import BiometricData, Encounter, Status
from civid.exchange.osia.templates import QUALITY_FORMAT
from civid.exchange.osia.vocabulary import SUB_TYPES, BiometricType

NAME: Final = "osia"
#: OSIA's word for all galleries. Whoever belongs to none is in no other.
ALL: Final = "ALL"


def said_of(kept: Kept) -> Mapping[str, Any]:
    """What was said of an encounter through OSIA; empty where it came another way."""
    said = kept.document.get(NAME)
    return said if isinstance(said, Mapping) else {}


def galleries_of(given: list[str]) -> tuple[str, ...]:
    """The galleries to keep: ``["ALL"]`` alone stands for none of its own.

    Raises
    ------
    Fault
        400: it stands beside others.

    >>> galleries_of(["ALL"]), galleries_of(["VIP"])
    ((), ('VIP',))
    """
    if ALL in given and len(given) > 1:
        raise malformed(f"{ALL} means every gallery, and stands alone")
    return () if given == [ALL] else tuple(given)


def document_of(sent: Encounter, prints: Prints, before: Kept | None = None) -> dict[str, Any]:
    """What to keep beside the prints. Dates are ours: those that a client sends are not taken."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    said: dict[str, Any] = {
        "createdDate": now if before is None else said_of(before).get("createdDate", now),
        "updatedDate": now,
        "biometricData": prints.said,
    }
    others = {
        "clientData": sent.client_data,
        "contextualData": sent.contextual_data,
        "biographicData": sent.biographic_data,
    }
    said |= {name: value for name, value in others.items() if value is not None}
    return {NAME: said} if before is None else {**before.document, NAME: said}


def touched(kept: Kept) -> dict[str, Any]:
    """Its document after a change of status or galleries."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {**kept.document, NAME: {**said_of(kept), "updatedDate": now}}


def encounter_of(kept: Kept) -> Encounter:
    """An encounter as OSIA has it: without images, which are not kept."""
    said = said_of(kept)
    return Encounter(
        encounter_id=kept.encounter,
        status=Status.ACTIVE if kept.active else Status.INACTIVE,
        encounter_type=kept.kind,
        created_date=said.get("createdDate"),
        updated_date=said.get("updatedDate"),
        galleries=list(kept.galleries) or [ALL],
        client_data=said.get("clientData"),
        contextual_data=said.get("contextualData"),
        biographic_data=said.get("biographicData"),
        biometric_data=said.get("biometricData") or _of_fingers(kept),
    )


def _of_fingers(kept: Kept) -> list[BiometricData]:
    return [
        BiometricData(
            biometric_type=BiometricType.FINGER,
            biometric_sub_type=SUB_TYPES[position],
            quality=template.quality,
            quality_format=QUALITY_FORMAT,
        )
        for position, template in sorted(kept.fingers.items())
    ]
