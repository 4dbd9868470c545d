"""Where in many pictures each channel answers most: found once, in batches, for all layers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.framing import network_input
from visualizer.runtime.graph import INPUT, SOFTMAX
from visualizer.runtime.guided import CEILINGS
from visualizer.runtime.model import Array, Model
from visualizer.runtime.segment import between

KEPT = 9
CHUNK_BYTES = 48 * 2**20  # what one step's layers may take, where a picture's take less
BATCH_MOST = 256
FEW_LAYERS = 8  # a part of the network that ends there runs faster than all of it


@dataclass(frozen=True)
class Peak:
    """A channel's greatest value in one picture, and the cell where it lies.

    ``before`` is the value that the layer's own rectifier was given: above 6 at ReLU6's ceiling.
    """

    picture: int
    value: float
    row: int
    column: int
    before: float


def indexable(model: Model) -> list[str]:
    """List the layers whose channels a picture can drive: all between input and probabilities."""
    return [layer.name for layer in model.layers if layer.name != SOFTMAX]


class PatchIndex:
    """The ``kept`` strongest pictures of every channel of ``layers``, one cell in each.

    :meth:`advance` looks at the next few pictures, until :attr:`complete`; what was found so far
    can be read meanwhile. A rectifier's channels are ranked by what it was given, which tells apart
    those at its ceiling. Of equal values the earlier picture wins, in one map the first cell in
    reading order. Maps with values that are not numbers count by their other values. Neither the
    network nor the pictures are kept.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        VisualizerError: fewer than one picture is to be kept.
    """

    def __init__(
        self,
        model: Model,
        collection: Collection,
        layers: Sequence[str] | None = None,
        *,
        kept: int = KEPT,
        framing: str = "crop",
    ) -> None:
        if kept < 1:
            raise VisualizerError(f"{kept} patches are too few to show; ask for 1 or more.")
        self.framing = framing
        self.layers = indexable(model) if layers is None else list(layers)
        self.total = len(collection)
        self.indexed = 0
        self._reads = {name: unrectified(model, name) for name in self.layers}
        self._ranked = list(dict.fromkeys(source for source, _ in self._reads.values()))
        self._shapes = {name: model.layer(name).output_shape for name in self._ranked}
        channels = [shape[0] for shape in self._shapes.values()]
        starts = np.cumsum([0, *channels]).tolist()
        self._start = dict(zip(self._ranked, starts, strict=False))
        cells = sum(int(np.prod(shape)) for shape in self._shapes.values())
        self._batch = max(1, min(BATCH_MOST, CHUNK_BYTES // (4 * cells)))
        size = (starts[-1], min(kept, self.total))
        self._values = np.full(size, -np.inf, np.float32)
        self._pictures = np.full(size, -1, np.int32)
        self._cells = np.zeros(size, np.int32)
        self._lock = threading.Lock()

    @property
    def complete(self) -> bool:
        """Tell whether every picture was looked at."""
        return self.indexed >= self.total

    @property
    def size_bytes(self) -> int:
        """Tell how much memory the findings take."""
        return self._values.nbytes + self._pictures.nbytes + self._cells.nbytes

    def advance(self, model: Model, collection: Collection) -> None:
        """Look at the next batch of pictures; several callers share the work."""
        with self._lock:
            places = range(self.indexed, min(self.indexed + self._batch, self.total))
            if not places:
                return
            batch = np.concatenate(
                [network_input(collection.pixels(i), model.spec, self.framing) for i in places]
            )
            found = [peaks(values) for values in self._run(model, batch)]
            self._merge(
                np.concatenate([cells for cells, _ in found], axis=1),
                np.concatenate([values for _, values in found], axis=1),
                np.asarray(places, np.int32),
            )
            self.indexed = places.stop

    def top(self, layer: str, channel: int) -> tuple[Peak, ...]:
        """List a channel's strongest pictures so far, the strongest first."""
        return self.known(layer, channel)[0]

    def known(self, layer: str, channel: int) -> tuple[tuple[Peak, ...], int]:
        """List a channel's strongest pictures, and count those looked at when they were.

        Raises:
            VisualizerError: no such channel, or ``layer`` is none of :attr:`layers`.
        """
        if layer not in self._reads:
            raise VisualizerError(f"{layer!r} was not looked at; choose another layer.")
        source, ceiling = self._reads[layer]
        count, _, width = self._shapes[source]
        if not 0 <= channel < count:
            raise VisualizerError(
                f"Channel {channel} is outside {layer}, which has {count}: 0 to {count - 1}."
            )
        place = self._start[source] + channel
        with self._lock:
            kept = np.flatnonzero(self._pictures[place] >= 0)
            found = [own[place, kept] for own in (self._pictures, self._values, self._cells)]
            indexed = self.indexed
        listed = []
        for picture, before, cell in zip(*(part.tolist() for part in found), strict=True):
            value = before if ceiling is None else min(max(before, 0.0), ceiling)
            row, column = divmod(cell, width)
            listed.append(Peak(picture, value, row, column, before))
        return tuple(listed), indexed

    def _run(self, model: Model, batch: Array) -> list[Array]:
        if len(self._ranked) <= FEW_LAYERS:
            segment = between(model.graph, (INPUT,), self._ranked)
            return model.evaluate(segment, [batch])
        values = model.values(batch, self._ranked)
        return [values[name] for name in self._ranked]

    def _merge(self, cells: NDArray[np.intp], values: Array, pictures: NDArray[np.int32]) -> None:
        """Take in what (B, channels) pictures reached, where it is among the strongest."""
        kept = self._values.shape[1]
        changed = np.flatnonzero((values > self._values[:, -1]).any(axis=0))
        joined = np.concatenate([self._values[changed], values[:, changed].T], axis=1)
        order = np.argsort(-joined, axis=1, kind="stable")[:, :kept]
        again = np.broadcast_to(pictures, (len(changed), len(pictures)))
        for own, new in ((self._pictures, again), (self._cells, cells[:, changed].T)):
            both = np.concatenate([own[changed], new], axis=1)
            own[changed] = np.take_along_axis(both, order, axis=1)
        self._values[changed] = np.take_along_axis(joined, order, axis=1)


def unrectified(model: Model, layer: str) -> tuple[str, float | None]:
    """Name what a rectifier is given, and its ceiling; another layer itself, and None.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
    """
    step = model.layer(layer)
    if step.op not in CEILINGS or step.inputs[0] == INPUT:
        return layer, None
    return step.inputs[0], CEILINGS[step.op]


def peaks(maps: Array) -> tuple[NDArray[np.intp], Array]:
    """Find each map's greatest value and its first cell in reading order.

    Shapes: (N, C, h, w) -> cells (N, C), row times width plus column; values (N, C). A map without
    any number has the value -infinity.
    """
    flat = maps.reshape(*maps.shape[:2], -1)
    cells = flat.argmax(axis=2)
    values = np.take_along_axis(flat, cells[:, :, None], axis=2)[:, :, 0]
    broken = np.isnan(values)
    if broken.any():
        numbers = np.nan_to_num(flat[broken], nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        cells[broken], values[broken] = numbers.argmax(axis=1), numbers.max(axis=1)
    return cells, values
