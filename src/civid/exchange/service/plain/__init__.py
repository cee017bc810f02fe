"""Plain civid over HTTP: enrol, search, verify, delete, and what an office wants to know."""

from civid.exchange.service.plain.routes import routers

__all__ = ["routers"]
