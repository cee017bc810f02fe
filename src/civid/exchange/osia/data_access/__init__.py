"""OSIA data access 1.3.0: ``match`` and ``verify``, answered by `civid.exchange.sharing`.

Loads SQLAlchemy; ``pip install 'civid[register,service]'``. Copyright of the interface: see
`civid.exchange.osia`.
"""

from civid.exchange.osia.data_access.routes import data_access_part

__all__ = ["data_access_part"]
