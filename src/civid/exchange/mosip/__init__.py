"""Messages of the MOSIP ABIS API (0.9; messages say 1.1), as functions of message and engine."""

from civid.exchange.mosip.handling import handle
from civid.exchange.mosip.messages import read_message, write_message
from civid.exchange.mosip.policy import Policy
from civid.exchange.mosip.preparing import Prepared, prepare
from civid.exchange.mosip.prints import prints_of
from civid.exchange.mosip.words import Reason, refusal

__all__ = [
    "Policy", "Prepared", "Reason", "handle", "prepare", "prints_of", "read_message", "refusal",
    "write_message",
]  # fmt: skip
