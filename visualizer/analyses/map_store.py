"""Finished maps, kept to put new pictures onto them and to take them home as a table."""

from __future__ import annotations

import csv
import io
import secrets
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.embedding import Settings
from visualizer.analyses.embedding.placement import FrozenMap
from visualizer.analyses.feature_store import Subject
from visualizer.analyses.kept import Endings, Kept
from visualizer.errors import GoneError
from visualizer.maths.neighbours import Index, unit_length
from visualizer.maths.projection import Components, principal_components
from visualizer.runtime.collection import Collection

BUDGET_BYTES = 64 * 2**20
NEIGHBOURS = 10
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

WAYS = {
    "t-sne": "Placed by the gradient of t-SNE; no other point moves.",
    "pca": "Projected onto the same axes as all others.",
    "umap": "Placed at the mean of its ten nearest, the nearer the more.",
}


@dataclass(frozen=True)
class FinishedMap:
    """A map and what it was made of, without the pictures themselves.

    Shapes: indices (n,) into the collection; points (n, 2) or (n, 3); labels (n,) or None;
    predictions (n,). ``key`` names the features, ``components`` are those of PCA.
    """

    net: str
    trained: bool
    layer: str
    pool: str
    power: float
    key: tuple[str, ...]
    method: str
    settings: Settings
    indices: NDArray[np.int32]
    points: NDArray[np.float64]
    labels: NDArray[np.int64] | None
    classes: tuple[str, ...]
    names: tuple[str, ...]
    predictions: NDArray[np.int32]
    components: Components | None = None

    @property
    def size_bytes(self) -> int:
        """Estimate the memory it takes."""
        return self.points.nbytes + 24 * len(self.points) + 100 * len(self.names)


def finished(
    subject: Subject,
    layer: str,
    method: str,
    settings: Settings,
    points: NDArray[np.float64],
    predictions: NDArray[np.int32],
    components: Components | None = None,
) -> FinishedMap:
    """Note all that placing and the table need; the collection itself is not held."""
    whole, indices = subject.collection, subject.indices
    return FinishedMap(
        subject.model.name,
        subject.model.trained,
        layer,
        subject.pool,
        subject.power,
        subject.key(layer),
        method,
        settings,
        indices,
        points,
        None if whole.labels is None else whole.labels[indices],
        whole.classes,
        tuple(whole.names[int(index)] for index in indices) if whole.names else (),
        predictions,
        components,
    )


class MapStore:
    """Finished maps by secret ids, the least recently used forgotten first."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self.maps: Kept[FinishedMap] = Kept(budget_bytes, lambda one: one.size_bytes)
        self.endings = Endings(self.maps)

    def keep(self, made: FinishedMap, collection: Collection) -> str:
        """Keep a map as long as its collection; its id comes back."""
        name = secrets.token_hex(16)
        self.endings.watch(collection)
        self.maps.keep((name,), collection.digest, made)
        return name

    def forget_network(self, name: str) -> None:
        """Drop the maps of networks whose names begin with ``name``."""
        self.maps.forget_where(lambda _, one: one.net.startswith(name))

    def get(self, name: str) -> FinishedMap:
        """Find a map.

        Raises:
            GoneError: there is none, or no longer.
        """
        found = self.maps.get((name,))
        if found is None:
            raise GoneError("This map is no longer kept on the server. Make it again.")
        return found


@dataclass(frozen=True)
class Landed:
    """Where a new picture lies, (d,), and its nearest on the map, the nearest first."""

    point: NDArray[np.float64]
    neighbours: NDArray[np.intp]
    distances: NDArray[np.float32]


def pca_components(features: NDArray[Any], settings: Settings) -> Components:
    """Give the axes of a PCA map, to put further pictures onto it."""
    vectors = unit_length(features) if settings.metric == "cosine" else features
    return principal_components(vectors, settings.dimensions)


def land(on: FinishedMap, index: Index, feature: NDArray[Any]) -> Landed:
    """Put one new picture, by its features (d,), onto a finished map; no other point moves.

    Raises:
        VisualizerError: features of another length, or that are no numbers.
    """
    if on.method == "t-sne":
        frozen = FrozenMap(index, on.points, perplexity=on.settings.perplexity)
        landing = frozen.place(feature)
        if len(landing.neighbours) >= NEIGHBOURS:
            near, gaps = landing.neighbours[:NEIGHBOURS], landing.distances[:NEIGHBOURS]
            return Landed(landing.point, near, gaps)
        return Landed(landing.point, *index.nearest(feature, min(NEIGHBOURS, len(index))))
    near, gaps = index.nearest(feature, min(NEIGHBOURS, len(index)))
    if on.components is not None:
        row = np.asarray(feature, np.float32)[None]
        row = unit_length(row) if on.settings.metric == "cosine" else row
        point = (row[0] - on.components.mean) @ on.components.axes.T
        return Landed(point, near, gaps)
    shares = 1 / np.maximum(gaps.astype(np.float64), 1e-9)
    return Landed(shares @ on.points[near] / shares.sum(), near, gaps)


def as_table(of: FinishedMap, predicted: tuple[str, ...]) -> str:
    """Write a map as CSV: index, name, label, prediction, x, y (and z).

    Words that a spreadsheet would take for a formula get an apostrophe in front.
    """
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    axes = ("x", "y", "z")[: of.points.shape[1]]
    table.writerow(["index", "name", "label", "prediction", *axes])
    for place, index in enumerate(of.indices.tolist()):
        name = of.names[place] if of.names else ""
        label = "" if of.labels is None else of.classes[int(of.labels[place])]
        words = [_plain(word) for word in (name, label, predicted[of.predictions[place]])]
        table.writerow([index, *words, *(f"{value:.6g}" for value in of.points[place])])
    return file.getvalue()


def _plain(word: str) -> str:
    return f"'{word}" if word.startswith(FORMULA_SIGNS) else word
