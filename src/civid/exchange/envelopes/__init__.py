"""Envelopes (phong bì thông điệp): questions and answers as other platforms write them.

Pure functions between bytes and plain records: calls to the population service over the national
platform (NDXP, to become NDOP), its answers, the headers they travel under, and citizen messages of
QCVN 109 that hold the granted fields and nothing else.
"""

from civid.exchange.envelopes import answer, call_json, call_xml
from civid.exchange.envelopes.answer import Answer, Fault
from civid.exchange.envelopes.call import Call, Operation
from civid.exchange.envelopes.granted import Granted, granted_message, question
from civid.exchange.envelopes.names import NDXP, Profile, Word
from civid.exchange.envelopes.route import Route, read_headers, write_headers

__all__ = [
    "NDXP", "Answer", "Call", "Fault", "Granted", "Operation", "Profile", "Route", "Word",
    "answer", "call_json", "call_xml", "granted_message", "question", "read_headers",
    "write_headers",
]  # fmt: skip
