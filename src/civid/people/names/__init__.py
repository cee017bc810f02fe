"""Names (họ, chữ đệm và tên): canonical forms, keys, comparison, annotation, repairs.

>>> from civid.people import names
>>> names.canonical("NGUYỄN THỊ HOÀ"), names.key("NGUYỄN THỊ HOÀ")
('nguyễn thị hòa', 'nguyen thi hoa')
>>> names.compare("Hòa", "Hoà").score > names.compare("Hoa", "Hòa").score
True
"""

from civid.people.names.annotate import NameParts, annotate
from civid.people.names.canonical import canonical, canonical_many, key, keys_many
from civid.people.names.compare import Level, NameComparison, compare
from civid.people.names.repairs import Repair, repairs

__all__ = [
    "Level", "NameComparison", "NameParts", "Repair", "annotate", "canonical", "canonical_many",
    "compare", "key", "keys_many", "repairs",
]  # fmt: skip
