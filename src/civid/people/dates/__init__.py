"""Dates (ngày, tháng, năm) as registers have them: incomplete, impossible, made up.

>>> from civid.people import dates
>>> born = dates.parse("05/03/2001")
>>> born.year, born.precision.name, born.recorded_as
(2001, 'DAY', '05/03/2001')
"""

from civid.people.dates.agreement import DateAgreement, agreement, weight
from civid.people.dates.partial import PartialDate, Precision
from civid.people.dates.read import ImpossibleDateError, Reading, parse, read, read_many
from civid.people.dates.repair import Convention, DateRepair, complete, repairs

__all__ = [
    "Convention", "DateAgreement", "DateRepair", "ImpossibleDateError", "PartialDate", "Precision",
    "Reading", "agreement", "complete", "parse", "read", "read_many", "repairs", "weight",
]  # fmt: skip
