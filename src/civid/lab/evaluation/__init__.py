"""The laboratory: sets of prints, protocols, error rates with counts and intervals.

>>> from civid.lab.evaluation import Lab, read_set
>>> from civid.lab.peers import load_system
>>> lab = Lab(Path("results"), threads=4)  # doctest: +SKIP
>>> lab.verify(read_set(Path("FVC2002/DB1_B")), load_system("civid"))  # doctest: +SKIP
"""

from civid.lab.errors import EvaluationError
from civid.lab.evaluation.evaluate import Lab, evaluate
from civid.lab.evaluation.prints import PrintSet, Sample
from civid.lab.evaluation.results import Identification, Verification
from civid.lab.evaluation.sources import pooled, read_set

__all__ = [
    "EvaluationError",
    "Identification",
    "Lab",
    "PrintSet",
    "Sample",
    "Verification",
    "evaluate",
    "pooled",
    "read_set",
]
