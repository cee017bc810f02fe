"""What an extractor and a matcher have to be, to be evaluated.

Two functions are enough::

    def extract(image: FingerImage) -> Any: ...          # a template of your own kind
    def compare(probe: Any, reference: Any) -> float: ...  # more = more alike

A print that gives no template raises (any exception) or gives None: it is counted as a failure.
Extractors that give `civid.Template` go with every matcher that takes them, and the other way
round. More than a function is optional:

``version`` : str
    Results are kept under it; without it, under the hash of the module's source.
``parallel`` : bool
    True = may be called from several threads at a time.
``many(images)`` of an extractor, ``many(probe, references)`` of a matcher
    Many at a time, where that is faster.
``minutiae(template)`` of an extractor
    The same as a `civid.Template`, for pictures.
``fuse(scores)`` of a matcher
    One score of the scores of several fingers; without it they are added.
``close()``
    Called at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template


@runtime_checkable
class Extractor(Protocol):
    """Image -> template."""

    def __call__(self, image: FingerImage, /) -> Any:
        """Extract one print; raise or give None where that fails."""
        ...


@runtime_checkable
class Matcher(Protocol):
    """Template, template -> score."""

    def __call__(self, probe: Any, reference: Any, /) -> float:
        """Compare two templates; more means more alike."""
        ...


class ManyExtractor(Extractor, Protocol):
    """An extractor that is faster with many images at a time."""

    def many(self, images: Sequence[FingerImage], /) -> Sequence[Any]:
        """One template an image; an exception or None where one failed."""
        ...


class ManyMatcher(Matcher, Protocol):
    """A matcher that is faster with many references at a time."""

    def many(self, probe: Any, references: Sequence[Any], /) -> npt.NDArray[np.floating]:
        """One score a reference, the same as one by one."""
        ...


class Showing(Extractor, Protocol):
    """An extractor whose templates can be drawn."""

    def minutiae(self, template: Any, /) -> Template:
        """The template's minutiae."""
        ...
