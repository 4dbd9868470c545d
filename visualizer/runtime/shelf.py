"""Networks shared by all visitors: each loaded once, the least recently used put away first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from visualizer.runtime.model import Model, load_model

BUDGET_BYTES = 1536 * 2**20


class Shelf:
    """Loaded networks within a memory budget; at least the newest one stays."""

    def __init__(
        self,
        device: str = "auto",
        backend: str = "torch",
        *,
        budget_bytes: int = BUDGET_BYTES,
        load: Callable[..., Model] = load_model,
    ) -> None:
        self.device = device
        self.backend = backend
        self.budget_bytes = budget_bytes
        self._load = load
        self._models: OrderedDict[tuple[str, bool], Model] = OrderedDict()
        self._loading = threading.Lock()  # one at a time: two at once would add up their peaks
        self._lock = threading.Lock()

    def __contains__(self, key: tuple[str, bool]) -> bool:
        """Tell whether (name, trained) is in memory."""
        return key in self._models

    def get(self, name: str, *, trained: bool = True) -> Model:
        """Take a network, loading it where it is not here yet; callers wait for one another.

        Raises:
            WeightsError: its weights are not on this machine.
        """
        key = (name, trained)
        found = self._find(key)
        if found is not None:
            return found
        with self._loading:
            found = self._find(key)
            if found is None:
                weights = "trained" if trained else None
                found = self._load(name, self.device, self.backend, weights=weights)
                with self._lock:
                    self._models[key] = found
                    self._shrink()
        return found

    def _find(self, key: tuple[str, bool]) -> Model | None:
        with self._lock:
            if key in self._models:
                self._models.move_to_end(key)
            return self._models.get(key)

    def _shrink(self) -> None:
        while len(self._models) > 1 and self._total() > self.budget_bytes:
            self._models.popitem(last=False)

    def _total(self) -> int:
        return sum(model.size_bytes for model in self._models.values())
