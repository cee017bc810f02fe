"""The far tail of scores: ``benchmarks/accuracy/far_tail.py --write``.

2026-12-01: 3,852 prints; people were drawn anew for the intervals.
"""

from typing import Final

#: Pairs of different fingers that were compared.
PAIRS: Final = 7_411_281
#: As far as so many people can tell, dB. Beyond, scores are extrapolated.
MEASURED_TO: Final = 40.0
#: How often strangers reached 30, 35 and 40 over how often scores say, 95 %.
RATIOS: Final = ((30.0, 0.3822, 0.5887), (35.0, 0.4022, 0.6942), (40.0, 0.2412, 0.4749))
#: Half of the 95 % interval of the tail's slope over its mean, the wider of that with and that
#: without SOCOFing: what a stated dB may be off.
SPREAD: Final = 0.144
