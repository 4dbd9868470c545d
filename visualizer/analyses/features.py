"""Features: what a layer says about each picture of a collection, as one vector."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import VisualizerError
from visualizer.maths.global_pooling import POOLS, POWER, global_pool
from visualizer.maths.neighbours import matrix
from visualizer.runtime.collection import Collection, collected
from visualizer.runtime.framing import network_batch
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource, Pixels
from visualizer.runtime.segment import between

__all__ = ["POOLS", "POWER", "FeatureShelf", "Features", "classifier_input", "extract_features"]

Array = NDArray[np.float32]
Pictures = Collection | Sequence[PictureSource] | NDArray[Any]

LIMIT_BYTES = 2**30
BATCH_MOST = 256
FILES_MOST = 32
BATCH_MACS = 4e9  # about a tenth of a second
BATCH_CELLS = 16 * 2**20  # of all wanted layers together: 64 MiB


@dataclass(frozen=True)
class Features:
    """Vectors of the pictures seen so far: ``done`` of ``total``, each layer's (done, d)."""

    done: int
    total: int
    vectors: Mapping[str, Array]


def extract_features(
    model: Model,
    pictures: Pictures,
    layer: str | None = None,
    pool: str = "average",
    *,
    power: float = POWER,
    framing: str = "crop",
    on_progress: Callable[[int, int], object] | None = None,
) -> Array:
    """Give one vector per picture: a layer's maps, each reduced to one number by ``pool``.

    ``pool`` is average, sum, max, generalised-mean or flatten; without a ``layer`` the classifier's
    input is taken (:func:`classifier_input`). ``on_progress(done, total)`` is called after every
    batch; what it returns does not matter.

    Shapes: n pictures, as a collection, a list, or an array (n, H, W, 3) uint8 -> (n, d) float32.

    Raises:
        UnknownNameError: no such layer or pooling.
        VisualizerError: too many values for the memory limit, or values that are no numbers.
        CollectionError, PictureError: no picture, or one that cannot be read.

    Source: Donahue et al., DeCAF, arXiv:1310.1531; Babenko & Lempitsky, arXiv:1510.07493 (sums).
    """
    name = classifier_input(model) if layer is None else layer
    for found in feature_steps(model, pictures, [name], pool, power=power, framing=framing):
        if on_progress is not None:
            on_progress(found.done, found.total)
    return matrix(found.vectors[name])


def feature_steps(
    model: Model,
    pictures: Pictures,
    layers: Sequence[str],
    pool: str = "average",
    *,
    power: float = POWER,
    framing: str = "crop",
    on_batch: Callable[[int, Array], object] | None = None,
) -> Iterator[Features]:
    """Extract several layers at once, batch by batch; the last :class:`Features` are complete.

    One step takes a fraction of a second, so that a caller can stop in between. ``softmax`` among
    the layers gives the predictions without another run; ``on_batch(start, batch)`` sees what the
    network saw, (b, C, h, w), from picture ``start`` on.

    Raises:
        UnknownNameError, VisualizerError, CollectionError, PictureError: as extract_features.
    """
    collection = as_collection(pictures)
    total = len(collection)
    vectors = {
        name: np.empty((total, size), np.float32)
        for name, size in _sizes(model, layers, pool, power, total).items()
    }
    segment = between(model.graph, (INPUT,), tuple(vectors))
    rows = batch_rows(model, layers)
    if collection.array is None:  # files, each to be decoded
        rows = min(rows, FILES_MOST)
    for start in range(0, total, rows):
        stop = min(start + rows, total)
        batch = network_batch(_pictures(collection, start, stop), model.spec, framing)
        if on_batch is not None:
            on_batch(start, batch)
        for name, maps in zip(vectors, model.evaluate(segment, [batch]), strict=True):
            vectors[name][start:stop] = global_pool(maps, pool, power=power)
        yield Features(stop, total, {name: part[:stop] for name, part in vectors.items()})


def pixel_features(model: Model, pictures: Pictures, framing: str = "crop") -> Array:
    """Give the pixels that the network sees, in [0, 1], as features: what deep ones have to beat.

    Shapes: n pictures -> (n, C h w) float32.
    """
    collection = as_collection(pictures)
    channels, height, width = model.spec.input_shape
    _check_memory(INPUT, len(collection), channels * height * width)
    mean, std = (np.array(v, np.float32)[:, None, None] for v in (model.spec.mean, model.spec.std))
    found = np.empty((len(collection), channels * height * width), np.float32)
    for start in range(0, len(collection), BATCH_MOST):
        pictures = _pictures(collection, start, min(start + BATCH_MOST, len(collection)))
        values = network_batch(pictures, model.spec, framing) * std + mean
        found[start : start + len(values)] = values.reshape(len(values), -1)
    return found


