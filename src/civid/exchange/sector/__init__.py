"""Sector readiness (sẵn sàng kết nối): is a partner's own table ready to be connected?

>>> from civid.exchange.sector import Criteria
>>> Criteria.read().smallest_shown
5
"""

from civid.exchange.sector.checking import check
from civid.exchange.sector.judge.grading import Criteria, Criterion, Grade
from civid.exchange.sector.match.questions import Answer, Asker, Met, Question, Said
from civid.exchange.sector.match.under_grant import UnderGrant
from civid.exchange.sector.readiness import Readiness

__all__ = ["Answer", "Asker", "Criteria", "Criterion", "Grade", "Met", "Question", "Readiness",
           "Said", "UnderGrant", "check"]  # fmt: skip
