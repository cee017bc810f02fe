"""Results as tables (bảng kết quả): every comparison, errors by finger, person and print, rates.

Each is a `DataTable`: ``to_pandas()``, ``to_arrow()``, ``to_csv()``; anything that reads Arrow
takes it as it is.

>>> from civid.lab import tables
>>> tables.scores(result).to_pandas().query("mated").score.median()  # doctest: +SKIP
>>> tables.by_finger(result).write_csv(Path("fingers.csv"))  # doctest: +SKIP
"""

from civid.lab.tables.breakdowns import by_finger, by_image, by_subject, decision_threshold
from civid.lab.tables.rates import cmc, det, error_rates, gallery_sizes
from civid.lab.tables.scores import scores
from civid.lab.tables.table import DataTable, Labels

__all__ = [
    "DataTable",
    "Labels",
    "by_finger",
    "by_image",
    "by_subject",
    "cmc",
    "decision_threshold",
    "det",
    "error_rates",
    "gallery_sizes",
    "scores",
]
