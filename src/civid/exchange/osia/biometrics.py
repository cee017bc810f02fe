"""OSIA's BiometricData -> fingers to compare, and what is kept of it beside them.

Images are not kept: what stays of one is its template, and what was said of it. Faces, eyes, palms
and signatures are not compared and not kept either; the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from civid.errors import CividError
from civid.exchange.osia import faults
from civid.exchange.osia.faults import Code, Fault, unusable
from civid.exchange.osia.models import (
    BiometricData,
    Encounter,
    IdentifyRequest,
    VerifyFromBioRequest,
    VerifyFromIdRequest,
)
from civid.exchange.osia.pixels import buffer, image_of
from civid.exchange.osia.vocabulary import (
    POSITIONS,
    SLAPS,
    TEMPLATE_FORMATS,
    BiometricSubType,
    BiometricType,
)
from civid.fingerprint.extract import extract
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.slaps import Fault as SlapFault
from civid.fingerprint.slaps import segment
from civid.fingerprint.template import Template
from civid.position import Position

#: Gets what is behind a reference, or raises `Fault`.
Fetch = Callable[[str], bytes]

_NOT_OF_FINGERS: Final = ("EYE_", "PORTRAIT", "LEFT_PROFILE", "RIGHT_PROFILE")
_UNKNOWN: Final = BiometricSubType.UNKNOWN


class Prints(NamedTuple):
    """What there is to compare.

    Attributes
    ----------
    fingers : dict of Position to Template
        The best of each finger by its quality; empty where nothing can be compared.
    said : list of dict
        Each sample as it was sent, without image and template.
    left_out : list of str
        Samples that are not compared, as ``"biometricData[2]: FACE"``.
    """

    fingers: dict[Position, Template]
    said: list[dict[str, Any]]
    left_out: list[str]


def refuse_protected(
    request: Encounter
    | IdentifyRequest
    | VerifyFromIdRequest
    | VerifyFromBioRequest
    | BiometricData,
) -> None:
    """Refuse what is encrypted or signed: nobody would read it, or check the hash.

    Raises
    ------
    Fault
        400.
    """
    for name in ("encryption", "integrity"):
        if getattr(request, name):
            raise Fault(400, Code.PROTECTED, f"{name} of the data is not supported; use TLS")


def read_prints(
    items: Sequence[BiometricData],
    fetch: Fetch,
    name: str = "biometricData",
    extraction: ExtractionParameters | None = None,
) -> Prints:
    """Decode, cut and extract.

    Parameters
    ----------
    items : sequence of BiometricData
    fetch : callable
        For ``imageRef`` and ``templateRef``.
    name : str
        Of the list, for errors.
    extraction : ExtractionParameters, optional
        By which minutiae are found in images, as for `civid.extract`.

    Raises
    ------
    Fault
        A sample is not what it claims to be, has no print in it, or leads where nobody goes. The
        message says which one.
    """
    prints = Prints({}, [], [])
    for index, item in enumerate(items):
        where = f"{name}[{index}]"
        try:
            refuse_protected(item)
            reason = _not_compared(item)
            if reason:
                prints.left_out.append(f"{where}: {reason}")
            else:
                for position, template in _fingers(item, fetch, extraction):
                    _keep(prints.fingers, position, template)
        except CividError as error:
            fault = faults.of(error)
            raise Fault(fault.status, fault.code, f"{where}: {fault}") from None
        said = item.model_dump(mode="json", by_alias=True, exclude_none=True)
        prints.said.append({k: v for k, v in said.items() if k not in ("image", "template")})
    return prints


def _not_compared(item: BiometricData) -> str:
    """Why a sample is left out; empty where it is compared."""
    if item.biometric_type is not BiometricType.FINGER:
        return item.biometric_type.value
    part = item.biometric_sub_type
    if part is None or part in POSITIONS or part in SLAPS:
        return ""
    if part.value.startswith(_NOT_OF_FINGERS):
        raise unusable(f"{part.value} is not a finger")
    return str(part.value)


def _fingers(
    item: BiometricData, fetch: Fetch, by: ExtractionParameters | None
) -> Iterator[tuple[Position, Template]]:
    if item.image is not None:
        yield from _of_image(item, buffer(item.image, "image"), by)
    elif item.image_ref is not None:
        yield from _of_image(item, fetch(item.image_ref), by)
    elif item.template is not None:
        yield from _of_template(item, buffer(item.template, "template"))
    elif item.template_ref is not None:
        yield from _of_template(item, fetch(item.template_ref))
    elif not item.missing:
        raise unusable("holds no image and no template, and nothing is said to be missing")


def _of_image(
    item: BiometricData, data: bytes, by: ExtractionParameters | None
) -> Iterator[tuple[Position, Template]]:
    part = item.biometric_sub_type or _UNKNOWN
    if part in POSITIONS:
        position = POSITIONS[part]
        image = image_of(item, data, position=int(position) or None)
        yield position, _found(extract(image, by))
        return
    several = SLAPS[part]
    slap = segment(
        image_of(item, data, position=int(several.slap)),
        position=several.slap,
        missing=several.unseen | _missing(item),
        parameters=by,
    )
    if Position.UNKNOWN in {finger.position for finger in slap.fingers} or not slap.fingers:
        raise unusable(" ".join(sorted(fault.advice() for fault in slap.faults)))
    if SlapFault.OTHER_HAND in slap.faults:
        raise unusable(SlapFault.OTHER_HAND.advice())
    for finger in slap.fingers:
        yield finger.position, _found(extract(finger.image, by))


def _missing(item: BiometricData) -> set[Position]:
    parts = (one.biometric_sub_type for one in item.missing or ())
    return {POSITIONS[one] for one in parts if one in POSITIONS and one != _UNKNOWN}


def _of_template(item: BiometricData, data: bytes) -> Iterator[tuple[Position, Template]]:
    from civid.fingerprint.records import prints

    key = None
    if item.template_format is not None:
        if item.template_format not in TEMPLATE_FORMATS:
            raise unusable(f"templateFormat is one of {', '.join(TEMPLATE_FORMATS)}")
        key = TEMPLATE_FORMATS[item.template_format]
    views = prints(data, key, dpi=None)
    stated = POSITIONS.get(item.biometric_sub_type or _UNKNOWN, Position.UNKNOWN)
    for view in views:
        position = _position(view.position)
        if stated and position and position != stated and len(views) == 1:
            raise unusable(f"the template says that it is of {position.name}")
        if stated and len(views) > 1 and position != stated:
            continue
        yield stated or position, _found(Template(view.minutiae, view.quality, *view.size))


def _position(code: int) -> Position:
    try:
        return Position(code)
    except ValueError:
        raise unusable("the template is of a slap or a palm") from None


def _found(template: Template) -> Template:
    if not len(template):
        raise unusable("no fingerprint was found in it")
    return template


def _keep(fingers: dict[Position, Template], position: Position, template: Template) -> None:
    """The best of each finger. Two unknown fingers are two fingers, and one would be lost."""
    before = fingers.get(position)
    if before is None:
        fingers[position] = template
    elif position is Position.UNKNOWN:
        raise unusable("is a second finger of unknown position; say which fingers they are")
    elif template.quality > before.quality:
        fingers[position] = template
