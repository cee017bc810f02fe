"""Rows of adjudication (kết luận trùng): cases, pairs, rulings, events; no rights here."""
