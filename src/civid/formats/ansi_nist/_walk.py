"""From bytes to records: where each begins and ends, also where a length is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from civid.errors import FormatError
from civid.formats._reader import Reader
from civid.formats.ansi_nist._ends import FS as _FS
from civid.formats.ansi_nist._ends import LENGTH_TAG, data_end
from civid.formats.ansi_nist.binary import HEAD_BYTES, IMAGE_TYPES, BinaryRecord
from civid.formats.ansi_nist.names import BINARY_TYPES, DATA, FIRST_WITH_DATA, field_name
from civid.formats.ansi_nist.tagged import RS, US, Field, TaggedRecord, usual_tag
from civid.formats.ansi_nist.type1 import codec_of, read_content, read_text

Record = TaggedRecord | BinaryRecord

#: 999 and the Type-1 record.
MAX_RECORDS = 1000
#: Of all records together; a ten-print card has about 250, 999 image records have 15,000.
MAX_FIELDS = 50_000
#: Of all fields together; each of 9999 minutiae of an extended feature set has up to seven.
MAX_ALL_ITEMS = 250_000

_TAG = re.compile(rb"(\d{1,3})\.(\d{1,7}):")
_END = re.compile(rb"[\x1c\x1d]")
_LENGTH = re.compile(rb"0{0,8}\d{1,9}")


@dataclass(slots=True)
class Walk:
    """A reader on its way through a transaction; `records` and `places` grow together."""

    reader: Reader
    records: list[Record] = field(default_factory=list)
    #: Where each record begins (under 0) and where each of its fields does.
    places: list[dict[int, int]] = field(default_factory=list)
    fields_left: int = MAX_FIELDS
    items_left: int = MAX_ALL_ITEMS
    codec: str = "latin-1"

    def run(self) -> None:
        """Read all records."""
        reader = self.reader
        if not self._tagged_here(1):
            raise FormatError(
                "a transaction begins with its Type-1 record", offset=0, field=field_name(1, 1)
            )
        first = self._tagged(1)
        self.codec = codec_of(first)
        try:
            _, content = read_content(first)
        except FormatError:
            content = ()  # `faults` says so
        for record_type, _ in content:
            if not reader.left:
                reader.complain(
                    field_name(1, 3), f"{len(content)} records are listed, not all are there"
                )
                return
            self._next(record_type)
        while reader.left and self._tagged_here(None):
            self._next(None)  # more than are listed; `validate` says so
        if reader.left:
            reader.complain("end of transaction", f"{reader.left} bytes follow the last record")

    def _next(self, listed: int | None) -> None:
        if len(self.records) >= MAX_RECORDS:
            raise FormatError(
                f"more than {MAX_RECORDS} records", offset=self.reader.pos, field=field_name(1, 3)
            )
        # The length of a binary record cannot begin with a digit: it would have 800 MB.
        if listed in BINARY_TYPES and not self._tagged_here(None):
            self._binary(listed)
            return
        match = _TAG.match(self.reader.data, self.reader.pos)
        if match is None:
            raise FormatError(
                f"no Type-{listed} record begins here", offset=self.reader.pos, field="record"
            )
        self._tagged(int(match[1]))

    def _tagged_here(self, record_type: int | None) -> bool:
        """Does a tagged record begin here, of this type where one is given?"""
        match = _TAG.match(self.reader.data, self.reader.pos)
        return match is not None and record_type in (None, int(match[1]))

    # ---- binary records --------------------------------------------------------------------

    def _binary(self, record_type: int) -> None:
        reader, start = self.reader, self.reader.pos
        places = {0: start, **dict.fromkeys(range(1, 10), start)}
        if reader.left < HEAD_BYTES:
            raise FormatError(
                "the record is cut short", offset=start, field=field_name(record_type, 1)
            )
        length = int.from_bytes(reader.data[start : start + 4], "big")
        idc = reader.data[start + 4]
        reader.section(f"Type-{record_type} record {len(self.records)} (IDC {idc})")
        reader.number(4, field_name(record_type, 1))
        reader.number(1, field_name(record_type, 2))
        if length < HEAD_BYTES or length > reader.left + HEAD_BYTES:
            reader.complain(
                field_name(record_type, 1),
                f"{length} bytes are stated, {reader.left + HEAD_BYTES} are there",
                start,
            )
            if length < HEAD_BYTES:
                raise FormatError(
                    "where the record ends is not known",
                    offset=start,
                    field=field_name(record_type, 1),
                )
        end = min(start + length, reader.end)
        body = reader.data[reader.pos : end]
        if record_type in IMAGE_TYPES and len(body) >= 13:
            for number, size in ((3, 1), (4, 6), (5, 1), (6, 2), (7, 2), (8, 1)):
                places[number] = reader.pos
                name = field_name(record_type, number)
                reader.take(size, name) if number == 4 else reader.number(size, name)
            places[9] = reader.pos
            reader.take(end - reader.pos, field_name(record_type, 9))
        else:
            reader.take(end - reader.pos, "body")
        self._keep(BinaryRecord(record_type, idc, body), places)

    def _keep(self, record: Record, places: dict[int, int]) -> None:
        self.records.append(record)
        self.places.append(places)

    # ---- tagged records --------------------------------------------------------------------

    def _tagged(self, record_type: int) -> TaggedRecord:
        """Read fields up to the file separator; where that is, the length only confirms, but for
        the data of an image, which may hold any byte."""
        reader, start = self.reader, self.reader.pos
        tags: list[tuple[int, bytes]] = []
        spans: list[tuple[int, int]] = []
        length, length_tag, stated = None, b"", 0
        at: int | None = start
        while at is not None:
            tag = _TAG.match(reader.data, at)
            if tag is not None and int(tag[2]) == 1 and at > start and int(tag[1]) != record_type:
                self._unended(record_type, at)
                reader.pos = at
                break
            value_at = at if tag is None else tag.end()
            number = -1 if tag is None else int(tag[2])
            value_end, at = self._field_end(record_type, number, start, stated, value_at)
            if tag is None:
                self._rest_of_field(record_type, tags, spans, value_at, value_end)
            elif number == 1 and length is None and not tags:
                length, length_tag = reader.data[value_at:value_end], tag[0]
                stated = int(length) if _LENGTH.fullmatch(length) else 0
            else:
                is_data = number == DATA and record_type >= FIRST_WITH_DATA
                self._count(value_at, value_at if is_data else value_end)
                usual = tag[0] == usual_tag(record_type, number)
                tags.append((number, b"" if usual else tag[0]))
                spans.append((value_at, value_end))
        self._check_length(record_type, length, stated, start)
        filled = (length or b"").startswith(b"0") and stated == reader.pos - start
        record = TaggedRecord(
            record_type,
            tuple(
                Field(number, reader.data[first:last], tag_bytes)
                for (number, tag_bytes), (first, last) in zip(tags, spans, strict=True)
            ),
            b"" if length_tag == usual_tag(record_type, 1) else length_tag,
            len(length or b"") if filled else 0,
        )
        self._trace(record, start, length, spans)
        places = {0: start, 1: start}
        for (number, _), (first, _) in zip(tags, spans, strict=True):
            places.setdefault(number, first)
        self._keep(record, places)
        return record

    def _field_end(
        self, record_type: int, number: int, start: int, stated: int, at: int
    ) -> tuple[int, int | None]:
        """Where a field ends, and where the next one begins, or None where the record ends.

        The reader is moved to the next record.
        """
        reader, data = self.reader, self.reader.data
        if number == DATA and record_type >= FIRST_WITH_DATA:
            end, reader.pos = data_end(data, at, start + stated)
            if end == reader.pos:
                self._unended(record_type, end)
            return end, None
        mark = _END.search(data, at)
        end = mark.start() if mark else reader.end
        for glued in (start + stated - 1, start + stated):
            # The separator is missing, and the next record begins where the length says.
            if number != 1 and at <= glued < end and LENGTH_TAG.match(data, glued):
                self._unended(record_type, glued)
                reader.pos = glued
                return glued, None
        if mark is None:
            self._unended(record_type, end)
            reader.pos = end
            return end, None
        if data[end] == _FS:
            reader.pos = end + 1
            return end, None
        return end, end + 1

    def _rest_of_field(
        self,
        record_type: int,
        tags: list[tuple[int, bytes]],
        spans: list[tuple[int, int]],
        at: int,
        end: int,
    ) -> None:
        """What follows a group separator is no field: it belongs to the one before.

        Only where it ends is noted; a copy for every piece would cost the square of their number.
        """
        if not tags:
            raise FormatError("this is no field", offset=at, field=f"Type-{record_type} record")
        self.reader.complain(
            field_name(record_type, tags[-1][0]), "a group separator stands inside the field", at
        )
        spans[-1] = (spans[-1][0], end)
        self._count(at, end)

    def _count(self, at: int, end: int) -> None:
        data = self.reader.data
        self.fields_left -= 1
        self.items_left -= 1 + data.count(US, at, end) + data.count(RS, at, end)
        if self.fields_left < 0 or self.items_left < 0:
            raise FormatError(
                f"more than {MAX_FIELDS} fields or {MAX_ALL_ITEMS} items",
                offset=at,
                field="transaction",
            )

    def _unended(self, record_type: int, at: int) -> None:
        self.reader.complain(
            f"Type-{record_type} record", "the file separator at its end is missing", at
        )

    def _check_length(
        self, record_type: int, length: bytes | None, stated: int, start: int
    ) -> None:
        name = field_name(record_type, 1)
        if length is None:
            self.reader.complain(name, "is missing", start)
        elif stated != self.reader.pos - start:
            self.reader.complain(
                name, f"{stated} bytes are stated, the record has {self.reader.pos - start}", start
            )

    def _trace(
        self, record: TaggedRecord, start: int, length: bytes | None, spans: list[tuple[int, int]]
    ) -> None:
        trace = self.reader.trace
        if trace is None:
            return
        idc = record.idc
        path = f"Type-{record.type} record {len(self.records)}"
        path = path if idc is None else f"{path} (IDC {idc})"
        if length is not None:
            at = start + len(record.length_tag or usual_tag(record.type, 1))
            text = length.decode("latin-1")
            trace.add((path,), field_name(record.type, 1), at, len(length), text)
        codec = codec_of(record) if record.type == 1 else self.codec
        for one, (first, last) in zip(record.fields, spans, strict=True):
            plain = one.number == DATA and record.type >= FIRST_WITH_DATA
            value: bytes | str = one.value if plain else read_text(one.value, codec)
            trace.add((path,), field_name(record.type, one.number), first, last - first, value)
