"""Rows of asking (hỏi giữa các đơn vị): requests, and fields not asked again; no rights here."""
