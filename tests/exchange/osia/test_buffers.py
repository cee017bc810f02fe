"""base64 as clients write it, and whatever else they write."""

from __future__ import annotations

import base64
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as some

from civid.exchange.osia.data_access.models import Attributes
from civid.exchange.osia.faults import Fault
from civid.exchange.osia.models import BiometricData, IdentifyRequest
from civid.exchange.osia.pixels import buffer
from civid.exchange.osia.vocabulary import POSITIONS, SLAPS, BiometricSubType
from civid.fingerprint.slaps import SlapPosition
from civid.position import Position


@given(some.binary(min_size=1, max_size=300), some.booleans(), some.integers(4, 76))
def test_what_was_packed_comes_out(data: bytes, padded: bool, width: int) -> None:
    text = base64.b64encode(data).decode()
    text = text if padded else text.rstrip("=")
    assert buffer("\r\n".join(textwrap.wrap(text, width)), "image") == data


@given(some.text(max_size=60))
def test_anything_else_is_a_fault(text: str) -> None:
    packed = "".join(text.split())
    try:
        base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
        readable = bool(packed.strip("="))
    except ValueError:
        readable = False
    if readable:
        assert base64.b64encode(buffer(text, "image")).decode().rstrip("=")[:-1] in packed
    else:
        with pytest.raises(Fault, match=r"image is (not base64|empty)"):
            buffer(text, "image")


def test_names_of_several_fingers_say_which() -> None:
    """Against a table that was written by hand, after ANSI/NIST-ITL 1-2011 table 8."""
    two_and_three = {
        "RIGHT_INDEX_AND_MIDDLE": (2, 3), "RIGHT_MIDDLE_AND_RING": (3, 4),
        "RIGHT_RING_AND_LITTLE": (4, 5), "LEFT_INDEX_AND_MIDDLE": (7, 8),
        "LEFT_MIDDLE_AND_RING": (8, 9), "LEFT_RING_AND_LITTLE": (9, 10),
        "RIGHT_INDEX_AND_MIDDLE_AND_RING": (2, 3, 4),
        "RIGHT_MIDDLE_AND_RING_AND_LITTLE": (3, 4, 5),
        "LEFT_INDEX_AND_MIDDLE_AND_RING": (7, 8, 9),
        "LEFT_MIDDLE_AND_RING_AND_LITTLE": (8, 9, 10),
    }  # fmt: skip
    for name, shown in two_and_three.items():
        several = SLAPS[BiometricSubType(name)]
        assert {*several.slap.fingers} - several.unseen == {Position(one) for one in shown}
    plain = {one.value for one in SLAPS} - two_and_three.keys()
    assert plain == {"PLAIN_RIGHT_FOUR_FINGERS", "PLAIN_LEFT_FOUR_FINGERS", "PLAIN_THUMBS"}
    assert SLAPS[BiometricSubType.PLAIN_THUMBS].slap is SlapPosition.THUMBS
    assert len(POSITIONS) == 11


def test_a_repr_holds_nobodys_data() -> None:
    sample = {"biometricType": "FINGER", "image": "SECRET", "comment": "SECRET"}
    said = {"filter": {"name": "SECRET"}, "biometricData": [sample]}
    attributes = Attributes.model_validate({"name": "SECRET"})
    for one in (BiometricData.model_validate(sample), IdentifyRequest.model_validate(said),
                attributes):  # fmt: skip
        assert "SECRET" not in f"{one!r} {one}"
