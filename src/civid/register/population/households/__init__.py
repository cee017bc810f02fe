"""Households (hộ gia đình) of a register: rows, what is answered, the service."""
