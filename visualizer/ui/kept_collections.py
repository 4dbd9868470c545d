"""Each visitor's own collections, reachable by a secret handle only, gone when the page is."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from visualizer.errors import GoneError
from visualizer.runtime.collection import Collection

COLLECTIONS_EACH = 3
BUDGET_BYTES = 1 << 30


class KeptCollections:
    """All visitors' collections, in memory; the oldest give way when there are too many."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES, each: int = COLLECTIONS_EACH) -> None:
        self.budget_bytes = budget_bytes
        self.each = each
        self._kept: OrderedDict[str, tuple[str, Collection]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, token: str, collection: Collection) -> str:
        """Keep a collection for a visitor; its handle comes back."""
        handle = secrets.token_hex(16)
        with self._lock:
            self._kept[handle] = token, collection
            own = [one for one, (owner, _) in self._kept.items() if owner == token]
            for surplus in own[: -self.each]:
                del self._kept[surplus]
            while self._size_bytes() > self.budget_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return handle

    def get(self, handle: str) -> Collection:
        """Find a collection.

        Raises:
            GoneError: there is none, or no longer.
        """
        with self._lock:
            found = self._kept.get(handle)
            if found is None:
                raise GoneError("This collection is no longer kept. Choose or add one again.")
            self._kept.move_to_end(handle)
            return found[1]

    def of(self, token: str) -> dict[str, Collection]:
        """List a visitor's collections by their handles."""
        with self._lock:
            return {handle: one for handle, (owner, one) in self._kept.items() if owner == token}

    def leave(self, token: str) -> None:
        """Forget what a visitor brought."""
        with self._lock:
            for handle in [one for one, (owner, _) in self._kept.items() if owner == token]:
                del self._kept[handle]

    def _size_bytes(self) -> int:
        return sum(one.size_bytes for _, one in self._kept.values())
