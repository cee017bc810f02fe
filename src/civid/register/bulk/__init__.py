"""Bulk (đồng bộ, nhập hàng loạt): millions of people from other systems, and what became of each.

Loads with the first use of `Register.bulk`.
"""

from civid.register.bulk.outcome import Outcome, Refused
from civid.register.bulk.row import Row

__all__ = ["Outcome", "Refused", "Row"]
