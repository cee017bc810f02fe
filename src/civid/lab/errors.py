"""What can go wrong with an evaluation."""

from __future__ import annotations

from civid.errors import CividError


class EvaluationError(CividError, ValueError):
    """Prints, a protocol or a plug-in that cannot be evaluated; the message says why."""
