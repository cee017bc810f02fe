"""The audit log (nhật ký): append-only, hash-chained; who did what about whom, and why."""

from civid.register.audit.entry import Entry
from civid.register.audit.verify import AuditReport, verify_chain

__all__ = ["AuditReport", "Entry", "verify_chain"]
