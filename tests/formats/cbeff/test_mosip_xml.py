"""MOSIP's CBEFF XML: by hand, both ways, older forms, exceptions, and what is not right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats.cbeff import mosip_xml as mosip
from civid.formats.cbeff.mosip_words import SUBTYPES
from civid.formats.safe_xml import read_xml
from civid.position import Position

FILE = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<BIR xmlns="http://standards.iso.org/iso-iec/19785/-3/ed-2/">
  <BIRInfo><Integrity>false</Integrity></BIRInfo>
  <BIR>
    <Version><Major>1</Major><Minor>1</Minor></Version>
    <CBEFFVersion><Major>1</Major><Minor>1</Minor></CBEFFVersion>
    <BIRInfo><Integrity>false</Integrity></BIRInfo>
    <BDBInfo>
      <Index>0e0e0e0e-0001-4000-8000-00000000000a</Index>
      <Format><Organization>Mosip</Organization><Type>7</Type></Format>
      <CreationDate>2026-11-29T08:30:00.123456700Z</CreationDate>
      <Type>Finger</Type>
      <Subtype>Left IndexFinger</Subtype>
      <Level>Raw</Level>
      <Purpose>Enroll</Purpose>
      <Quality>
        <Algorithm><Organization>HMAC</Organization><Type>SHA-256</Type></Algorithm>
        <Score>81</Score>
      </Quality>
    </BDBInfo>
    <BDB>RklSADAyMAA+Pz8=</BDB>
    <SB>c2ln</SB>
    <others>
      <entry key="SPEC_VERSION">0.9.5</entry>
      <entry key="RETRIES">2</entry>
      <entry key="SDK_SCORE">72.5</entry>
      <entry key="EXCEPTION">false</entry>
    </others>
  </BIR>
  <BIR>
    <BIRInfo><Integrity>false</Integrity></BIRInfo>
    <BDBInfo>
      <Format><Organization>257</Organization><Type>7</Type></Format>
      <Type>Finger</Type><Subtype>Right Thumb</Subtype>
    </BDBInfo>
    <others><entry key="EXCEPTION">true</entry></others>
  </BIR>
  <BIR>
    <BIRInfo><Integrity>false</Integrity></BIRInfo>
    <BDBInfo>
      <Format><Organization>257</Organization><Type>8</Type></Format>
      <Type>Face</Type><Subtype/>
    </BDBInfo>
    <BDB>RkFDADAzMAA=</BDB>
  </BIR>
</BIR>
"""

OLD = b"""<BIR xmlns="http://docs.oasis-open.org/bias/ns/biaspatronformat-1.0/">
  <BIRInfo><Integrity>false</Integrity></BIRInfo>
  <BIR>
    <t:Test xmlns:t="testschema" k="1">Unique<!-- x --></t:Test>
    <BIRInfo><Integrity>false</Integrity></BIRInfo>
    <BDBInfo>
      <FormatOwner>257</FormatOwner><FormatType>7</FormatType>
      <Type>Finger</Type><Subtype>Right IndexFinger MiddleFinger</Subtype>
      <Quality>-1</Quality>
    </BDBInfo>
    <BDB>RklS</BDB>
    <Others><Key>EXCEPTION</Key><Value>false</Value></Others>
    <Others><Key>RETRIES</Key><Value>1</Value></Others>
  </BIR>
</BIR>
"""


def test_a_file_says_what_it_says() -> None:
    record = mosip.parse(FILE, strict=True)
    finger, thumb, face = record.segments
    assert record.warnings == ()
    assert mosip.position(finger) is Position.LEFT_INDEX
    assert finger.data == b"FIR\x00020\x00>??"
    assert finger.signature == b"sig"
    assert finger.block is not None
    assert finger.block.quality == mosip.Quality(81, mosip.RegistryId("HMAC", "SHA-256"))
    assert finger.block.creation_date == "2026-11-29T08:30:00.123456700Z"
    assert (finger.retries, finger.sdk_score, finger.is_exception) == (2, 72.5, False)
    assert (thumb.data, thumb.is_exception, thumb.version) == (None, True, None)
    assert mosip.missing_fingers(record) == (Position.RIGHT_THUMB,)
    assert face.block is not None
    assert face.block.subtypes == ()
    assert mosip.position(face) is Position.UNKNOWN
    assert mosip.members(record) == (
        ("Finger Left IndexFinger: a finger image, ISO/IEC 19794-4", b"FIR\x00020\x00>??"),
        ("Face: a face image, ISO/IEC 19794-5", b"FAC\x00030\x00"),
    )


