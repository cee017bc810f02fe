"""The states of dossiers (hồ sơ) and cards (thẻ), and their machines."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from civid.cards.lifecycle.machine import Machine, load


class DossierState(StrEnum):
    """Where a request for a card stands."""

    REQUESTED = "requested"
    ENROLLED = "enrolled"
    NEEDS_CORRECTION = "needs_correction"
    CHECKED = "checked"
    APPROVED = "approved"
    SENT_TO_PRINT = "sent_to_print"
    PRINTED = "printed"
    RECEIVED_BY_UNIT = "received_by_unit"
    DELIVERED = "delivered"
    REFUSED = "refused"
    RETURNED_AS_UNDELIVERABLE = "returned_as_undeliverable"
    MISPRINTED = "misprinted"


class CardState(StrEnum):
    """What a card that was handed over is worth."""

    ACTIVE = "active"  #: đang có giá trị
    EXPIRED = "expired"  #: hết hạn
    REPLACED = "replaced"  #: đã đổi
    LOST = "lost"  #: bị mất
    WITHDRAWN = "withdrawn"  #: bị thu hồi
    HELD = "held"  #: bị tạm giữ
    DESTROYED = "destroyed"  #: đã tiêu hủy


@cache
def dossier_machine() -> Machine[DossierState]:
    """The way of a dossier from request to delivery (quy trình cấp thẻ)."""
    return load("dossier", DossierState, DossierState.REQUESTED)


@cache
def card_machine() -> Machine[CardState]:
    """The life of a card from delivery on (vòng đời thẻ)."""
    return load("card", CardState, CardState.ACTIVE)