def classifier_input(model: Model) -> str:
    """Name the layer that the last fully connected layer reads; without one, the CAM layer."""
    last = model.graph[model.logits]
    return last.inputs[0] if last.op == "linear" else model.spec.cam_layer


def as_collection(pictures: Pictures) -> Collection:
    """Take a collection as it is; gather anything else into one.

    Raises:
        CollectionError, PictureError: no picture, or one that cannot be read.
        VisualizerError: a single picture where several are needed.
    """
    if isinstance(pictures, Collection):
        return pictures
    single = isinstance(pictures, str | bytes) or (
        isinstance(pictures, np.ndarray) and pictures.ndim != 4
    )
    if single:
        raise VisualizerError(
            "One picture is not a collection. Put it into a list, or give an array of shape "
            "(pictures, height, width, 3)."
        )
    if isinstance(pictures, np.ndarray) and pictures.dtype == np.uint8 and pictures.shape[3] == 3:
        return collected(pictures, name="own", title="Own pictures")
    return Collection.of(pictures)


def _pictures(collection: Collection, start: int, stop: int) -> Pixels | list[Pixels]:
    if collection.array is not None:
        return collection.array[start:stop]
    return [collection.pixels(index) for index in range(start, stop)]


def batch_rows(model: Model, layers: Sequence[str]) -> int:
    """Choose how many pictures one step takes: the same on every machine, so are the features."""
    cells = sum(model.layer(name).cells for name in layers) + model.graph[INPUT].cells
    return int(max(1, min(BATCH_MOST, BATCH_MACS // max(macs(model), 1), BATCH_CELLS // cells)))


def macs(model: Model) -> int:
    """Estimate the multiply-accumulates of one run over one picture."""
    return sum(
        layer.parameters * layer.output_shape[1] * layer.output_shape[2] for layer in model.layers
    )


def _sizes(
    model: Model, layers: Sequence[str], pool: str, power: float, total: int
) -> dict[str, int]:
    sizes = {}
    for name in dict.fromkeys(layers):
        shape = model.layer(name).output_shape
        global_pool(np.zeros((1, 1, 1, 1), np.float32), pool, power=power)  # refuses bad names
        sizes[name] = shape[0] if pool != "flatten" else model.layer(name).cells
    if not sizes:
        raise VisualizerError("No layer is named to take features from; name at least one.")
    _check_memory(", ".join(sizes), total, sum(sizes.values()))
    return sizes


def _check_memory(what: str, total: int, size: int) -> None:
    if 4 * total * size > LIMIT_BYTES:
        raise VisualizerError(
            f"{total:,} pictures with {size:,} values each ({what}) take "
            f"{4 * total * size / 2**30:.1f} GiB; the limit is {LIMIT_BYTES / 2**30:.0f} GiB. "
            f"Pool over space, or take at most {LIMIT_BYTES // (4 * size):,} pictures."
        )


class FeatureShelf:
    """Remembers features by network, layer, pooling and collection; the oldest go first."""

    def __init__(self, budget_bytes: int = 256 * 2**20) -> None:
        self.budget_bytes = budget_bytes
        self._kept: OrderedDict[tuple[str, ...], Array] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def key(
        model: Model,
        collection: Collection,
        layer: str,
        pool: str,
        *,
        power: float = POWER,
        framing: str = "crop",
    ) -> tuple[str, ...]:
        """Name features: the collection by its digest, the network with its weights."""
        how = f"{pool} {power:g}" if pool == "generalised-mean" else pool
        return (collection.digest, model.name, model.weights, layer, how, framing)

    @property
    def size_bytes(self) -> int:
        """Tell how much is kept at present."""
        return sum(vectors.nbytes for vectors in self._kept.values())

    def get(self, key: tuple[str, ...]) -> Array | None:
        """Recall features, None where they are not known (any more)."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: tuple[str, ...], vectors: Array) -> None:
        """Remember features; what no longer fits the budget is forgotten."""
        with self._lock:
            self._kept[key] = vectors
            self._kept.move_to_end(key)
            while self._kept and self.size_bytes > self.budget_bytes:
                self._kept.popitem(last=False)

    def forget(self, digest: str) -> None:
        """Drop all features of one collection."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == digest]:
                del self._kept[key]

    def forget_network(self, name: str) -> None:
        """Drop the features of networks whose names begin with ``name``."""
        with self._lock:
            for key in [key for key in self._kept if key[1].startswith(name)]:
                del self._kept[key]
