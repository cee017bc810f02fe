"""Registers: durable people, their prints, dossiers, cards and documents; who did what, and why.

Loads SQLAlchemy; ``pip install 'civid[register]'``, and ``civid[postgresql]`` for a server.
"""

from civid.extras import need

need("sqlalchemy", "a register", "register")  # named here, before any table is

from civid.register.actor import Actor, Capability  # noqa: E402
from civid.register.keyring import RegisterKeys  # noqa: E402
from civid.register.population.person import Act, Page, Person  # noqa: E402
from civid.register.register import Register  # noqa: E402
from civid.register.upgrading import UpgradeReport, upgrade  # noqa: E402

__all__ = [
    "Act", "Actor", "Capability", "Page", "Person", "Register", "RegisterKeys", "UpgradeReport",
    "upgrade",
]  # fmt: skip
