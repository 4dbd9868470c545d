"""The same pictures through the depth of a network: one map per layer, each laid on the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from numpy.typing import NDArray

from visualizer.analyses.embedding import frames
from visualizer.analyses.embedding.method import Frame, Points, Settings
from visualizer.maths.projection import align


class LayerFrame(NamedTuple):
    """One frame of one layer's map; ``finished`` marks the layer's last, which is aligned."""

    layer: str
    frame: Frame
    finished: bool


def layer_frames(
    features: Mapping[str, NDArray[Any]],
    method_id: str = "t-sne",
    settings: Settings | None = None,
    *,
    linked: bool = True,
) -> Iterator[LayerFrame]:
    """Grow one map per layer, in the given order, so that points keep their place where they can.

    ``linked`` starts each map from the finished one before it (t-SNE, UMAP); every finished map is
    turned and mirrored onto the one before. Neither changes who is near whom by much: starts only
    decide where groups lie.

    Shapes: features per layer (n, d), the same pictures in all.

    Raises:
        UnknownNameError, VisualizerError: as for one map.
    """
    chosen = Settings() if settings is None else settings
    before: Points | None = None
    for layer, vectors in features.items():
        start = chosen.start if before is None or not linked else before
        last: Frame | None = None
        for frame in frames(vectors, method_id, replace(chosen, start=start)):
            if last is not None:
                yield LayerFrame(layer, last, False)
            last = frame
        if last is not None:
            if before is not None:
                last = last._replace(points=align(last.points, before))
            before = last.points
            yield LayerFrame(layer, last, True)
