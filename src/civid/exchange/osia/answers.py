"""What clients get, as OSIA ABIS 1.6.0 has it: ids, templates, candidates, decisions, tasks.

Names and shapes: see `civid.exchange.osia.models`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from civid.exchange.osia.models import Model
from civid.exchange.osia.vocabulary import BiometricSubType, BiometricType


class Error(Model):
    """What is wrong; ``code`` is one of `civid.exchange.osia.faults.Code`."""

    code: int
    message: str


class PersonIds(Model):
    """An encounter and whose it is."""

    person_id: str
    encounter_id: str


class ExtendablePersonIds(Model):
    """The same after a change; ``others`` says what of the samples is not compared."""

    person_id: str
    encounter_id: str
    others: dict[str, Any] | None = None


class BiometricComputedData(Model):
    """A template."""

    biometric_type: BiometricType
    biometric_sub_type: BiometricSubType | None = None
    instance: str | None = None
    template: str
    template_format: str | None = None
    quality: int | None = None
    quality_format: str | None = None
    algorithm: str | None = None
    vendor: str | None = None


class ScoreDetail(Model):
    """Of two fingers that were compared, -10 log10 of how often strangers score so high."""

    score: float
    encounter_id: str | None = None
    galleries: list[str] | None = None
    biometric_type: BiometricType | None = None
    biometric_sub_type: BiometricSubType | None = None
    instance: str | None = None
    others: dict[str, Any] | None = None


class Candidate(Model):
    """Somebody whom a search found; ``rank`` 1 is the best."""

    person_id: str
    rank: int
    score: float
    scores: list[ScoreDetail] | None = None
    others: dict[str, Any] | None = None


class Decision(Model):
    """Of a verification."""

    decision: bool
    scores: list[ScoreDetail] | None = None


class TaskId(Model):
    """What was accepted and will be answered through the callback."""

    task_id: str
    others: dict[str, Any] | None = None


class TaskStatus(StrEnum):
    """How far a task is."""

    PENDING = "PENDING"
    RESPONSE_SCHEDULED = "RESPONSE_SCHEDULED"
    RESPONSE_ERROR = "RESPONSE_ERROR"
    RESPONSE_RETRY = "RESPONSE_RETRY"
    COMPLETED = "COMPLETED"
