"""Names read in the wrong encoding (sai bảng mã): TCVN3, VNI-Windows, Windows-1258, UTF-8.

Older registers stored Vietnamese in fonts of their own; read as Windows-1252 they show
``NguyÔn ThÞ Hoµ`` (TCVN3) or ``Nguyeãn Thò Hoøa`` (VNI). Each decoder answers with what was meant,
or None when the text does not become plausible Vietnamese.
"""

from __future__ import annotations

from functools import cache
from unicodedata import normalize

from civid.people.names.marks import ACUTE, BREVE, CIRCUMFLEX, DOT, GRAVE, HOOK, TILDE
from civid.people.names.misread import reread

#: TCVN 5712 VN3 ("ABC" fonts), bytes as Windows-1252 shows them. Capitals with a tone share the
#: code of the small letter in a font of capitals (.VnTimeH).
_TCVN3 = dict(zip(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
    strict=True,
))  # fmt: skip

#: VNI for Windows: a letter, then a letter that stands for its marks.
_VNI_MARKS = {
    "ø": GRAVE, "ù": ACUTE, "û": HOOK, "õ": TILDE, "ï": DOT, "â": CIRCUMFLEX, "ê": BREVE,
    "à": CIRCUMFLEX + GRAVE, "á": CIRCUMFLEX + ACUTE, "å": CIRCUMFLEX + HOOK,
    "ã": CIRCUMFLEX + TILDE, "ä": CIRCUMFLEX + DOT, "è": BREVE + GRAVE, "é": BREVE + ACUTE,
    "ú": BREVE + HOOK, "ü": BREVE + TILDE, "ë": BREVE + DOT,
}  # fmt: skip
#: VNI letters with a code of their own.
_VNI_ALONE = {
    "ñ": "đ", "Ñ": "Đ", "ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư", "æ": "ỉ", "Æ": "Ỉ",
    "ó": "ĩ", "Ó": "Ĩ", "ò": "ị", "Ò": "Ị", "î": "ỵ", "Î": "Ỵ",
}  # fmt: skip


def tcvn3(text: str) -> str | None:
    """Decode TCVN3 shown as Windows-1252.

    >>> tcvn3("NguyÔn ThÞ Hoµ")
    'Nguyễn Thị Hoà'
    """
    meant = "".join(_TCVN3.get(char, char) for char in text)
    return meant if meant != text else None


def vni_windows(text: str) -> str | None:
    """Decode VNI for Windows shown as Windows-1252.

    >>> vni_windows("Nguyeãn Thò Hoøa")
    'Nguyễn Thị Hòa'
    """
    out: list[str] = []
    for char in text:
        low = char.lower()
        if low in _VNI_MARKS and out and out[-1][:1].lower() in tuple("aeouyơư"):
            out.append(_VNI_MARKS[low])
        else:
            out.append(_VNI_ALONE.get(char, char))
    meant = normalize("NFC", "".join(out))
    return meant if meant != text else None


def windows_1258(text: str) -> str | None:
    """Decode Windows-1258 (combining tones) shown as Windows-1252.

    >>> windows_1258("NguyêÞn Thiò Hoàa") == "Nguyễn Thị Hoàa"
    True
    """
    return _recode(text, "cp1258")


def utf8(text: str) -> str | None:
    """Decode UTF-8 that was shown as Windows-1252, Latin-1, Windows-1258 and others, or twice.

    >>> utf8("Nguyá»…n"), utf8("VĂµ Thá»‹ Má»¹")
    ('Nguyễn', 'Võ Thị Mỹ')
    """
    return reread(text)


def viscii(text: str) -> str | None:
    """Decode VISCII shown as Windows-1252.

    >>> viscii("Nguy­n Th¸ Hòa")
    'Nguyễn Thị Hòa'
    """
    meant = "".join(_viscii().get(char, char) for char in text)
    return meant if meant != text else None


def _recode(text: str, encoding: str) -> str | None:
    data = bytearray()
    for char in text:
        try:
            data += char.encode("cp1252")
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return None
            data.append(ord(char))  # the five bytes that Windows-1252 leaves open
    try:
        meant = normalize("NFC", bytes(data).decode(encoding))
    except UnicodeDecodeError:
        return None
    return meant if meant != text else None


@cache
def _viscii() -> dict[str, str]:
    """VISCII 1.1 (RFC 1456), the bytes from 0x80 on, as Windows-1252 shows them."""
    upper = (
        "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
        "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
    )
    return {
        bytes([0x80 + at]).decode("cp1252", "ignore") or chr(0x80 + at): char
        for at, char in enumerate(upper)
    }
