"""The Vietnamese syllable (âm tiết): which letters make one, and which vowel bears the tone.

Old and new placement of the tone (hòa or hoà) differ in the open rhymes oa, oe, uy only; typing
slips (đọan) differ anywhere. Placing the tone by rule in every well-formed syllable unites them all
and never unites two names, since a syllable has one tone wherever it is written.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from unicodedata import normalize

from civid.people.names.marks import strip_tone

_INITIALS = (
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip
_OPEN = re.findall(
    r"\S+",
    "a e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iu oa oe oi ôi ơi ua uê ui uơ uy ưa ưi ưu "
    "iêu yêu oai oao oay oeo uây uôi uya uyu ươi ươu",
)
_CLOSED = re.findall(
    r"\S+",
    "ac ach am an ang anh ap at ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât ec em en eng ep et "
    "êch êm ên ênh êp êt ich im in inh ip it oc om on ong op ot oong ooc ôc ôm ôn ông ôp ôt "
    "ơm ơn ơp ơt uc um un ung up ut ưc ưm ưn ưng ưt iêc iêm iên iêng iêp iêt yêm yên yêng yêt "
    "oac oach oam oan oang oanh oap oat oăc oăm oăn oăng oăt oen oet uân uâng uât uên uênh uêch "
    "uôc uôm uôn uông uôt ươc ươm ươn ương ươp ươt uyên uyêt uych uyn uynh uyp uyt",
)
#: After qu the u belongs to the initial, so that the rhyme may begin with y.
_AFTER_QU = ["ynh", "yn", "ych", "yt", "yp"]
#: Open i is also written y after these; Lý/Lí, Mỹ/Mĩ, Kỳ/Kì, Quý/Quí (not Vi/Vy, Thi/Thy).
_I_OR_Y = ("h", "k", "l", "m", "s", "t", "qu")
_MARKED = frozenset("ăâêôơư")
_VOWELS = frozenset("aăâeêioôơuưy")


def _tone_index(initial: str, rhyme: str) -> int:
    """Index of the letter that bears the tone, old placement (hòa, thúy)."""
    at = len(initial)
    marked = [i for i, char in enumerate(rhyme) if char in _MARKED]
    if marked:
        return at + marked[-1]
    vowels = sum(char in _VOWELS for char in rhyme)
    if vowels == 1:
        return at
    if vowels < len(rhyme):  # closed: the last vowel
        return at + vowels - 1
    return at + (0 if vowels == 2 else 1)


@cache
def well_formed() -> dict[str, int]:
    """Every toneless syllable that can be written -> index of the letter with the tone."""
    table: dict[str, int] = {}
    for initial in _INITIALS:
        rhymes = [*_OPEN, *_CLOSED, *(_AFTER_QU if initial == "qu" else ())]
        for rhyme in rhymes:
            if initial == "gi" and rhyme[0] == "i":
                continue
            # "gi" + a before "g" + ia: già bears its tone on the a.
            table.setdefault(initial + rhyme, _tone_index(initial, rhyme))
            if initial == "gi":
                table[initial + rhyme] = _tone_index(initial, rhyme)
    # q is only written with u: "qua" is qu + a, not c + ua.
    return table


@cache
def _i_to_y() -> dict[str, str]:
    return {initial + "i": initial + "y" for initial in _I_OR_Y}


@lru_cache(maxsize=1 << 15)
def is_syllable(text: str) -> bool:
    """Say whether lower-case NFC `text` is spelled like a Vietnamese syllable.

    >>> is_syllable("nguyễn"), is_syllable("nguyen"), is_syllable("smith")
    (True, False, False)
    """
    base, tones = strip_tone(text)
    if len(tones) > 1 or base not in well_formed():
        return False
    return not base.endswith(("c", "p", "t", "ch")) or tones in ("\u0301", "\u0323")


def place_tone(text: str) -> str:
    """Write a lower-case NFC syllable with its tone by the old rule, open i as y.

    Anything that is no Vietnamese syllable comes back as it is.

    >>> place_tone("hoà"), place_tone("đọan"), place_tone("quí"), place_tone("thúy")
    ('hòa', 'đoạn', 'quý', 'thúy')
    """
    base, tones = strip_tone(text)
    if len(tones) > 1:
        return text
    base = _i_to_y().get(base, base)
    at = well_formed().get(base)
    if at is None:
        return text
    return normalize("NFC", base[: at + 1] + tones + base[at + 1 :])
