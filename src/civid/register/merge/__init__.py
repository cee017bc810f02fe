"""Mobile units (tổ lưu động): a register of their own to take along, merged later.

A unit's register is packed out of this one with copies of the people it may meet, works on its own
without a connection, and is merged when it comes back. What both sides changed is never
overwritten: it becomes a case that a person decides.
"""
