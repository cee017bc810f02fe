"""Protection (bảo vệ dữ liệu cá nhân): keys, legal holds, retention, erasure with proof, export."""

from civid.register.protection.certificate import Certificate, Proof
from civid.register.protection.holds import Hold
from civid.register.protection.keys import Rotation
from civid.register.protection.retention import Due, Rule

__all__ = ["Certificate", "Due", "Hold", "Proof", "Rotation", "Rule"]
