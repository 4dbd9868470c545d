"""What a network did with a picture: computed once for all, kept within a memory budget."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.feature_maps import LayerSummary, summarise
from visualizer.analyses.prediction import Prediction, strongest
from visualizer.analyses.turns import Turns
from visualizer.errors import BusyError
from visualizer.runtime.graph import SOFTMAX
from visualizer.runtime.model import Model
from visualizer.zoo import labels

Array = NDArray[np.float32]
Key = tuple[str, str, str]  # network and weights, picture's digest, framing

BUDGET_BYTES = 768 * 2**20
CHUNK_BYTES = 64 * 2**20  # the most one run hands over: bounds a visitor's peak
WAITING_LIMIT = 24  # the web server has 40 threads; menus and known answers need some
TOP = 5


@dataclass(frozen=True)
class Observation:
    """One run: the prediction, a summary per layer in order, and how long the network took."""

    top: tuple[Prediction, ...]
    summaries: tuple[LayerSummary, ...]
    time_ms: float


class Observer:
    """Runs networks and remembers what they produced, the least recently used forgotten first.

    Layers' values are kept up to ``budget_bytes`` in all; one run hands over at most about
    ``chunk_bytes`` at a time, so that memory stays bounded whatever the network. Nothing is kept
    of a picture, named by its digest, that is no longer ``alive``, nor of a network, named with its
    weights, that nobody ``knows`` any longer.
    """

    def __init__(
        self,
        budget_bytes: int = BUDGET_BYTES,
        chunk_bytes: int = CHUNK_BYTES,
        workers: int = 1,
        *,
        alive: Callable[[str], bool] = lambda _digest: True,
        knows: Callable[[str], bool] = lambda _network: True,
        turns: Turns | None = None,
    ) -> None:
        self.alive = alive
        self.knows = knows
        self.turns = Turns() if turns is None else turns
        self.budget_bytes = budget_bytes
        self.chunk_bytes = chunk_bytes
        self._observations: OrderedDict[Key, Observation] = OrderedDict()
        self._maps: OrderedDict[tuple[Key, str], NDArray[Any]] = OrderedDict()
        self._size_bytes = 0
        self._lock = threading.Lock()
        self._running = threading.Semaphore(workers)
        self._busy: dict[Key, threading.Lock] = {}
        self._waiting = 0

    @property
    def size_bytes(self) -> int:
        """Tell how much is kept at present."""
        return self._size_bytes

    def observe(
        self, model: Model, key: Key, batch: Callable[[], Array]
    ) -> tuple[Observation, bool]:
        """Run every layer once; the flag tells whether the answer was known already.

        ``batch`` makes the network's input (1, C, H, W) and is asked only when it is needed.

        Raises:
            BusyError: too many pictures wait for their turn.
        """
        with self._lock:
            known = self._observations.get(key)
        if known is not None:
            return known, True
        with self._turn(key):
            known = self._observations.get(key)
            if known is not None:
                return known, True
            observation = self._run(model, key, batch())
            with self._lock:
                if self.alive(key[1]) and self.knows(key[0]):
                    self._observations[key] = observation
                while len(self._observations) > 4096:
                    self._observations.popitem(last=False)
            return observation, False

    def maps(self, model: Model, key: Key, layer: str, batch: Callable[[], Array]) -> Array:
        """Get what ``layer`` produced, (C, H, W), from memory or by running the network again."""
        return self.gather(model, key, [layer], batch)[layer]

    def gather(
        self, model: Model, key: Key, layers: Collection[str], batch: Callable[[], Array]
    ) -> dict[str, Array]:
        """Get what several layers produced; those no longer in memory take one run together."""
        for layer in layers:
            model.layer(layer)
        found, missing = self._look(key, layers)
        if missing:
            with self._turn(key):
                again, missing = self._look(key, missing)
                found |= again
                if missing:
                    for layer, values in model.values(batch(), missing).items():
                        found[layer] = values[0].copy()
                        self._keep(key, layer, found[layer])
        return found

    def note(self, key: Key, name: str, answer: NDArray[Any]) -> None:
        """Keep what was worked out from a picture under a name that no layer has; as long as it."""
        self._keep(key, name, answer)

    def noted(self, key: Key, name: str) -> NDArray[Any] | None:
        """Give what :meth:`note` kept, where it is still here."""
        return self._recall(key, name)

    def forget(self, digest: str) -> None:
        """Drop all that is known of one picture."""
        with self._lock:
            for key in [key for key in self._observations if key[1] == digest]:
                del self._observations[key]
            for entry in [entry for entry in self._maps if entry[0][1] == digest]:
                self._size_bytes -= self._maps.pop(entry).nbytes

    def forget_network(self, name: str) -> None:
        """Drop all that networks saw whose names begin with ``name``."""
        with self._lock:
            for key in [key for key in self._observations if key[0].startswith(name)]:
                del self._observations[key]
            for entry in [entry for entry in self._maps if entry[0][0].startswith(name)]:
                self._size_bytes -= self._maps.pop(entry).nbytes

    def _run(self, model: Model, key: Key, batch: Array) -> Observation:
        summaries: list[LayerSummary] = []
        elapsed_s = 0.0
        probabilities = np.zeros(0, np.float32)
        for names in self._chunks(model):
            start = time.perf_counter()
            values = model.values(batch, names)
            elapsed_s += time.perf_counter() - start
            for name in names:
                maps = values[name][0]
                summaries.append(summarise(maps))
                self._keep(key, name, maps.copy())  # else the runtime's own memory would be held
            if SOFTMAX in values:
                probabilities = values[SOFTMAX][0, :, 0, 0]
        top = strongest(probabilities, labels(model.spec), TOP)
        return Observation(tuple(top), tuple(summaries), 1000 * elapsed_s)

    def _chunks(self, model: Model) -> Iterator[list[str]]:
        names: list[str] = []
        size_bytes = 0
        for layer in model.graph.layers:
            if names and size_bytes + 4 * layer.cells > self.chunk_bytes:
                yield names
                names, size_bytes = [], 0
            names.append(layer.name)
            size_bytes += 4 * layer.cells
        yield names

    def _recall(self, key: Key, layer: str) -> NDArray[Any] | None:
        with self._lock:
            found = self._maps.get((key, layer))
            if found is not None:
                self._maps.move_to_end((key, layer))
            return found

    def _look(self, key: Key, layers: Collection[str]) -> tuple[dict[str, Array], list[str]]:
        known = {layer: self._recall(key, layer) for layer in layers}
        found = {layer: maps for layer, maps in known.items() if maps is not None}
        return found, [layer for layer in known if layer not in found]

    def _keep(self, key: Key, layer: str, maps: NDArray[Any]) -> None:
        with self._lock:
            if not (self.alive(key[1]) and self.knows(key[0])):
                return  # the visitor left while the network ran
            old = self._maps.pop((key, layer), None)
            self._size_bytes += maps.nbytes - (0 if old is None else old.nbytes)
            self._maps[key, layer] = maps
            while self._size_bytes > self.budget_bytes and self._maps:
                _, dropped = self._maps.popitem(last=False)
                self._size_bytes -= dropped.nbytes

    @contextmanager
    def _turn(self, key: Key) -> Iterator[None]:
        """Wait for the same picture's run, then for a free worker."""
        with self._lock:
            if self._waiting >= WAITING_LIMIT:
                raise BusyError(
                    f"{self._waiting} pictures are waiting for this server, its limit. "
                    "Try again in a few seconds."
                )
            self._waiting += 1
            own = self._busy.setdefault(key, threading.Lock())
        try:
            with own, self._running, self.turns.short():
                yield
        finally:
            with self._lock:
                self._waiting -= 1
                self._busy.pop(key, None)
