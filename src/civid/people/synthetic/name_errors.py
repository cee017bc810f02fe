"""Errors of names: encodings, typing, accents, case, other papers."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import normalize

from civid.people.names.canonical import key
from civid.people.names.legacy import _TCVN3
from civid.people.synthetic.errors import Place, error


def _name(place: Place, change: Callable[[str], str]) -> bool:
    name = place.row["name"]
    if not name.isascii() and "'" not in name and place.row["ethnic"] == "01":
        new = change(name)
        place.row["name"], place.row["paper_name"] = new, ""
        return new != name
    return False


@error("name.encoding", "name.case", "name.look_alike", "name.invisible", "name.not_nfc",
       "name.spaces", "name.initials")  # fmt: skip
def _mojibake(place: Place) -> bool:
    data = place.row["name"].encode()
    shown = data.decode("cp1252", "replace")
    return "\ufffd" not in shown and _name(place, lambda _: shown)


@error("name.encoding", "name.case", "name.look_alike", "name.invisible", name="name.tcvn3")
def _tcvn3(place: Place) -> bool:
    back = {meant: shown for shown, meant in _TCVN3.items()}
    return _name(place, lambda name: "".join(back.get(char, char) for char in name))


_TELEX = {
    "\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j",
    "\u0302": "", "\u0306": "w", "\u031b": "w",
}  # fmt: skip


def _telex_word(word: str) -> str:
    out, tone, last = "", "", ""
    for char in normalize("NFD", word.replace("đ", "dd").replace("Đ", "DD")):
        if char in "\u0301\u0300\u0309\u0303\u0323":
            tone = _TELEX[char]
        elif char == "\u0302":
            out += last.lower()
        elif char in _TELEX:
            out += "w"
        else:
            out, last = out + char, char
    return out + tone


@error("name.typing", "name.case")
def _telex(place: Place) -> bool:
    words = place.row["name"].split()
    if place.draw.chance(0.5):
        typed = [_telex_word(word) for word in words]
    else:
        at = max(range(len(words)), key=lambda i: len(_telex_word(words[i])) - len(words[i]))
        typed = [_telex_word(word) if i == at else word for i, word in enumerate(words)]
    return _name(place, lambda _: " ".join(typed))


@error("name.no_accents")
def _bare(place: Place) -> bool:
    return _name(place, lambda name: key(name).title())


@error("name.not_nfc")
def _nfd(place: Place) -> bool:
    return _name(place, lambda name: normalize("NFD", name))


@error("name.invisible")
def _zero_width(place: Place) -> bool:
    at = 1 + int(place.draw.rng.random() * 3)
    return _name(place, lambda name: f"{name[:at]}\u200b{name[at:]}")


@error("name.look_alike")
def _eth(place: Place) -> bool:
    return _name(place, lambda name: name.replace("Đ", "Ð").replace("đ", "ð"))


@error("name.spaces")
def _spaces(place: Place) -> bool:
    return _name(place, lambda name: name.replace(" ", place.draw.of(["  ", " \u00a0"]), 1))


@error("name.case")
def _caps_slip(place: Place) -> bool:
    def slip(name: str) -> str:
        return "".join(char if ord(char) > 0x7F else char.upper() for char in name)

    return _name(place, slip) and any(
        any(c.islower() for c in w) and sum(map(str.isupper, w)) > 1
        for w in place.row["name"].split()
    )


@error("name.digits")
def _digits(place: Place) -> bool:
    return _name(place, lambda name: f"{name}0")


@error("name.symbols")
def _symbols(place: Place) -> bool:
    return _name(place, lambda name: name.replace(" ", " #", 1))


@error("name.unreadable")
def _endless(place: Place) -> bool:
    return _name(place, lambda name: (name + " ") * 60)


@error("name.tone")
def _tone(place: Place) -> bool:
    slips = {"oàn": "òan", "oán": "óan", "uyễ": "ũyê", "uyế": "úyê", "iến": "íên", "uấn": "úân",
             "oạt": "ọat", "ường": "ừơng"}  # fmt: skip
    found = [right for right in slips if right in place.row["name"]]
    return bool(found) and _name(place, lambda name: name.replace(found[0], slips[found[0]], 1))


@error("name.script")
def _cyrillic(place: Place) -> bool:
    return _name(place, lambda name: name.replace("a", "а").replace("n", "п", 1))


@error("name.initials")
def _initials(place: Place) -> bool:
    words = place.row["name"].split()
    if len(words) < 3 or words[1][0].lower() in "ayoiuêôơưâăý" or not words[1][0].isascii():
        return False
    return _name(place, lambda _: " ".join([words[0], f"{words[1][0]}.", *words[2:]]))


@error("name.paper_differs")
def _other_name(place: Place) -> bool:
    sex = "M" if place.row["sex"] == "Nam" else "F"
    place.row["paper_name"] = place.draw.name(sex, place.row["name"].split()[0])
    return key(place.row["paper_name"]).split()[-1] != key(place.row["name"]).split()[-1]


@error("name.paper_part")
def _part_lost(place: Place) -> bool:
    words = place.row["name"].split()
    if len(words) < 3 or place.row["ethnic"] != "01":
        return False
    place.row["paper_name"] = " ".join([words[0], *words[2:]])
    return True


@error("name.paper_accents")
def _accents_lost(place: Place) -> bool:
    bare = key(place.row["name"]).upper()
    place.row["paper_name"] = bare
    return place.row["ethnic"] == "01" and bare != place.row["name"].upper()
