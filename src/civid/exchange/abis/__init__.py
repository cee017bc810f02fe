"""The durable engine behind the doors: people, their encounters and prints, answered requests."""

from civid.exchange.abis.abis import Abis
from civid.exchange.abis.records import Encounter, Match
from civid.exchange.abis.requests import RequestReusedError

__all__ = ["Abis", "Encounter", "Match", "RequestReusedError"]
