"""Citizen messages of QCVN 109 as claims about citizens, and back.

`claims` reads an entry of a message, `entry` writes one; what has no place on the other side, or
no code there, is said in warnings and never dropped in silence.
"""

from civid.people.messages.incoming import Incoming, claims
from civid.people.messages.outgoing import Outgoing, entry

__all__ = ["Incoming", "Outgoing", "claims", "entry"]
