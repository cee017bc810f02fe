"""From bytes to records: where each begins and ends, also where a length is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from civid.errors import FormatError
from civid.formats._reader import Reader
from civid.formats.ansi_nist.binary import HEAD_BYTES, IMAGE_TYPES, BinaryRecord
from civid.formats.ansi_nist.names import BINARY_TYPES, DATA, FIRST_WITH_DATA, field_name
from civid.formats.ansi_nist.tagged import Field, TaggedRecord, usual_tag
from civid.formats.ansi_nist.type1 import codec_of, read_content, read_text

Record = TaggedRecord | BinaryRecord

#: 999 and the Type-1 record.
MAX_RECORDS = 1000
#: Of all records together; a ten-print card has about 250.
MAX_FIELDS = 100_000

_TAG = re.compile(rb"(\d{1,3})\.(\d{1,7}):")
_END = re.compile(rb"[\x1c\x1d]")
_LENGTH = re.compile(rb"0{0,8}\d{1,9}")
_FS = 0x1C


@dataclass(slots=True)
class Walk:
    """A reader on its way through a transaction; `records` and `places` grow together."""

    reader: Reader
    records: list[Record] = field(default_factory=list)
    #: Where each record begins (under 0) and where each of its fields does.
    places: list[dict[int, int]] = field(default_factory=list)
    fields_left: int = MAX_FIELDS
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
        if listed in BINARY_TYPES and not self._tagged_here(listed):
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
        reader, data, start = self.reader, self.reader.data, self.reader.pos
        places = {0: start}
        fields: list[Field] = []
        spans: list[tuple[int, int]] = []
        length: bytes | None = None
        length_tag, stated = b"", 0
        at, ended = start, False
        while not ended:
            tag = _TAG.match(data, at)
            number = int(tag[2]) if tag else -1
            if tag is not None and number == 1 and at > start and int(tag[1]) != record_type:
                self._unended(record_type, at)
                break
            value_at = tag.end() if tag else at
            if number == DATA and record_type >= FIRST_WITH_DATA:
                value_end, at = self._data_end(record_type, start, stated, value_at)
                ended = True
            else:
                mark = _END.search(data, value_at)
                value_end = mark.start() if mark else reader.end
                at = value_end + 1 if mark else reader.end
                ended = mark is None or data[value_end] == _FS
                if mark is None:
                    self._unended(record_type, reader.end)
            value = data[value_at:value_end]
            if tag is None:
                if not fields:
                    raise FormatError(
                        "this is no field", offset=value_at, field=f"Type-{record_type} record"
                    )
                reader.complain(
                    field_name(record_type, fields[-1].number),
                    "a group separator stands inside the field",
                    value_at,
                )
                # A copy for every piece would cost the square of their number.
                first, _ = spans[-1]
                spans[-1] = (first, value_end)
                self._count(value_at)
                continue
            if number == 1 and length is None and not fields:
                length, length_tag = value, tag[0]
                places[1] = start
                stated = int(value) if _LENGTH.fullmatch(value) else 0
                continue
            self._count(value_at)
            places.setdefault(number, value_at)
            mine = int(tag[1]) == record_type
            usual = mine and tag[0] == usual_tag(record_type, number)
            fields.append(Field(number, b"", b"" if usual else tag[0]))
            spans.append((value_at, value_end))
        reader.pos = at
        whole_fields = tuple(
            Field(one.number, data[first:last], one.tag)
            for one, (first, last) in zip(fields, spans, strict=True)
        )
        self._check_length(record_type, length, stated, start)
        record = TaggedRecord(
            record_type,
            whole_fields,
            b"" if length_tag == usual_tag(record_type, 1) else length_tag,
            len(length) if length is not None and length.startswith(b"0") else 0,
        )
        self._trace(record, start, length, spans)
        self._keep(record, places)
        return record

    def _count(self, at: int) -> None:
        self.fields_left -= 1
        if self.fields_left < 0:
            raise FormatError(f"more than {MAX_FIELDS} fields", offset=at, field="transaction")

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

    def _data_end(self, record_type: int, start: int, stated: int, at: int) -> tuple[int, int]:
        """Where the data ends, and where the next record begins."""
        data, end = self.reader.data, start + stated
        if at < end <= len(data) and data[end - 1] == _FS and self._begins(end):
            return end - 1, end
        if at <= end < len(data) and data[end] == _FS and self._begins(end + 1):
            return end, end + 1  # the separator was not counted
        if at <= end < len(data) and _TAG.match(data, end):
            self._unended(record_type, end)
            return end, end
        if at < end <= len(data) and data[end - 1] == _FS:
            return end - 1, end
        return self._searched_end(record_type, at)

    def _searched_end(self, record_type: int, at: int) -> tuple[int, int]:
        """The length is wrong: the next separator after which another tagged record begins."""
        data = self.reader.data
        following = re.compile(rb"\x1c(?=\d{1,2}\.0{0,6}1:\d)").search(data, at)
        if following is not None:
            return following.start(), following.end()
        if data.endswith(b"\x1c") and len(data) > at:
            return len(data) - 1, len(data)
        self._unended(record_type, len(data))
        return len(data), len(data)

    def _begins(self, at: int) -> bool:
        """May a record begin here, or does the transaction end?

        A binary record may begin with any byte but, being shorter than 16 MiB, begins with zero.
        """
        data = self.reader.data
        if at == len(data):
            return True
        return _TAG.match(data, at) is not None or data[at] < 4

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
