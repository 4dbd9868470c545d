"""Features of the page's collections: extracted step by step, once, with all that one run gives."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.balanced_part import Indices, balanced_part
from visualizer.analyses.features import POWER, Array, FeatureShelf, feature_steps
from visualizer.analyses.kept import Endings, Kept
from visualizer.errors import VisualizerError
from visualizer.maths.area import shrink
from visualizer.maths.global_pooling import global_pool
from visualizer.maths.neighbours import Index
from visualizer.runtime.collection import Collection
from visualizer.runtime.framing import FRAMINGS
from visualizer.runtime.graph import SOFTMAX
from visualizer.runtime.model import Model
from visualizer.zoo.spec import ModelSpec

BUDGET_BYTES = 512 * 2**20
AT_ONCE_BYTES = BUDGET_BYTES // 2
PIXEL_BYTES = 128 * 2**20
INDEX_BYTES = 512 * 2**20  # vectors once more, ready for search
PIXEL_SIDE = 32
PIXELS, PREDICTIONS = "their pixels", "their predictions"  # beside the layers' names

Bytes = NDArray[np.uint8]
Progress = tuple[int, int]


@dataclass(frozen=True)
class Subject:
    """A network looking at a collection, or at a balanced part of ``limit`` of its pictures."""

    model: Model
    collection: Collection
    limit: int | None = None
    pool: str = "average"
    power: float = POWER
    framing: str = FRAMINGS[0]

    @property
    def indices(self) -> Indices:
        """Tell which pictures of the collection take part: (n,)."""
        return balanced_part(self.collection, self.limit)

    @property
    def count(self) -> int:
        """Count the pictures that take part."""
        total = len(self.collection)
        return total if self.limit is None else min(self.limit, total)

    def key(self, layer: str) -> tuple[str, ...]:
        """Name one layer's features."""
        pool = "average" if layer in (PIXELS, PREDICTIONS) else self.pool
        own = FeatureShelf.key(
            self.model, self.collection, layer, pool, power=self.power, framing=self.framing
        )
        return (*own, str(self.count))

    def size(self, layer: str) -> int:
        """Count the values of one picture's features."""
        found = self.model.layer(layer)
        global_pool(np.zeros((1, 1, 1, 1), np.float32), self.pool, power=self.power)  # known?
        return found.cells if self.pool == "flatten" else found.output_shape[0]


@dataclass(frozen=True)
class Gathered:
    """What one run over the pictures gives.

    Shapes: each layer's features (n, d) float32; predictions (n,) int32 with their probabilities;
    pixels (n, cells) uint8, see :func:`seen_pixels`.
    """

    features: Mapping[str, Array]
    predictions: NDArray[np.int32]
    probabilities: Array
    pixels: Bytes


