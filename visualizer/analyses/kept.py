"""What was worked out from a collection: kept within a memory budget, and gone with it."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from visualizer.runtime.collection import Collection

T = TypeVar("T")
Key = tuple[str, ...]


class Forgetful(Protocol):
    """Anything that can drop what belongs to one collection."""

    def forget(self, digest: str) -> None:
        """Drop all that belongs to the collection with this digest."""


class Kept(Generic[T]):
    """Things by key, each belonging to a collection's digest; the oldest go first."""

    def __init__(self, budget_bytes: int, size_bytes: Callable[[T], int]) -> None:
        self.budget_bytes = budget_bytes
        self._size = size_bytes
        self._kept: OrderedDict[Key, tuple[str, T]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size_bytes(self) -> int:
        """Tell how much is kept at present."""
        return sum(self._size(thing) for _, thing in self._kept.values())

    def get(self, key: Key) -> T | None:
        """Recall a thing, None where it is not known (any more)."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][1]

    def keep(self, key: Key, digest: str, thing: T) -> T:
        """Keep a thing, in place of the least recently used; the newest stays in any case."""
        with self._lock:
            self._kept[key] = digest, thing
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self.size_bytes > self.budget_bytes:
                self._kept.popitem(last=False)
        return thing

    def forget(self, digest: str) -> None:
        """Drop all that belongs to one collection."""
        with self._lock:
            for key in [key for key, (owner, _) in self._kept.items() if owner == digest]:
                del self._kept[key]

    def forget_where(self, belongs: Callable[[Key, T], bool]) -> None:
        """Drop whatever ``belongs`` says of key and thing."""
        with self._lock:
            gone = [key for key, (_, thing) in self._kept.items() if belongs(key, thing)]
            for key in gone:
                del self._kept[key]


class Endings:
    """Lets stores forget what belongs to a collection when nobody holds it any longer."""

    def __init__(self, *stores: Forgetful) -> None:
        self._stores = stores
        self._watched: weakref.WeakSet[Collection] = weakref.WeakSet()

    def watch(self, collection: Collection) -> None:
        """Tie what was and will be kept to the life of the collection."""
        if collection not in self._watched:
            self._watched.add(collection)
            end = weakref.finalize(collection, _ended, weakref.ref(self), collection.digest)
            end.atexit = False

    def end(self, digest: str) -> None:
        """Forget what belongs to one collection."""
        for store in self._stores:
            store.forget(digest)


def _ended(endings: weakref.ref[Any], digest: str) -> None:
    found = endings()
    if found is not None:
        found.end(digest)
