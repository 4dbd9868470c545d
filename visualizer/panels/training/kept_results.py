"""Each visitor's last experiment and last comparison, so that their networks can be opened."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from visualizer.runtime.training.experiments.record import ExperimentResult
from visualizer.runtime.training.transfer_record import Transfer
from visualizer.ui.service import Service

MOST = 8  # visitors, of each kind; the one whose result is oldest makes room
MOST_BYTES = 512 * 2**20  # of all their networks that is told of; the newest stays in any case

Found = TypeVar("Found")
Part = TypeVar("Part")  # what tells the networks of one result apart


class KeptResults(Generic[Found, Part]):
    """The last result of each visitor, and which of its networks are among the visitor's."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Found, dict[Part, str], int]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, visitor: str, found: Found, size_bytes: int = 0) -> None:
        """Keep what came out last."""
        with self._lock:
            self._kept.pop(visitor, None)
            self._kept[visitor] = found, {}, size_bytes
            while len(self._kept) > MOST or (len(self._kept) > 1 and self._bytes() > MOST_BYTES):
                self._kept.popitem(last=False)

    def _bytes(self) -> int:
        return sum(size_bytes for _, _, size_bytes in self._kept.values())

    def of(self, visitor: str) -> Found | None:
        """Find a visitor's last result."""
        with self._lock:
            found = self._kept.get(visitor)
        return None if found is None else found[0]

    def handle(self, visitor: str, part: Part) -> str | None:
        """Give the name under which a network of the result is among the visitor's own."""
        with self._lock:
            found = self._kept.get(visitor)
            return None if found is None else found[1].get(part)

    def named(self, visitor: str, part: Part, handle: str) -> None:
        """Remember a network's name."""
        with self._lock:
            if visitor in self._kept:
                self._kept[visitor][1][part] = handle

    def leave(self, visitor: str) -> None:
        """Forget a visitor's result."""
        with self._lock:
            self._kept.pop(visitor, None)


@dataclass(eq=False)
class Kept:
    """What a running page keeps: of experiments by arm, of comparisons by way."""

    experiments: KeptResults[ExperimentResult, int] = field(default_factory=KeptResults)
    transfers: KeptResults[Transfer, str] = field(default_factory=KeptResults)

    def leave(self, visitor: str) -> None:
        """Forget a visitor's results."""
        self.experiments.leave(visitor)
        self.transfers.leave(visitor)


def kept_results(service: Service) -> Kept:
    """Find what a running page keeps."""
    return service.store(Kept, lambda made: service.farewells.append(made.leave))
