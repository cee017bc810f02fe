"""Registers: durable people, their prints, dossiers, cards and documents; who did what, and why.

Loads SQLAlchemy; ``pip install 'civid[register]'``, and ``civid[postgresql]`` for a server.
"""

from civid.register.actor import Actor, Capability
from civid.register.population.person import Act, Page, Person
from civid.register.register import Register, RegisterKeys
from civid.register.upgrading import UpgradeReport, upgrade

__all__ = [
    "Act", "Actor", "Capability", "Page", "Person", "Register", "RegisterKeys", "UpgradeReport",
    "upgrade",
]  # fmt: skip
