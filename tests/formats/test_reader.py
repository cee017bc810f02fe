"""The cursor over bytes that every binary record is read with."""

from __future__ import annotations

import pytest

from civid.errors import FormatError
from civid.formats._reader import Reader


def test_a_named_record_says_its_name_before_the_field() -> None:
    reader = Reader(b"FAC", name="19794-5")
    with pytest.raises(FormatError, match="19794-5 length"):
        reader.take(4, "length")
    with pytest.raises(FormatError, match="19794-5 magic"):
        reader.expect(b"FIR", "magic")
    reader.complain("gender", "is not said")
    assert reader.warnings[0].field == "19794-5 gender"
