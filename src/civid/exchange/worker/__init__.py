"""The worker: takes MOSIP's messages from a queue, answers them in order, and loses none."""

from civid.exchange.worker.brokers import Broker, brokers_of
from civid.exchange.worker.health import AddressError, HealthServer
from civid.exchange.worker.metrics import Metrics
from civid.exchange.worker.service import MosipService, Service
from civid.exchange.worker.session import BrokerError, Session
from civid.exchange.worker.settings import Settings
from civid.exchange.worker.worker import Worker

__all__ = [
    "AddressError",
    "Broker",
    "BrokerError",
    "HealthServer",
    "Metrics",
    "MosipService",
    "Service",
    "Session",
    "Settings",
    "Worker",
    "brokers_of",
]
