"""Indices of top patches, kept as long as their collection is, within a memory budget."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from visualizer.analyses.patch_index import PatchIndex, Peak
from visualizer.analyses.top_patches import inputs
from visualizer.runtime.collection import Collection
from visualizer.runtime.model import Array, Model

BUDGET_BYTES = 128 * 2**20
ANSWERS_MOST = 64  # up to about 100 kB each
INPUTS_MOST = 24  # pictures as a network takes them, 600 kB for ImageNet's

Key = tuple[str, str, str]  # network, weights, framing


@dataclass(eq=False)
class Findings:
    """An index, and the pictures lately made from it."""

    index: PatchIndex
    used: int = 0
    _answers: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _inputs: OrderedDict[int, Array] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def size_bytes(self) -> int:
        """Tell how much memory the index and the networks' inputs take."""
        return self.index.size_bytes + sum(one.nbytes for one in list(self._inputs.values()))

    def inputs(self, model: Model, collection: Collection, found: Sequence[Peak]) -> Array:
        """Prepare pictures for the network, or find them prepared: (N, C, H, W) float32."""
        made = [self._input(model, collection, peak) for peak in found]
        return np.concatenate([np.zeros((0, *model.spec.input_shape), np.float32), *made])

    def _input(self, model: Model, collection: Collection, peak: Peak) -> Array:
        with self._lock:
            made = self._inputs.get(peak.picture)
        if made is None:
            made = inputs(model, collection, [peak], self.index.framing)
        with self._lock:
            self._inputs[peak.picture] = made
            self._inputs.move_to_end(peak.picture)
            while len(self._inputs) > INPUTS_MOST:
                self._inputs.popitem(last=False)
        return made

    def known(self, key: Hashable) -> Any:
        """Find what was made before; None where nothing was."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, key: Hashable, answer: Any) -> None:
        """Keep something made, in place of what was asked for least recently."""
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > ANSWERS_MOST:
                self._answers.popitem(last=False)

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Find what was made before, or make and keep it."""
        found = self.known(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found


class PatchIndices:
    """One index for each network and collection; what belongs to a collection goes with it."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self.budget_bytes = budget_bytes
        self._found: WeakKeyDictionary[Collection, dict[Key, Findings]] = WeakKeyDictionary()
        self._lock = threading.Lock()
        self._clock = itertools.count(1)

    def get(self, model: Model, collection: Collection, framing: str = "crop") -> Findings:
        """Find the index, or begin one with nothing in it; the least recently used make room."""
        key = (model.name, model.weights, framing)
        with self._lock:
            own = self._found.setdefault(collection, {})
            if key not in own:
                own[key] = Findings(PatchIndex(model, collection, framing=framing))
            found = own[key]
            found.used = next(self._clock)
            self._shrink(found)
        return found

    def forget_network(self, name: str) -> None:
        """Drop the indices of networks whose names begin with ``name``."""
        with self._lock:
            for own in self._found.values():
                for key in [key for key in own if key[0].startswith(name)]:
                    del own[key]

    @property
    def size_bytes(self) -> int:
        """Tell how much memory all indices take."""
        return sum(one.size_bytes for own in self._found.values() for one in own.values())

    def _shrink(self, newest: Findings) -> None:
        while self.size_bytes > self.budget_bytes:
            every = [(f.used, own, key) for own in self._found.values() for key, f in own.items()]
            _, own, key = min(every, key=lambda one: one[0])
            if own[key] is newest:
                return
            del own[key]
