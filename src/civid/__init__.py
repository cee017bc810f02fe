"""civid: national identity registration on a native fingerprint engine."""

__version__ = "0.1.0"
