"""How well a comparator tells forms of one name from names of two people (đối sánh họ tên)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from civid.people.names.canonical import canonical, key
from civid.people.names.words import _one_off
from civid.people.synthetic.draw import Draw
from civid.people.synthetic.name_errors import _telex_word

Comparator = Callable[[str, str], float]

_PLACEMENT = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "úy": "uý", "ùy": "uỳ", "ủy": "uỷ", "ụy": "uỵ",
    "Lý": "Lí", "Mỹ": "Mĩ", "Quý": "Quí",
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class NamePair:
    """Two names, and whether one person bears both.

    Parameters
    ----------
    one, two : str
        The names.
    same : bool
        Whether they are one person's.
    kind : str
        How they differ.
    """

    one: str
    two: str
    same: bool
    kind: str

    def __repr__(self) -> str:
        return f"<NamePair {self.kind}>"


def _placement(name: str) -> str:
    for old, new in _PLACEMENT.items():
        if old in name:
            return name.replace(old, new)
    return ""


def _without_middle(name: str) -> str:
    words = name.split()
    return " ".join([words[0], *words[2:]]) if len(words) > 2 else ""


def _initial(name: str) -> str:
    words = name.split()
    return " ".join([words[0], f"{words[1][0]}.", *words[2:]]) if len(words) > 2 else ""


def _slip(name: str) -> str:
    """A letter lost in the longest word: nobody's rule, what fingers do."""
    words = name.split()
    longest = max(range(len(words)), key=lambda i: len(words[i]))
    if len(words[longest]) < 5:
        return ""
    words[longest] = words[longest][:-2] + words[longest][-1]
    return " ".join(words)


def _dialect(name: str) -> str:
    """A name as it was heard: s for x, tr for ch, d for gi."""
    words = name.split()
    for heard, spelled in (("S", "X"), ("Tr", "Ch"), ("X", "S"), ("Gi", "D"), ("Ch", "Tr")):
        if words[-1].startswith(heard):
            return " ".join([*words[:-1], spelled + words[-1][len(heard) :]])
    return ""


#: One person's name written again.
REWRITINGS: dict[str, Callable[[str], str]] = {
    "case": str.upper,
    "NFD": lambda name: normalize("NFD", name),
    "tone placement": _placement,
    "no accents": lambda name: key(name).upper(),
    "Telex residue": lambda name: " ".join(map(_telex_word, name.split())),
    "middle name missing": _without_middle,
    "initial": _initial,
    "letter lost": _slip,
    "heard": _dialect,
    "surname last": lambda name: " ".join([*name.split()[1:], name.split()[0]]),
}


def pairs(count: int, seed: int = 0) -> list[NamePair]:
    """Draw pairs: half one person's name rewritten, half names of two people who are easy to mix.

    The second half: siblings (surname and middle name shared), names that differ in accents only
    (Hoa/Hòa) or in one letter (Lan/Lam), the words in another order (Minh Anh/Anh Minh), and two
    people with one surname.

    Parameters
    ----------
    count : int
        How many, about half of either sort.
    """
    draw = Draw(seed)
    given = {sex: sorted(set(draw._given[sex])) for sex in "FM"}
    accents: dict[str, list[str]] = {}
    for name in {*given["F"], *given["M"]}:
        accents.setdefault(key(name), []).append(name)
    kinds = [(True, kind) for kind in REWRITINGS for _ in _DIFFERENT]
    kinds += [(False, kind) for kind in _DIFFERENT for _ in REWRITINGS]
    found: list[NamePair] = []
    turn = 0
    while len(found) < count:
        same, kind = kinds[turn % len(kinds)]
        sex = "F" if draw.chance(0.5) else "M"
        name = draw.name(sex, draw.surname())
        other = REWRITINGS[kind](name) if same else _DIFFERENT[kind](draw, sex, name, accents)
        if other and other != name:
            found.append(NamePair(name, other, same, kind))
            turn += 1
    return found


def _sibling(draw: Draw, sex: str, name: str, accents: dict[str, list[str]]) -> str:
    words = name.split()
    other = draw.name(sex, words[0], avoid=words[-1]).split()[-1]
    return "" if key(other) == key(words[-1]) else " ".join([*words[:-1], other])


def _accent(draw: Draw, sex: str, name: str, accents: dict[str, list[str]]) -> str:
    words = name.split()
    said = canonical(words[-1])
    others = [other for other in accents.get(key(said), ()) if canonical(other) != said]
    return " ".join([*words[:-1], sorted(others)[0]]) if others else ""


def _order(draw: Draw, sex: str, name: str, accents: dict[str, list[str]]) -> str:
    words = name.split()
    if len(words) < 3 or words[-1] == words[-2] or words[-2] in ("Thị", "Văn"):
        return ""
    return " ".join([*words[:-2], words[-1], words[-2]])


def _stranger(draw: Draw, sex: str, name: str, accents: dict[str, list[str]]) -> str:
    other = draw.name(sex, name.split()[0])
    return "" if key(other).split()[-1] == key(name).split()[-1] else other


def _near(draw: Draw, sex: str, name: str, accents: dict[str, list[str]]) -> str:
    """Another listed given name whose key is one letter off: Lan and Lam, Trang and Trung."""
    words = name.split()
    mine = key(words[-1])
    others = [k for k in accents if k != mine and _one_off(k, mine)]
    return " ".join([*words[:-1], accents[draw.of(others)][0]]) if others else ""


_DIFFERENT: dict[str, Callable[[Draw, str, str, dict[str, list[str]]], str]] = {
    "sibling": _sibling,
    "accent": _accent,
    "order": _order,
    "one letter": _near,
    "same surname": _stranger,
}


@dataclass(frozen=True, slots=True)
class LinkageScore:
    """How one comparator did.

    Parameters
    ----------
    name : str
        The comparator.
    auc : float
        Chance that a pair of one person scores above a pair of two (ties count half).
    best_f1, threshold : float
        Best F1, and the score from which pairs are called one person for it.
    recall_at_99 : float
        Largest recall with a precision of at least 0.99; 0 when it never gets there.
    """

    name: str
    auc: float
    best_f1: float
    threshold: float
    recall_at_99: float


def score(name: str, compare: Comparator, drawn: Sequence[NamePair]) -> LinkageScore:
    """Run a comparator over pairs."""
    ranked = sorted(
        ((compare(pair.one, pair.two), pair.same) for pair in drawn), key=lambda entry: -entry[0]
    )
    positives = sum(same for _, same in ranked)
    negatives = len(ranked) - positives
    hits = misses = 0
    area = best = at_99 = 0.0
    threshold = 0.0
    at = 0
    while at < len(ranked):
        value = ranked[at][0]
        tied = [same for s, same in ranked[at : _end(ranked, at)] if s == value]
        more, less = sum(tied), len(tied) - sum(tied)
        area += less * (hits + more / 2)
        hits, misses, at = hits + more, misses + less, at + len(tied)
        precision, recall = hits / (hits + misses), hits / positives
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        if f1 > best:
            best, threshold = f1, value
        if precision >= 0.99:
            at_99 = max(at_99, recall)
    return LinkageScore(name, area / (positives * negatives), best, threshold, at_99)


def _end(ranked: Sequence[tuple[float, bool]], at: int) -> int:
    value, end = ranked[at][0], at
    while end < len(ranked) and ranked[end][0] == value:
        end += 1
    return end
