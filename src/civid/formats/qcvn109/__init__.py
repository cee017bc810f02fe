"""Citizen messages (thông điệp dữ liệu công dân) of QCVN 109:2017/BTTTT, as XML and as JSON.

What the message says is kept as text, codes and all; `civid.people.messages` turns it into claims
about citizens and back.
"""
