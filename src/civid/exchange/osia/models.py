"""What clients send, as OSIA ABIS 1.6.0 has it: encounters, biometric data, requests.

The names and shapes of these structures are OSIA's (https://github.com/SecureIdentityAlliance/osia);
they are implemented under its licence. Copyright (c) Secure Identity Alliance (2022).
Every list and text is bounded here, before anything is decoded.
"""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.alias_generators import to_camel

from civid.exchange.osia.vocabulary import (
    BiometricSubType,
    BiometricType,
    CompressionType,
    ImpressionType,
    Presence,
)

#: Ten fingers, rolled and plain, slaps, palms, a face, two eyes: fewer than this.
MAX_ITEMS: Final = 64
#: Characters of base64: an image of 16 megapixels packed well, or one finger as bare pixels.
MAX_BUFFER: Final = 24 << 20
MAX_CLIENT_DATA: Final = 64 << 10
MAX_TEXT: Final = 256
#: Of the names of galleries and the types of encounters, as the engine has it.
MAX_NAME: Final = 128
MAX_COMMENT: Final = 1024
MAX_GALLERIES: Final = 64
#: Of what is said of a person; all of an encounter has to fit into as much.
MAX_DOCUMENT: Final = 1 << 20


def _moment(text: str) -> str:
    """Kept as it was written; only checked."""
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("should have an offset from UTC")
    return text


def _storable(value: Any) -> Any:
    """What JSON can hold, and no more: neither NaN nor half of a character."""
    try:
        size = len(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
    except (ValueError, RecursionError):
        raise ValueError("should be what JSON can hold") from None
    if size > MAX_DOCUMENT:
        raise ValueError(f"should have at most {MAX_DOCUMENT} bytes")
    return value


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise ValueError("should not name a gallery twice")
    return values


Text = Annotated[str, Field(max_length=MAX_TEXT)]
Comment = Annotated[str, Field(max_length=MAX_COMMENT)]
Buffer = Annotated[str, Field(max_length=MAX_BUFFER)]
Uri = Annotated[str, Field(max_length=2048, json_schema_extra={"format": "uri"})]
Document = Annotated[dict[str, Any], AfterValidator(_storable)]
Moment = Annotated[
    str,
    Field(max_length=64),
    AfterValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Galleries = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=MAX_NAME)]],
    Field(min_length=1, max_length=MAX_GALLERIES, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_distinct),
]


class Quiet(BaseModel):
    """Whose repr says its name and nothing of what is in it: that is somebody's."""

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return []


class Model(Quiet):
    """Of all structures of OSIA: camelCase outside, and nothing that it does not know."""

    model_config = ConfigDict(
        extra="forbid", alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )

    @model_validator(mode="before")
    @classmethod
    def _few(cls, given: Any) -> Any:
        """Each member that nobody knows becomes an error of its own: a million take a minute."""
        if isinstance(given, dict) and len(given) > MAX_ITEMS:
            raise ValueError(f"should have at most {MAX_ITEMS} members")
        return given


class EncryptionType(StrEnum):
    """How a part of the data is encrypted."""

    JWE = "JWE"
    PKCS7 = "PKCS7"


class SignatureType(StrEnum):
    """How a hash is signed."""

    NONE = "NONE"
    JWS = "JWS"
    PKCS7 = "PKCS7"


class Encryption(Model):
    """Says that a part of the data is encrypted. civid refuses such data."""

    type: EncryptionType
    scope: Comment


class Integrity(Model):
    """A hash over a part of the data, perhaps signed. civid refuses what it does not check."""

    id: Text | None = None
    type: SignatureType = SignatureType.NONE
    scope: Comment
    alg: Text
    encrypted: bool = False
    follow_ref: bool = False
    hash: Comment
    signature: Annotated[str, Field(max_length=16384)] | None = None
    signature_ref: Uri | None = None


Integrities = Annotated[list[Integrity], Field(max_length=16)]


class MissingType(Model):
    """A finger that could not be captured, and why."""

    biometric_sub_type: BiometricSubType | None = None
    presence: Presence | None = None


class BiometricData(Model):
    """One sample: an image or a template, by value or by reference, and what is known of it."""

    biometric_type: BiometricType
    biometric_sub_type: BiometricSubType | None = None
    instance: Text | None = None
    encounter_id: Text | None = None
    image: Buffer | None = None
    image_ref: Uri | None = None
    capture_date: Moment | None = None
    capture_device: Text | None = None
    impression_type: ImpressionType | None = None
    width: Annotated[int, Field(ge=1, le=65_500)] | None = None
    height: Annotated[int, Field(ge=1, le=65_500)] | None = None
    bitdepth: Annotated[int, Field(ge=1, le=48)] | None = None
    mime_type: Text | None = None
    resolution: Annotated[int, Field(ge=1, le=100_000)] | None = None
    compression: CompressionType | None = None
    missing: Annotated[list[MissingType], Field(max_length=10)] | None = None
    metadata: Comment | None = None
    comment: Comment | None = None
    template: Buffer | None = None
    template_ref: Uri | None = None
    template_format: Text | None = None
    quality: Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)] | None = None
    quality_format: Text | None = None
    algorithm: Text | None = None
    vendor: Text | None = None
    encryption: Encryption | None = None
    integrity: Integrities | None = None


Biometrics = Annotated[list[BiometricData], Field(max_length=MAX_ITEMS)]


class Status(StrEnum):
    """Whether searches see an encounter."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


def _as_published(schema: dict[str, Any]) -> None:
    """OSIA requires the id and makes it read-only: answers hold it, requests need not."""
    schema["required"] = sorted({*schema.get("required", ()), "encounterId"})


class Encounter(Model):
    """What was captured of a person on one occasion."""

    model_config = ConfigDict(json_schema_extra=_as_published)

    encounter_id: Annotated[Text | None, Field(json_schema_extra={"readOnly": True})] = None
    status: Status
    encounter_type: Annotated[str, Field(max_length=MAX_NAME)]
    created_date: Moment | None = None
    updated_date: Moment | None = None
    galleries: Galleries
    client_data: (
        Annotated[str, Field(max_length=MAX_CLIENT_DATA, json_schema_extra={"format": "byte"})]
        | None
    ) = None
    contextual_data: Document | None = None
    biographic_data: Document | None = None
    biometric_data: Biometrics
    encryption: Encryption | None = None
    integrity: Integrities | None = None


class Filter(Quiet):
    """What candidates must fulfil: biometricType, encounterType, and names of biographic or
    contextual data, of which ``...Min`` and ``...Max`` are ranges."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="after")
    def _is_storable(self) -> Filter:
        _storable(self.model_extra)
        return self


class IdentifyRequest(Model):
    """Who is this?"""

    filter: Filter
    biometric_data: Biometrics
    encryption: Encryption | None = None
    integrity: Integrities | None = None


class VerifyFromIdRequest(Model):
    """Is this the person of that id?"""

    biometric_data: Biometrics
    encryption: Encryption | None = None
    integrity: Integrities | None = None


class VerifyFromBioRequest(Model):
    """Are these two of one person?"""

    biometric_data1: Biometrics
    biometric_data2: Biometrics
    encryption: Encryption | None = None
    integrity: Integrities | None = None
