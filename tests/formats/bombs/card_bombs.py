"""Chip files, machine-readable zones, texts of QR codes."""

from __future__ import annotations

from collections.abc import Callable

from tests.formats.bombs.kinds import MIB, bomb, enter


def tlv(tag: bytes, body: bytes) -> bytes:
    size = len(body)
    raw = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    return tag + (bytes((size,)) if size < 128 else bytes((0x80 | len(raw),)) + raw) + body


def chip_file(data: bytes) -> object:
    from civid.cards.reading import Reading

    return Reading().add_bytes(data)


def security_object(data: bytes) -> object:
    from civid.cards.chip import sod

    return sod.parse(data)


def authenticated(data: bytes) -> object:
    from civid.cards.chip import passive

    return passive.authenticate(data, {1: b"a"}, [data])


def certificate(data: bytes) -> object:
    from civid.cards.chip.trust import chain

    return chain.load(data)


TAGS = (0x60, 0x61, 0x63, 0x6D, 0x75, 0x77)
for _tag in TAGS:
    _one = bytes((_tag,))
    enter(chip_file, f"zeros_{_tag:x}", lambda tag: tlv(tag, bytes(4 * MIB - 20)), _one)
    enter(chip_file, f"elements_{_tag:x}", lambda tag: tlv(tag, b"\x30\0" * (2 * MIB - 20)), _one)
    enter(chip_file, f"numbers_{_tag:x}", lambda tag: tlv(tag, b"\2\1\1" * (MIB - 20)), _one)
    enter(chip_file, f"lists_{_tag:x}", lambda tag: tlv(tag, b"\x5c\x02ab" * (MIB - 20)), _one)


def nested(tag: bytes, depth: int) -> bytes:
    body = b""
    for _ in range(depth):
        body = tlv(tag, body)
    return body


for _read in (security_object, authenticated, certificate):
    _name = _read.__name__
    enter(_read, f"nested_{_name}", lambda: tlv(b"\x77", nested(b"\x30", 10_000)))
    enter(_read, f"nested_without_lengths_{_name}", lambda: tlv(b"\x77", b"\x30\x80" * 100_000))
    enter(_read, f"elements_{_name}", lambda: tlv(b"\x77", tlv(b"\x30", b"\5\0" * 2_000_000)))


@bomb(chip_file)
def fields_of_dg13() -> bytes:
    fields = b"".join(
        tlv(b"\x30", b"\2\1" + bytes((n,)) + tlv(b"\x0c", b"a" * 4096) * 60) for n in range(256)
    )
    return tlv(b"\x6d", fields[: 4 * MIB - 20])


def signed(change: Callable[[object], None]) -> bytes:
    """A specimen's EF.SOD, changed."""
    from asn1crypto import cms

    from civid.cards.chip import authority, sod

    made = sod.build({1: b"a"}, authority.SpecimenAuthority.make().signer())
    info = cms.ContentInfo.load(made[4 if made[1] == 0x82 else 3 :])
    change(info)
    return tlv(b"\x77", info.dump(force=True))


def salt(info: object) -> None:
    info["content"]["signer_infos"][0]["signature_algorithm"] = {  # type: ignore[index]
        "algorithm": "rsassa_pss",
        "parameters": {"salt_length": 1 << 70},
    }


def signature(info: object) -> None:
    info["content"]["signer_infos"][0]["signature"] = bytes(3 * MIB)  # type: ignore[index]


def many_certificates(info: object) -> None:
    signed = info["content"]  # type: ignore[index]
    signed["certificates"] = [signed["certificates"][0]] * 250


for _change in (salt, signature, many_certificates):
    enter(security_object, f"parsed_{_change.__name__}", signed, _change)
    enter(authenticated, f"authenticated_{_change.__name__}", signed, _change)


def zone(text: object) -> object:
    from civid.cards import mrz
    from civid.errors import FormatError

    try:
        return mrz.parse(text, strict=False)  # type: ignore[arg-type]
    except FormatError:
        return mrz.suggest(text)  # type: ignore[arg-type]


def repaired(text: object) -> object:
    from civid.cards import mrz

    return mrz.suggest(text)  # type: ignore[arg-type]


def letters(text: str) -> object:
    from civid.cards import mrz

    return mrz.letters(text)


GOOD = ["IDVNM3011234567046301123456<<5", "0103059F2603058VNM<<<<<<<<<<<0"]
NAMES = "NGUYEN<<THI<AN<<<<<<<<<<<<<<<<"
enter(zone, "zone_of_10_mib", lambda: "<" * (10 * MIB))
enter(zone, "zone_of_lines", lambda: ["<"] * 1_000_000)
enter(zone, "zone_of_long_lines", lambda: ["<" * MIB] * 3)
for _line in range(2):
    for _digit in "0123456789":
        enter(
            repaired,
            f"zone_of_{_digit}_in_line_{_line}",
            lambda line, digit: [
                *(
                    one if number != line else one[:5] + digit * 9 + one[14:]
                    for number, one in enumerate(GOOD)
                ),
                NAMES,
            ],
            _line,
            _digit,
        )
enter(repaired, "zone_all_wrong", lambda: ["IDVNM6666666666666666666666<<6",
                                           "6666666F6666666VNM<<<<<<<<<<<6", NAMES])  # fmt: skip
enter(repaired, "zone_of_8", lambda: ["IDVNM8888888888888888888888<<8",
                                      "0803088F0803088VNM<<<<<<<<<<<8", NAMES])  # fmt: skip
enter(repaired, "zone_with_two_places_unread", lambda: [
    "IDVNM?011234?67046301123456<<6", "0603069F2603066VNM<<<<<<<<<<<6", NAMES])  # fmt: skip
enter(letters, "marks", lambda: "A" + "\u0301\u0323" * 40_000)
enter(letters, "marks_in_a_short_name", lambda: "A" + "\u0301\u0323" * 250)


def code(text: object) -> object:
    from civid.cards import qr

    return qr.parse(text)  # type: ignore[arg-type]


enter(code, "code_of_10_mib", lambda: "|" * (10 * MIB))
enter(code, "code_of_bytes", lambda: b"|" * (10 * MIB))
enter(
    code,
    "code_of_marks",
    lambda: "046301123456||A" + "\u0301\u0323" * 2000 + "|05032001|Nam|Hue|10062021",
)
enter(code, "code_of_hex", lambda: "0|" + "ab" * 1000 + "z|" + "ab" * 1000 + "z||||")
enter(code, "code_of_zero_width", lambda: "\u200b" * 4096)
