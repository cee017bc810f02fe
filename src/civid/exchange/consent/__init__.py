"""Consent (đồng ý của chủ thể dữ liệu): to what, how it was given, and that it was withdrawn."""

from civid.exchange.consent.desk import ConsentDesk
from civid.exchange.consent.record import By, ConsentRecord, How

__all__ = ["By", "ConsentDesk", "ConsentRecord", "How"]
