"""Watch-lists (truy nã, truy tìm): galleries of their own; a hit goes to a case officer alone."""

from civid.dedup.watchlist.entry import Basis, WatchEntry, WatchKind
from civid.dedup.watchlist.lists import WatchLists

__all__ = ["Basis", "WatchEntry", "WatchKind", "WatchLists"]
