"""Keys that belong to one gallery: what is sealed with them fits no other one.

A gallery that is encrypted has an id of 32 random bytes, and everything in it is sealed under
HMAC-SHA-256 of the provider's key over that id. Rows and segments of two galleries that share a
key can so not be exchanged, and what an earlier version wrote under the key itself cannot pass for
what this one wrote.
"""

from __future__ import annotations

import hmac

from civid.errors import GalleryKeyError
from civid.search.segments.keys import KEY, KeyProvider

GALLERY_ID = 32


class BoundKeys:
    """A `KeyProvider` whose keys are derived from those of another one for one gallery."""

    def __init__(self, provider: KeyProvider, gallery: bytes):
        self.provider, self.gallery = provider, gallery

    def current(self) -> str:
        """See `KeyProvider`."""
        return self.provider.current()

    def key(self, key_id: str) -> bytes:
        """See `KeyProvider`."""
        return self.derived(key_id, b"keys")

    def derived(self, key_id: str, purpose: bytes) -> bytes:
        """32 bytes for another purpose of this gallery."""
        key = self.provider.key(key_id)
        if len(key) != KEY:
            raise GalleryKeyError(f"a gallery's key must have {KEY} bytes")
        return hmac.digest(key, b"civid 2 " + purpose + b"\0" + self.gallery, "sha256")

    def __repr__(self) -> str:
        return "<BoundKeys>"
