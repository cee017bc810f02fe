"""Results as matplotlib figures (hình vẽ): ROC, DET, scores, CMC, FNIR over the gallery.

Each function returns a ``matplotlib.figure.Figure`` that a notebook shows and ``savefig`` writes,
or draws into the axes that it is given. matplotlib comes with ``pip install 'civid[lab]'``.

>>> from civid.lab import figures
>>> figures.det([civid_result, my_result]).savefig("det.pdf")  # doctest: +SKIP
"""

from civid.lab.figures.identification import cmc, fnir_over_gallery_size, search_det
from civid.lab.figures.verification import det, histogram, roc

__all__ = ["cmc", "det", "fnir_over_gallery_size", "histogram", "roc", "search_det"]
