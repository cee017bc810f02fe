"""Every format module: goldens, round trips, and bytes that lie."""

from __future__ import annotations

import dataclasses
import importlib
import json
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats import detect

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "formats"
MODULES = ["ansi378_2004", "ansi378_2009", "iso19794_2_2005", "iso19794_2_2011"]
NAMES = sorted(path.stem for path in GOLDEN.glob("*.bin"))


def module_of(name: str) -> ModuleType:
    return importlib.import_module(f"civid.formats.minutiae.{name.split('-')[0]}")


def golden_bytes(name: str) -> bytes:
    return (GOLDEN / f"{name}.bin").read_bytes()


def plain(value: Any) -> Any:
    """A record as JSON would hold it; without its warnings, which are no part of the bytes."""
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value) if field.name != "warnings"]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    return value


def outcome(module: ModuleType, data: bytes, *, strict: bool = False) -> Any:
    """The record, or None after the one error that is allowed."""
    try:
        return module.parse(data, strict=strict)
    except FormatError as caught:
        error = caught
    assert error.field is not None
    assert error.offset is not None
    assert 0 <= error.offset <= len(data)
    return None


def test_every_module_has_goldens() -> None:
    assert {name.split("-")[0] for name in NAMES} == set(MODULES)


def test_goldens_are_what_the_generator_writes(tmp_path: Path) -> None:
    script = tmp_path / "make.py"
    script.write_text((GOLDEN / "make.py").read_text(encoding="utf-8"), encoding="utf-8")
    subprocess.run([sys.executable, str(script)], check=True)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path != script}
    kept = {path.name: path.read_bytes() for path in GOLDEN.glob("*.[bj]*")}
    assert written == kept


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str) -> None:
    module, data = module_of(name), golden_bytes(name)
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    record = module.parse(data, strict=True)
    assert plain(record) == expected
    assert record.warnings == ()
    assert module.validate(record) == []
    assert module.build(record) == data


@pytest.mark.parametrize("name", NAMES)
def test_golden_is_told_apart(name: str) -> None:
    data = golden_bytes(name)
    sniffers = [other for other in MODULES if module_of(other).sniff(data)]
    assert sniffers == [name.split("-")[0]]
    assert detect(data) == module_of(name).NAME


@pytest.mark.parametrize("name", NAMES)
def test_every_prefix_is_refused_or_read(name: str) -> None:
    module, data = module_of(name), golden_bytes(name)
    for size in range(len(data)):
        assert outcome(module, data[:size], strict=True) is None
        record = outcome(module, data[:size])
        assert record is None or record.warnings
        assert module.sniff(data[:size]) in (True, False)


@pytest.mark.parametrize("name", NAMES)
def test_every_changed_byte_is_refused_or_read(name: str) -> None:
    module, data = module_of(name), golden_bytes(name)
    chance = random.Random(1)
    for place in range(0, len(data), 1 if len(data) < 1000 else 7):
        for value in {0x00, 0xFF, data[place] ^ 0x80, chance.randrange(256)} - {data[place]}:
            broken = data[:place] + bytes([value]) + data[place + 1 :]
            tolerant, strict = outcome(module, broken), outcome(module, broken, strict=True)
            if strict is not None:
                # What passes as right is right: it is written as it was read.
                assert module.build(strict) == broken
                assert tolerant == strict
            elif tolerant is not None:
                assert tolerant.warnings


@pytest.mark.parametrize("name", MODULES)
@given(tail=st.binary(max_size=400), count=st.integers(0, 40))
def test_random_bytes(name: str, tail: bytes, count: int) -> None:
    module = module_of(name)
    head = golden_bytes(next(n for n in NAMES if n.startswith(name + "-")))[:count]
    for data in (tail, head + tail):
        outcome(module, data)
        outcome(module, data, strict=True)
        detect(data)


@pytest.mark.parametrize("name", MODULES)
def test_sniff_never_raises(name: str) -> None:
    for wrong in (b"", b"FMR", "FMR\0 20\0", None, 5, memoryview(b"FMR\0"), bytearray(9)):
        assert module_of(name).sniff(wrong) is False


@pytest.mark.parametrize("name", MODULES)
def test_huge_records_are_refused(name: str) -> None:
    data = golden_bytes(next(n for n in NAMES if n.startswith(name + "-")))
    with pytest.raises(FormatError, match="bytes are no record"):
        module_of(name).parse(data + bytes(17 << 20))


@pytest.mark.parametrize("name", NAMES)
def test_trailing_bytes_are_a_warning(name: str) -> None:
    module, data = module_of(name), golden_bytes(name)
    record = module.parse(data + b"\0\0\0")
    assert "length" in record.warnings[0].field
    assert record == module.parse(data)
    with pytest.raises(FormatError, match="length"):
        module.parse(data + b"\0\0\0", strict=True)


@pytest.mark.parametrize("name", NAMES)
def test_no_minutiae_in_reprs(name: str) -> None:
    record = module_of(name).parse(golden_bytes(name))
    assert "inutia(" not in repr(record)


@pytest.mark.parametrize("name", NAMES)
def test_build_refuses_what_validate_finds(name: str) -> None:
    module = module_of(name)
    record = module.parse(golden_bytes(name))
    changed = dataclasses.replace(record, views=())
    assert module.validate(changed)
    with pytest.raises(FormatError, match="number of"):
        module.build(changed)
