"""Say in the chosen language what was made in English: by whole messages, and by templates.

Messages are made where things go wrong, deep in the library, and are English there:
``f"{path}: no such file"``. The catalogue holds the template, ``{}: no such file``; here a message
is held against the templates and its values are put into the Vietnamese one. Nothing but these
words changes, so exceptions, logs and JSON stay as they are.

A template is matched by looking for its fixed parts one after the other, without backtracking:
the time is that of reading the message once for each template that could fit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from civid.cli.language.catalogue import vietnamese
from civid.cli.language.choice import Language, spoken

_LONGEST = 2000  # characters of a message that is looked at
_DEEPEST = 4  # messages within messages
_MOST_JOINTS = 24  # more make a list of values, and no message
_FIELD = re.compile(r"\{(\d*)\}")
#: Where messages are joined, the loosest last.
_JOINTS = (": ", "; ", " (", ". ", ", ")


def say(text: str) -> str:
    """A message in the language that is spoken; what has no translation stays English.

    >>> from civid.cli.language.choice import Language, speaking
    >>> with speaking(Language.VI):
    ...     say("a.png: no such file")
    'a.png: không có tệp này'
    """
    if spoken() is Language.EN or not text:
        return text
    return _said(text)


def say_label(text: str) -> str:
    """The same for what may be a value: only a whole message of several words is said."""
    if spoken() is Language.EN or " " not in text:
        return text
    return _whole(text) or text


@dataclass(frozen=True, slots=True)
class Template:
    """A message with values in it.

    Attributes
    ----------
    parts : tuple of str
        Its fixed words; a value stands between each two.
    said : str
        The same in Vietnamese, with ``{}`` or ``{0}`` for the values.
    longest : str
        The part to look for first.
    """

    parts: tuple[str, ...]
    said: str
    longest: str = ""

    def values(self, text: str) -> list[str] | None:
        """What stands in a message for the values; None = another message."""
        first, *middle, last = self.parts
        end = len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last) or end < len(first):
            return None
        found, at = list[str](), len(first)
        for part in middle:
            place = text.find(part, at, end)
            if place < 0:
                return None
            found.append(text[at:place])
            at = place + len(part)
        return [*found, text[at:end]]

    @property
    def counts(self) -> bool:
        """A number and what it counts: ``{} prints``. A list of things is no number."""
        return len(self.parts) == 2 and not self.parts[0] and self.parts[1].count(" ") == 1

    def fill(self, values: list[str]) -> str:
        """The Vietnamese message with these values."""
        rest = iter(values)
        return _FIELD.sub(
            lambda place: values[int(place[1])] if place[1] else next(rest), self.said
        )


@lru_cache(maxsize=512)
def _said(text: str) -> str:
    bare = text.strip()
    if not bare or len(text) > _LONGEST:
        return text
    known = _whole(bare)
    if known is None:
        lines = text.split("\n")
        if len(lines) > 1:
            return "\n".join(map(_said, lines))
        known = _message(bare)
    return text.replace(bare, known, 1)


@cache
def _templates() -> tuple[Template, ...]:
    """Those of the catalogue, the heaviest first."""
    split = ((text.split("{}"), said) for text, said in vietnamese().items() if "{}" in text)
    made = [Template(tuple(parts), said, max(parts, key=len)) for parts, said in split]
    return tuple(sorted(made, key=lambda one: -sum(map(len, one.parts))))


def _whole(text: str) -> str | None:
    return vietnamese().get(text)


def _message(text: str, joint: int = 0, depth: int = 0) -> str:
    """One message that may hold others, joined by `_JOINTS` from this one on."""
    known = _whole(text)
    if known is not None or depth > _DEEPEST:
        return text if known is None else known
    fits = _fitting(text)
    tight = next((one for one in fits if not any(map(_joined, one[1]))), None)
    if tight is not None:
        return _filled(*tight, depth)
    few = sum(map(text.count, _JOINTS)) <= _MOST_JOINTS
    for at in range(joint, len(_JOINTS) if few else 0):
        if at > 1 and fits:
            break
        left, found, right = text.partition(_JOINTS[at])
        if found:
            tail = ")" if _JOINTS[at] == " (" and right.endswith(")") else ""
            inner = right.removesuffix(tail)
            said = _message(left, at + 1, depth), _message(inner, at, depth)
            if said != (left, inner) or not fits:
                return f"{said[0]}{found}{said[1]}{tail}"
    return _filled(*fits[0], depth) if fits else text


def _joined(value: str) -> bool:
    """Whether this is more than one value: messages that the template took for one."""
    return ": " in value or "; " in value or value.endswith(":")


def _fitting(text: str) -> list[tuple[Template, list[str]]]:
    found = list[tuple[Template, list[str]]]()
    for one in _templates():
        if one.longest in text:
            values = one.values(text)
            if values is not None and not (one.counts and ", " in values[0]):
                found.append((one, values))
    return found


def _filled(template: Template, values: list[str], depth: int) -> str:
    """Values stay, unless they are messages themselves: sentences that the catalogue has."""
    return template.fill([_value(one, depth + 1) for one in values])


def _value(text: str, depth: int) -> str:
    bare = text.strip()
    return text.replace(bare, _message(bare, 0, depth), 1) if " " in bare else text
