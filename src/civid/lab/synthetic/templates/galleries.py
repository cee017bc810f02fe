"""Synthetic galleries of any size: templates of fingers that nobody has, without pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.lab.synthetic.streams import Seed, SyntheticError, sequence
from civid.lab.synthetic.templates.gallery_model import GalleryModel
from civid.lab.synthetic.templates.press_kernels import HEIGHT, MOST, WIDTH, fill_templates
from civid.position import Position

_CHUNK = 1024  # templates made at a time: 4 MB of rows
_END = 1 << 62  # subjects and impressions are numbered below this


class RawTemplates(NamedTuple):
    """Templates without an object each.

    Parameters
    ----------
    minutiae : (M,) structured array of `MINUTIA_DTYPE`
        Of all templates, one behind the other.
    first : (N + 1,) int64
        Template ``i`` is ``minutiae[first[i]:first[i + 1]]``.
    quality : (N,) uint8
        Quality of each template, 1..99.
    """

    minutiae: npt.NDArray[Any]
    first: npt.NDArray[np.int64]
    quality: npt.NDArray[np.uint8]


class SyntheticGallery:
    """Subjects 0, 1, 2, ... with templates of their fingers, to fill a gallery of any size.

    A finger depends on the seed, its subject and its position only, an impression of it on its
    number too: never on what else is made, in which order, or in how many threads. Impostors
    score against one another about as real ones do (``docs/explain/synthetic-galleries.md``).

    Parameters
    ----------
    seed : int or numpy.random.SeedSequence
    fingers : sequence of Position
        Which fingers each subject has; different ones, at least one.
    model : GalleryModel
        Constants of the generator.

    Raises
    ------
    SyntheticError
        The seed or the fingers are not usable.

    Notes
    -----
    Safe to share between threads; the kernels release the interpreter lock.

    Examples
    --------
    >>> gallery = SyntheticGallery(7, fingers=[Position.RIGHT_INDEX])
    >>> raw = gallery.raw(1000, 1010)
    >>> len(raw.first) - 1
    10
    >>> first, again = gallery.impression(3), gallery.impression(3, number=1)
    >>> from civid.fingerprint.compare import compare
    >>> compare(first, again).score > compare(first, gallery.impression(4)).score
    True
    """

    def __init__(
        self,
        seed: Seed,
        fingers: Sequence[Position] = (Position.RIGHT_INDEX, Position.LEFT_INDEX),
        *,
        model: GalleryModel | None = None,
    ) -> None:
        known = set(Position)
        self.fingers = tuple(Position(finger) for finger in fingers if finger in known)
        if not self.fingers or len(set(self.fingers)) != len(fingers):
            raise SyntheticError("fingers must be different positions, at least one")
        self.model = GalleryModel() if model is None else model
        self._key = sequence(seed, 5).generate_state(1, np.uint64)[0]

    def raw(self, begin: int, end: int, *, number: int = 0) -> RawTemplates:
        """Templates of subjects ``begin`` .. ``end - 1``, the fast way.

        Parameters
        ----------
        begin, end : int
            Subject by subject, and within a subject in the order of `fingers`.
        number : int
            Which impression of every finger: 0 the one that `templates` gives, 1, 2, ... others.

        Returns
        -------
        RawTemplates

        Raises
        ------
        SyntheticError
            A number is negative or not whole, or ``end < begin``.
        """
        _check_span(begin, end, number)
        return self._raw(begin, end, self.fingers, number)

    def templates(
        self, begin: int, end: int, *, number: int = 0
    ) -> Iterator[dict[Position, Template]]:
        """The same as objects: of each subject its templates by position.

        Made while iterating, some subjects ahead. Arguments and errors as in `raw`.
        """
        _check_span(begin, end, number)
        return self._objects(begin, end, number)

    def impression(self, subject: int, finger: Position | None = None, number: int = 0) -> Template:
        """One impression of one finger.

        Parameters
        ----------
        subject : int
        finger : Position, optional
            Any finger, of `fingers` or not; the first of `fingers` if not given.
        number : int
            0 is what `raw` and `templates` give; every other number is another impression of the
            same finger, for planting duplicates.

        Raises
        ------
        SyntheticError
            A number is negative or not whole, or the finger does not exist.
        """
        _check_whole(subject, "subject")
        _check_span(subject, subject + 1, number)
        wanted = self.fingers[0] if finger is None else finger
        if wanted not in set(Position):
            raise SyntheticError("finger must be a position")
        raw = self._raw(subject, subject + 1, (Position(wanted),), number)
        return Template(raw.minutiae, int(raw.quality[0]), WIDTH, HEIGHT)

    def _objects(self, begin: int, end: int, number: int) -> Iterator[dict[Position, Template]]:
        each = len(self.fingers)
        step = max(1, _CHUNK // each)
        for start in range(begin, end, step):
            raw = self._raw(start, min(end, start + step), self.fingers, number)
            for at in range(0, len(raw.quality), each):
                yield {
                    finger: Template(
                        raw.minutiae[raw.first[at + k] : raw.first[at + k + 1]],
                        int(raw.quality[at + k]),
                        WIDTH,
                        HEIGHT,
                    )
                    for k, finger in enumerate(self.fingers)
                }

    def _raw(self, begin: int, end: int, fingers: Sequence[Position], number: int) -> RawTemplates:
        each = len(fingers)
        count = (end - begin) * each
        first, quality = np.zeros(count + 1, np.int64), np.zeros(count, np.uint8)
        positions = np.array(fingers, np.int64)
        step = max(1, _CHUNK // each)
        # Zeros: the padding of the rows is part of what goes into files.
        rows = np.zeros(min(step, max(1, end - begin)) * each * MOST, MINUTIA_DTYPE)
        floats = rows.view(np.float32).reshape(-1, 4)
        whole = rows.view(np.uint8).reshape(-1, MINUTIA_DTYPE.itemsize)
        parts = []
        for start in range(begin, end, step):
            stop, at = min(end, start + step), (start - begin) * each
            made = (stop - start) * each
            ends = np.zeros(made + 1, np.int64)
            fill_templates(
                self._key,
                start,
                stop,
                positions,
                number,
                self.model,
                floats,
                whole,
                ends,
                quality[at : at + made],
            )
            first[at + 1 : at + made + 1] = first[at] + ends[1:]
            parts.append(whole[: ends[-1]].copy())
        # As bytes: NumPy drops the padding of structured arrays that it joins.
        joined = np.concatenate([whole[:0], *parts])
        minutiae = joined.reshape(-1).view(MINUTIA_DTYPE)
        return RawTemplates(minutiae, first, quality)


def _check_whole(value: Any, name: str) -> None:
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not 0 <= value < _END:
        raise SyntheticError(f"{name} must be a whole number >= 0")


def _check_span(begin: Any, end: Any, number: Any) -> None:
    for name, value in (("begin", begin), ("end", end), ("number", number)):
        _check_whole(value, name)
    if end < begin:
        raise SyntheticError("end must not lie before begin")
