"""Who may come in, and for what: bearer tokens, their scopes, and the routes that need them."""

from civid.exchange.service.access.caller import Caller, Door
from civid.exchange.service.access.needs import Needs, needs

__all__ = ["Caller", "Door", "Needs", "needs"]
