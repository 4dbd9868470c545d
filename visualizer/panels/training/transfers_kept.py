"""Each visitor's last comparison of ways to transfer, so that its networks can be opened."""

from __future__ import annotations

import threading
from collections import OrderedDict
from weakref import WeakKeyDictionary

from visualizer.runtime.training.transfer_record import Transfer
from visualizer.ui.service import Service

MOST = 8  # visitors; the one whose comparison is oldest makes room


class KeptTransfers:
    """The last comparison of each visitor, and which of its networks are among the visitor's."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Transfer, dict[str, str]]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, visitor: str, found: Transfer) -> None:
        """Keep what came out last."""
        with self._lock:
            self._kept.pop(visitor, None)
            self._kept[visitor] = found, {}
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def of(self, visitor: str) -> Transfer | None:
        """Find a visitor's last comparison."""
        with self._lock:
            found = self._kept.get(visitor)
        return None if found is None else found[0]

    def handle(self, visitor: str, way: str) -> str | None:
        """Give the name under which a way's network is among the visitor's own."""
        with self._lock:
            found = self._kept.get(visitor)
            return None if found is None else found[1].get(way)

    def named(self, visitor: str, way: str, handle: str) -> None:
        """Remember a way's name."""
        with self._lock:
            if visitor in self._kept:
                self._kept[visitor][1][way] = handle

    def leave(self, visitor: str) -> None:
        """Forget a visitor's comparison."""
        with self._lock:
            self._kept.pop(visitor, None)


_kept: WeakKeyDictionary[Service, KeptTransfers] = WeakKeyDictionary()
_lock = threading.Lock()


def kept_transfers(service: Service) -> KeptTransfers:
    """Find what a running page keeps."""
    with _lock:
        found = _kept.get(service)
        if found is None:
            found = _kept[service] = KeptTransfers()
            service.farewells.append(found.leave)
        return found