def test_it_comes_back_element_by_element() -> None:
    record = mosip.parse(FILE)
    built = mosip.build(record)
    assert mosip.parse(built, strict=True) == record
    assert mosip.build(mosip.parse(built)) == built
    assert read_xml(built) == read_xml(FILE)


def test_the_older_schema_keeps_its_form_and_what_nobody_knows() -> None:
    record = mosip.parse(OLD)
    (slap,) = record.segments
    assert record.namespace == mosip.BIAS_NAMESPACE
    assert slap.block is not None
    assert slap.block.format == mosip.RegistryId("257", "7")
    assert slap.block.quality == mosip.Quality(-1)
    assert slap.other("RETRIES") == "1"
    ((place, test),) = slap.extras
    assert (place, test.space, test.text, test.attributes) == (
        0,
        "testschema",
        "Unique",
        (("k", "1"),),
    )
    assert read_xml(mosip.build(record)) == read_xml(OLD)


def test_an_older_file_is_renewed() -> None:
    record = mosip.renewed(mosip.parse(OLD))
    (slap,) = mosip.parse(mosip.build(record), strict=True).segments
    assert slap.block is not None
    measure = mosip.RegistryId("HMAC", "SHA-256")
    assert slap.block.quality == mosip.Quality(None, measure, "not computed")
    assert slap.other("RETRIES") == "1"
    assert slap.data == b"FIR"


def test_others_in_the_form_of_another_edition_are_read_but_not_written() -> None:
    data = FILE.replace(
        b'<others><entry key="EXCEPTION">true</entry></others>',
        b"<Others><Key>EXCEPTION</Key><Value>true</Value></Others>",
    )
    record = mosip.parse(data)
    assert record.segments[1].is_exception
    with pytest.raises(FormatError, match="another edition"):
        mosip.build(record)
    assert mosip.parse(mosip.build(mosip.renewed(record))) == mosip.parse(FILE)


@pytest.mark.parametrize("text", [b"RklSADAyMAA-Pz8=", b"RklSADAyMAA-Pz8", b"RklS ADAy\n MAA+Pz8="])
def test_base64_of_every_kind(text: bytes) -> None:
    data = FILE.replace(b"RklSADAyMAA+Pz8=", text)
    record = mosip.parse(data)
    assert record == mosip.parse(FILE)
    assert bool(record.warnings) == (b"-" in text)
    assert [one.field for one in record.warnings] == ["BIR/BIR 1/BDB"] * len(record.warnings)


def test_several_findings_have_their_path_and_offset() -> None:
    data = (
        FILE.replace(b">Raw<", b">Cooked<").replace(b">81<", b">181<").replace(b"29T08", b"29 08")
    )
    record = mosip.parse(data)
    found = [(one.field, data[one.offset or 0 :][:6]) for one in record.warnings]
    assert found == [
        ("BIR/BIR 1/BDBInfo/CreationDate", b"<Creat"),
        ("BIR/BIR 1/BDBInfo/Level", b"<Level"),
        ("BIR/BIR 1/BDBInfo/Quality/Score", b"<Score"),
    ]
    assert record.segments[0].block is not None
    assert record.segments[0].block.level == "Cooked"
    with pytest.raises(FormatError) as caught:
        mosip.parse(data, strict=True)
    assert caught.value.field == found[0][0]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b">RklSADAyMAA+Pz8=<", b">not base64!<", "BIR/BIR 1/BDB"),
        (b">81<", b">x<", "BIR/BIR 1/BDBInfo/Quality/Score"),
        (b">81<", b">" + b"9" * 5000 + b"<", "BIR/BIR 1/BDBInfo/Quality/Score"),
        (b"<Major>1<", b"<Major>one<", "BIR/BIR 1/Version/Major"),
        (b">false</Integrity></BIRInfo>\n    <BDB", b">no</Integrity></BIRInfo>\n    <BDB",
         "BIR/BIR 1/BIRInfo/Integrity"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(old: bytes, new: bytes, field: str) -> None:
    data = FILE.replace(old, new, 1)
    with pytest.raises(FormatError) as caught:
        mosip.parse(data)
    assert caught.value.field == field
    name = field.rpartition("/")[2].encode()
    assert data[caught.value.offset or 0 :].startswith(b"<" + name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<Level>Raw</Level>", b"<Level>Raw</Level><Level>Raw</Level>"),
        (b"<Level>Raw</Level>", b"<Unknown/>"),
        (b"<Type>Finger</Type>", b"<Type>Nose</Type>"),
        (b"Left IndexFinger", b"Left"),
        (b"Left IndexFinger", b"Left Nose"),
        (b"<Major>1</Major><Minor>1</Minor>", b"<Minor>1</Minor><Major>1</Major>"),
        (b"<Organization>257</Organization><Type>8<", b"<Organization>257</Organization><Type>9<"),
        (b'key="RETRIES"', b'kez="RETRIES"'),
        (b'key="RETRIES"', b'key="SDK_SCORE"'),
        (b">true</entry>", b">false</entry>"),
        (b"0e0e0e0e-0001", b"0e0e0e0e0001"),
        (b"2026-11-29T", b"2026-00-29T"),
        (b"2026-11-29T", b"2026-11-00T"),
        (b"T08:30:00.1", b"T24:30:00.1"),
        (b"RklSADAyMAA+Pz8=", b"RklSADAyMAA+Pz9="),
        (b"RklSADAyMAA+Pz8=", b"RklSADAyMAA+===="),
        (b"<Purpose>Enroll</Purpose>", b"<Purpose>Play</Purpose>"),
        (b"<BIR>", b'<BIR id="1">'),
        (b"<BIR>", b"<BIR>text"),
        (b"<SB>", b"<SB><x/>"),
        (b'key="RETRIES">2', b'key="RETRIES"><x/>2'),
        (b"<BIRInfo><Integrity>false</Integrity></BIRInfo>", b"<BIRInfo/>"),
        (b"<Integrity>false</Integrity>", b"<Integrity>0</Integrity>"),
    ],
)
def test_departures_are_warnings_or_errors(old: bytes, new: bytes) -> None:
    data = FILE.replace(old, new, 1)
    assert data != FILE
    assert mosip.parse(data).warnings
    with pytest.raises(FormatError):
        mosip.parse(data, strict=True)


