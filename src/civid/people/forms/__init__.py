"""Forms (biểu mẫu) by code and circular, and verification slips between units."""

from civid.people.forms.dc01 import Dc01
from civid.people.forms.dc02 import Change, Dc02Request, Dc02Update, Procedure
from civid.people.forms.verification import SlipState, VerificationSlip, overdue, same_said
from civid.people.forms.version import FormVersion, by_circular, form_version

__all__ = [
    "Change", "Dc01", "Dc02Request", "Dc02Update", "FormVersion", "Procedure", "SlipState",
    "VerificationSlip", "by_circular", "form_version", "overdue", "same_said",
]  # fmt: skip
