"""Whether another extractor's template is of the finger that a gallery holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from civid.fingerprint.compare import compare
from civid.fingerprint.scores.extractors import has_calibration
from civid.fingerprint.template import Template

#: A score that the new template of an image has to reach against the one that it replaces: a
#: stranger's does one time in ten thousand, that of another finger hardly ever.
SAME_FINGER: Final = 40.0


def score_as_in_galleries(one: Template, other: Template) -> float:
    """The score of `civid.compare`, which galleries refuse nobody: whose extractor has no
    calibration counts as not known.

    >>> one = Template([(10, 20, 1.5, 1, 90)], 80, 300, 400, "vendor-x/2")
    >>> score_as_in_galleries(one, one) < SAME_FINGER
    True
    """
    return compare(_known(one), _known(other)).score


def _known(template: Template) -> Template:
    return template if has_calibration(template.extractor) else replace(template, extractor="")