HEAD = b'<BIR xmlns="http://standards.iso.org/iso-iec/19785/-3/ed-2/">'
HOSTILE = {
    "many segments": b"<BIR/>" * 1001,
    "segments in segments": b"<BIR>" * 40,
    "unknown elements": b"<BIR>" + b"<x/>" * 10_001 + b"</BIR>",
    "words": b"<BIR><BDBInfo><Subtype>" + b"a " * 3000 + b"</Subtype></BDBInfo></BIR>",
    "a long number": b"<BIR><Version><Major>" + b"1" * 9999 + b"</Major></Version></BIR>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_files_that_would_take_long_are_refused(name: str) -> None:
    with pytest.raises(FormatError):
        mosip.parse(HEAD + HOSTILE[name] + b"</BIR>")


@pytest.mark.parametrize("data", [b"<BIR/>", FILE.replace(b"ed-2", b"ed-3"), b"<a/>", b"", None])
def test_other_files_are_refused(data: bytes) -> None:
    assert not mosip.sniff(data)
    with pytest.raises(FormatError):
        mosip.parse(data)


def test_sniff_takes_both_editions_and_utf_16() -> None:
    assert mosip.sniff(FILE)
    assert mosip.sniff(OLD)
    wide = FILE.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert mosip.sniff(wide)
    assert mosip.parse(wide) == mosip.parse(FILE)


@given(st.integers(0, len(FILE) - 2), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused(at: int, value: int) -> None:
    data = FILE[:at] + bytes([value]) + FILE[at + 1 :]
    try:
        record = mosip.parse(data)
        mosip.members(record)
        mosip.build(record)
    except FormatError:
        pass


def test_a_file_cut_anywhere_is_refused() -> None:
    for end in range(len(FILE.rstrip())):
        with pytest.raises(FormatError):
            mosip.parse(FILE[:end])


texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=12)


@given(
    st.lists(
        st.builds(
            mosip.segment,
            st.binary(min_size=1, max_size=40),
            st.sampled_from(list(SUBTYPES)),
            quality=st.none() | st.integers(0, 100),
            created=st.none() | st.just("2026-11-29T08:30:00Z"),
            template=st.booleans(),
        )
        | st.builds(mosip.missing, st.sampled_from(list(SUBTYPES))),
        max_size=10,
    ),
    st.dictionaries(texts.filter(bool), texts, max_size=3),
)
def test_whatever_is_built_reads_back(segments: list, others: dict[str, str]) -> None:
    segments = [replace(one, others=(*one.others, *others.items())) for one in segments]
    segments = [one for one in segments if len(dict(one.others)) == len(one.others)]
    record = mosip.Record(tuple(segments))
    built = mosip.build(record)
    assert mosip.parse(built, strict=True) == record
    assert mosip.build(mosip.parse(built)) == built


def test_nothing_of_a_person_is_in_reprs() -> None:
    shown = repr(mosip.parse(FILE))
    assert "FIR" not in shown
    assert "0e0e0e0e" not in shown
