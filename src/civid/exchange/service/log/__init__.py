"""The log of a service (nhật ký): who asked what, when, about whom, and what came of it."""

from civid.exchange.service.log.entry import Entry
from civid.exchange.service.log.journal import Journal
from civid.exchange.service.log.verify import LogReport, verify_log

__all__ = ["Entry", "Journal", "LogReport", "verify_log"]
