"""Each visitor's last experiment, so that its networks can be opened; gone with the visitor."""

from __future__ import annotations

import threading
from collections import OrderedDict
from weakref import WeakKeyDictionary

from visualizer.runtime.training.experiments.record import ExperimentResult
from visualizer.ui.service import Service

MOST = 8  # visitors; the one whose experiment is oldest makes room


class KeptResults:
    """The last experiment of each visitor, and which of its networks are among the visitor's."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[ExperimentResult, dict[int, str]]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, visitor: str, found: ExperimentResult) -> None:
        """Keep what came out last."""
        with self._lock:
            self._kept.pop(visitor, None)
            self._kept[visitor] = found, {}
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def of(self, visitor: str) -> ExperimentResult | None:
        """Find a visitor's last experiment."""
        with self._lock:
            found = self._kept.get(visitor)
        return None if found is None else found[0]

    def handle(self, visitor: str, arm: int) -> str | None:
        """Give the name under which an arm's network is among the visitor's own."""
        with self._lock:
            found = self._kept.get(visitor)
            return None if found is None else found[1].get(arm)

    def named(self, visitor: str, arm: int, handle: str) -> None:
        """Remember an arm's name."""
        with self._lock:
            if visitor in self._kept:
                self._kept[visitor][1][arm] = handle

    def leave(self, visitor: str) -> None:
        """Forget a visitor's experiment."""
        with self._lock:
            self._kept.pop(visitor, None)


_results: WeakKeyDictionary[Service, KeptResults] = WeakKeyDictionary()
_lock = threading.Lock()


def kept_results(service: Service) -> KeptResults:
    """Find what a running page keeps."""
    with _lock:
        found = _results.get(service)
        if found is None:
            found = _results[service] = KeptResults()
            service.farewells.append(found.leave)
        return found
