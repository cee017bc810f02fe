"""Do the sources agree? QR code, machine-readable zone, chip and register, field by field.

The QR code and the printed zone are not signed; DG1 and DG13 are, see `civid.cards.chip.passive`.
"""

from civid.cards.crosscheck.checking import CONFLICT, NOTE, Disagreement, crosscheck

__all__ = ["CONFLICT", "NOTE", "Disagreement", "crosscheck"]
