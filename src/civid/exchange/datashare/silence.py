"""What the HTTP libraries would log of our fetches: URLs, and heads with tokens in them."""

from __future__ import annotations

import logging

#: Name of the thread that all fetches run on.
THREAD = "civid-fetch"


def _is_not_ours(record: logging.LogRecord) -> bool:
    return record.threadName != THREAD


# A filter, and not a level: what others do with the libraries is logged as they want it.
for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy"):
    logging.getLogger(_name).addFilter(_is_not_ours)
