"""Data shares: biometrics behind a URL, fetched within bounds and decrypted."""

from civid.exchange.datashare.decrypt import Decryptor, MosipDecryptor, NoDecryptor, opened
from civid.exchange.datashare.errors import (
    ExpiredError,
    FetchError,
    NotFetchedError,
    RefusedError,
    TooLargeError,
    UndecipherableError,
    UnreachableError,
)
from civid.exchange.datashare.fetcher import Fetcher, Limits
from civid.exchange.datashare.keys import read_private_key
from civid.exchange.datashare.origins import Origin
from civid.exchange.datashare.tokens import Credentials

__all__ = [
    "Credentials",
    "Decryptor",
    "ExpiredError",
    "FetchError",
    "Fetcher",
    "Limits",
    "MosipDecryptor",
    "NoDecryptor",
    "NotFetchedError",
    "Origin",
    "RefusedError",
    "TooLargeError",
    "UndecipherableError",
    "UnreachableError",
    "opened",
    "read_private_key",
]
