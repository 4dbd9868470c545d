"""Which vectors are near: exact search, one matrix product for cosine and Euclidean distance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import UnknownNameError, VisualizerError

Array = NDArray[np.float32]
Indices = NDArray[np.intp]

METRICS = ("cosine", "l2", "l1")
BLOCK_CELLS = 4 * 2**20  # distances held at once: 16 MiB
SPARE = 16  # candidates beyond k that single precision may have put in the wrong order


class Neighbours(NamedTuple):
    """The nearest first. Shapes: both (k,) for one query, (m, k) for m."""

    indices: Indices
    distances: Array


class Index:
    """Vectors made ready for search: an exact search reads each of them once.

    Shapes: features (n, d). Distances: ``cosine`` is ``1 - a·b / (|a| |b|)``, ``l2`` is
    ``√Σ (a - b)²``, ``l1`` is ``Σ |a - b|``.

    Raises:
        UnknownNameError: no such metric.
        VisualizerError: values that are no numbers, or a vector of zeros, which has no angle.
    """

    def __init__(self, features: NDArray[Any], metric: str = "cosine") -> None:
        if metric not in METRICS:
            raise UnknownNameError(
                f"There is no metric {metric!r}; choose one of {', '.join(METRICS)}."
            )
        self.metric = metric
        self.raw = matrix(features)
        self.mean = np.zeros(self.raw.shape[1], np.float32)
        self.vectors = self.raw
        if metric == "cosine":
            self.vectors = unit_length(self.raw)
        elif metric == "l2":  # about the mean, so that the product's rounding stays small
            self.mean = self.raw.mean(axis=0, dtype=np.float64).astype(np.float32)
            self.vectors = self.raw - self.mean
        self.squares = np.einsum("nd,nd->n", self.vectors, self.vectors)

    def __len__(self) -> int:
        return len(self.raw)

    def distances(self, queries: Array) -> Array:
        """Measure all distances, in an order-preserving form for ``l2``: the squares.

        Shapes: (m, d) as :meth:`prepared` -> (m, n).
        """
        if self.metric == "l1":
            return np.stack([self._l1(query) for query in queries])
        products = queries @ self.vectors.T
        if self.metric == "cosine":
            return np.subtract(1, products, out=products)
        products *= -2
        products += self.squares
        products += np.einsum("md,md->m", queries, queries)[:, None]
        return np.maximum(products, 0, out=products)

    def prepared(self, queries: Array) -> Array:
        """Bring queries (m, d) into the form in which the vectors are kept."""
        return unit_length(queries) if self.metric == "cosine" else queries - self.mean

    def nearest(self, query: NDArray[Any], k: int = 10) -> Neighbours:
        """Find the ``k`` nearest vectors of one query (d,) or of several (m, d).

        Equal distances are ordered by index.

        Raises:
            VisualizerError: k or the query's length does not fit.
        """
        single = np.ndim(query) == 1
        queries = matrix(np.atleast_2d(query), what="query")
        check_count(k, len(self))
        if queries.shape[1] != self.raw.shape[1]:
            raise VisualizerError(
                f"The query has {queries.shape[1]} values, the features have "
                f"{self.raw.shape[1]}: take both from the same layer with the same pooling."
            )
        indices = np.empty((len(queries), k), np.intp)
        distances = np.empty((len(queries), k), np.float32)
        rows = max(1, BLOCK_CELLS // len(self))
        for start in range(0, len(queries), rows):
            block = self.distances(self.prepared(queries[start : start + rows]))
            for row, candidates in enumerate(_smallest(block, min(len(self), k + SPARE)), start):
                exact = self._exact(queries[row], candidates)
                order = np.lexsort((candidates, exact))[:k]
                indices[row], distances[row] = candidates[order], exact[order]
        return Neighbours(indices[0], distances[0]) if single else Neighbours(indices, distances)

    def _l1(self, query: Array) -> Array:
        rows = max(1, 2**18 // self.raw.shape[1])  # 1 MiB: stays in the processor's cache
        found = np.empty(len(self), np.float32)
        for start in range(0, len(self), rows):
            difference = self.raw[start : start + rows] - query
            np.abs(difference, out=difference).sum(axis=1, out=found[start : start + rows])
        return found

    def _exact(self, query: Array, candidates: Indices) -> NDArray[np.float64]:
        """Measure a few distances once more, in double precision and without cancellation."""
        vectors, query64 = self.raw[candidates].astype(np.float64), query.astype(np.float64)
        if self.metric == "cosine":
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            difference = vectors - query64 / np.linalg.norm(query64)
            return np.einsum("kd,kd->k", difference, difference) / 2  # |a - b|² = 2 - 2 a·b
        if self.metric == "l2":
            return np.linalg.norm(vectors - query64, axis=1)
        return np.abs(vectors - query64).sum(axis=1)


def nearest(
    features: NDArray[Any], query: NDArray[Any], k: int = 10, metric: str = "cosine"
) -> Neighbours:
    """Find the ``k`` vectors most similar to a query, the nearest first.

    Shapes: features (n, d), query (d,) or (m, d) -> indices and distances (k,) or (m, k). For many
    questions to the same features make an :class:`Index` once.

    Raises:
        UnknownNameError: no such metric.
        VisualizerError: sizes that do not fit, or values that are no numbers.
    """
    return Index(features, metric).nearest(query, k)


def graph(
    features: NDArray[Any], k: int, metric: str = "l2", *, rows: Indices | None = None
) -> Iterator[Neighbours]:
    """Find the ``k`` nearest others of every vector, or of ``rows``, block by block in order.

    Shapes: features (n, d) -> blocks of (b, k), the vector itself left out; ``cosine`` gives the
    Euclidean distance of vectors of length 1, ``√(2 - 2 cos)``, which orders them alike.

    Raises:
        UnknownNameError, VisualizerError: as :class:`Index`.
    """
    index = Index(features, metric)
    check_count(k, len(index) - 1)
    chosen = np.arange(len(index)) if rows is None else rows
    step = max(1, min(256, BLOCK_CELLS // len(index)))
    for start in range(0, len(chosen), step):
        own = chosen[start : start + step]
        block = index.distances(index.vectors[own])
        block[np.arange(len(own)), own] = np.inf
        indices = _smallest(block, k)
        found = np.take_along_axis(block, indices, axis=1)
        order = np.argsort(found, axis=1, kind="stable")
        found = np.take_along_axis(found, order, axis=1)
        if metric == "cosine":
            found = np.sqrt(np.maximum(2 * found, 0))
        elif metric == "l2":
            found = np.sqrt(found)
        yield Neighbours(np.take_along_axis(indices, order, axis=1), found)


def matrix(features: NDArray[Any], what: str = "picture") -> Array:
    """Check and convert (n, d) features to float32 without a copy where possible.

    Raises:
        VisualizerError: another shape, or values that are no numbers.
    """
    array = np.asarray(features)
    if array.ndim != 2 or 0 in array.shape:
        raise VisualizerError(
            f"Features have shape {array.shape}; they need (pictures, values), both at least 1. "
            "vz.extract_features gives them so."
        )
    if array.dtype.kind not in "fiub":
        raise VisualizerError(f"Features of type {array.dtype} are no numbers: give float32.")
    array = np.ascontiguousarray(array, dtype=np.float32)
    if not np.isfinite(array.sum(dtype=np.float64)):
        bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
        raise VisualizerError(
            f"{len(bad)} of {len(array)} rows hold values that are no finite numbers, the first "
            f"that of {what} {bad[0]}: leave these out, or check the network's weights."
        )
    return array


def unit_length(vectors: Array) -> Array:
    """Divide each row by its length.

    Raises:
        VisualizerError: a row of zeros, which has no direction.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not lengths.all():
        raise VisualizerError(
            f"{np.sum(lengths == 0)} of {len(vectors)} rows are all 0, the first is row "
            f"{np.argmin(lengths)}: they have no angle. Choose the metric 'l2', or another layer."
        )
    return vectors / lengths


def check_count(k: int, most: int) -> None:
    """Refuse a number of neighbours that is not there.

    Raises:
        VisualizerError: k below 1 or above ``most``.
    """
    if not 1 <= k <= most:
        raise VisualizerError(
            f"{k} neighbours cannot be found among {most}. Choose 1 to {most}, or add pictures."
        )


def _smallest(block: Array, k: int) -> Indices:
    if k >= block.shape[1]:
        return np.broadcast_to(np.arange(block.shape[1]), block.shape).copy()
    return np.argpartition(block, k - 1, axis=1)[:, :k]
