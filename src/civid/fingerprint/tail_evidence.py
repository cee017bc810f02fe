"""The far tail of scores: ``benchmarks/accuracy/far_tail.py --write``.

2026-11-29: 1,852 prints; people were drawn anew for the intervals.
"""

from typing import Final

#: Pairs of different fingers that were compared.
PAIRS: Final = 1_708_288
#: As far as so many people can tell, dB. Beyond, scores are extrapolated.
MEASURED_TO: Final = 40.0
#: How often strangers reached 30, 35 and 40 over how often scores say, 95 %.
RATIOS: Final = ((30.0, 0.206, 0.854), (35.0, 0.124, 1.164), (40.0, 0.000, 0.079))
#: Half of the 95 % interval of the tail's slope over its mean: what a stated dB may be off.
SPREAD: Final = 0.216