class FeatureStore:
    """Features, predictions, pixels and search indices, forgotten with their collection."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES, index_bytes: int = INDEX_BYTES) -> None:
        self.shelf = FeatureShelf(budget_bytes)
        self.pixels: Kept[Bytes] = Kept(PIXEL_BYTES, lambda pixels: pixels.nbytes)
        self.indices: Kept[Index] = Kept(index_bytes, _index_bytes)
        self.endings = Endings(self.shelf, self.pixels, self.indices)

    def known(self, subject: Subject, layers: Sequence[str]) -> Gathered | None:
        """Recall all that is wanted; None where anything of it is missing."""
        self._check(subject, layers)
        found = {name: self.shelf.get(subject.key(name)) for name in layers}
        predictions = self.shelf.get(subject.key(PREDICTIONS))
        pixels = self.pixels.get(subject.key(PIXELS))
        kept = {name: one for name, one in found.items() if one is not None}
        if len(kept) < len(found) or predictions is None or pixels is None:
            return None
        return _gathered(kept, predictions, pixels)

    def steps(self, subject: Subject, layers: Sequence[str]) -> Generator[Progress, None, Gathered]:
        """Extract what is missing, picture by picture; the generator returns all that is wanted.

        Raises:
            UnknownNameError, VisualizerError, PictureError: as ``extract_features``.
        """
        found = self.known(subject, layers)
        if found is not None:
            return found
        self.endings.watch(subject.collection)
        kept = {name: self.shelf.get(subject.key(name)) for name in layers}
        features = {name: one for name, one in kept.items() if one is not None}
        missing = [name for name in layers if name not in features]
        part = subject.collection
        if subject.count < len(part):
            part = part.part(subject.indices)
        pixels: list[Bytes] = []
        yield 0, len(part)
        for step in feature_steps(
            subject.model, part, list(dict.fromkeys([*missing, SOFTMAX])), subject.pool,
            power=subject.power, framing=subject.framing,
            on_batch=lambda _, batch: pixels.append(seen_pixels(batch, subject.model.spec)),
        ):  # fmt: skip
            yield step.done, step.total
        predictions = _strongest(step.vectors[SOFTMAX])
        fresh = {name: step.vectors[name] for name in missing}
        for name, vectors in (*fresh.items(), (PREDICTIONS, predictions)):
            self.shelf.keep(subject.key(name), vectors)
        together = np.concatenate(pixels)
        self.pixels.keep(subject.key(PIXELS), subject.collection.digest, together)
        return _gathered({**features, **fresh}, predictions, together)

    def index(self, subject: Subject, layer: str, metric: str, vectors: NDArray[Any]) -> Index:
        """Make the features of a layer, or the pixels, ready for search, once."""
        key = (*subject.key(layer), metric)
        found = self.indices.get(key)
        if found is None:
            self.endings.watch(subject.collection)
            found = self.indices.keep(key, subject.collection.digest, Index(vectors, metric))
        return found

    def known_index(self, key: tuple[str, ...], metric: str) -> Index | None:
        """Recall what :meth:`index` made, or make it again; None where the features are gone."""
        found = self.indices.get((*key, metric))
        if found is None:
            vectors = self.shelf.get(key)
            if vectors is not None:
                found = self.indices.keep((*key, metric), key[0], Index(vectors, metric))
        return found

    def forget_network(self, name: str) -> None:
        """Drop all that networks gave whose names begin with ``name``."""
        self.shelf.forget_network(name)
        self.pixels.forget_where(lambda key, _: key[1].startswith(name))
        self.indices.forget_where(lambda key, _: key[1].startswith(name))

    def _check(self, subject: Subject, layers: Sequence[str]) -> None:
        size = sum(subject.size(name) for name in dict.fromkeys(layers))
        if 4 * subject.count * size > AT_ONCE_BYTES:
            raise VisualizerError(
                f"{subject.count:,} pictures with {size:,} values each take "
                f"{4 * subject.count * size / 2**30:.2f} GiB; this page keeps at most "
                f"{AT_ONCE_BYTES / 2**30:g} GiB. Pool over space, or take at most "
                f"{AT_ONCE_BYTES // (4 * size):,} pictures."
            )


def seen_pixels(batch: Array, spec: ModelSpec) -> Bytes:
    """Give the pixels that the network sees, none larger than 32 × 32, as one row a picture.

    Shapes: (b, C, h, w), normalised -> (b, C · min(h, 32) · min(w, 32)) uint8.
    """
    mean, std = (np.array(values, np.float32)[:, None, None] for values in (spec.mean, spec.std))
    height, width = (min(side, PIXEL_SIDE) for side in batch.shape[2:])
    levels = shrink(255 * (batch * std + mean), height, width)
    return np.rint(levels).clip(0, 255).astype(np.uint8).reshape(len(batch), -1)


def _strongest(probabilities: Array) -> Array:
    best = probabilities.argmax(axis=1)
    return np.stack([best.astype(np.float32), probabilities[np.arange(len(best)), best]], axis=1)


def _gathered(features: Mapping[str, Array], predictions: Array, pixels: Bytes) -> Gathered:
    best = predictions[:, 0].astype(np.int32)
    return Gathered(features, best, np.ascontiguousarray(predictions[:, 1]), pixels)


def _index_bytes(index: Index) -> int:
    return index.raw.nbytes + (index.vectors.nbytes if index.vectors is not index.raw else 0)
