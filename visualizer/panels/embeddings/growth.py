"""A map as it is sent while it grows: features, points, positions, and what they are worth."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.correctness import correctness
from visualizer.analyses.embedding.method import Frame as Grown
from visualizer.analyses.embedding.method import Settings
from visualizer.analyses.feature_store import FeatureStore, Gathered, Subject
from visualizer.panels.embeddings.loading import Loading
from visualizer.ui.long_work import Frame
from visualizer.zoo import labels

FRAME_S = 0.04  # 25 frames a second at most
LEVELS = 65_535

Points = NDArray[np.float64]
Stage = Generator[Frame, None, Gathered]


def features_stage(store: FeatureStore, subject: Subject, layers: tuple[str, ...]) -> Stage:
    """Extract what is missing, telling the progress; the generator returns all that is wanted."""
    steps, start_s = store.steps(subject, layers), time.perf_counter()
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            found: Gathered = end.value
            return found
        spent_s = time.perf_counter() - start_s
        remaining_s = spent_s * (total - done) / done if done else None
        yield (
            {"stage": "features", "step": done, "steps": total, "remaining_s": remaining_s},
            {},
        )


def points_frame(subject: Subject, gathered: Gathered) -> Frame:
    """Tell which pictures take part, their labels, and what the network takes them for."""
    whole, indices = subject.collection, subject.indices
    known = None if whole.labels is None else whole.labels[indices]
    names = labels(subject.model.spec)
    header = {
        "stage": "points",
        "count": len(indices),
        "total": len(whole),
        "classes": list(whole.classes),
        "names": [whole.names[int(index)] for index in indices] if whole.names else None,
        "predicted": subject.model.spec.labels,
        "predicted_classes": list(names),
    }
    arrays = {
        "indices": indices,
        "labels": np.full(len(indices), -1, np.int32) if known is None else known.astype(np.int32),
        "predictions": gathered.predictions,
        "probabilities": gathered.probabilities,
        "correct": correctness(known, whole.classes, gathered.predictions, names),
    }
    return header, arrays


class Growth:
    """Turns the frames of a method into those of the page, as many as the eye can follow."""

    def __init__(self, method: str, settings: Settings, **more: Any) -> None:
        self.more = more
        self.early = settings.exaggerated_iterations if method == "t-sne" else 0
        self.exaggerated = settings.exaggeration > 1
        self.start_s = time.perf_counter()
        self.last_s = -math.inf
        self.descent_s: float | None = None
        self.phase = ""

    def frames(self, grown: Grown) -> Iterator[Frame]:
        """Give the frame of one iteration, or none where another was sent just now."""
        now_s = time.perf_counter()
        phase = self._phase(grown)
        ended = grown.iteration == grown.iterations
        if phase == self.phase and not ended and now_s - self.last_s < FRAME_S:
            return
        self.phase, self.last_s = phase, now_s
        xy, bounds = quantised(grown.points)
        yield (
            {
                "stage": "map",
                **self.more,
                "iteration": grown.iteration,
                "iterations": grown.iterations,
                "phase": phase,
                "share": grown.share,
                "kl": grown.kl_divergence if math.isfinite(grown.kl_divergence) else None,
                "bounds": bounds,
                "remaining_s": self._remaining_s(grown, now_s),
            },
            {"xy": xy},
        )

    def _phase(self, grown: Grown) -> str:
        if grown.stage == "neighbours":
            return "neighbours"
        early = self.exaggerated and grown.iteration < self.early
        return "early exaggeration" if early else "optimising"

    def _remaining_s(self, grown: Grown, now_s: float) -> float | None:
        if grown.stage == "neighbours":
            return None
        if self.descent_s is None:
            self.descent_s = now_s
        if not grown.iteration:
            return None
        rest = grown.iterations - grown.iteration
        return (now_s - self.descent_s) * rest / grown.iteration


def quantised(points: Points) -> tuple[NDArray[np.uint16], list[float]]:
    """Give points as 16-bit integers within their bounds: all lower ones first, then the upper.

    A coordinate is ``lower + level / 65535 · (upper - lower)``. Shapes: (n, d) -> (n, d), 2 d.
    """
    lower, upper = points.min(axis=0), points.max(axis=0)
    extent = np.where(upper > lower, upper - lower, 1)
    levels = np.rint((points - lower) / extent * LEVELS).astype(np.uint16)
    return levels, [*lower.tolist(), *upper.tolist()]


def told(
    frames: Iterator[Grown], growth: Growth, loading: Loading
) -> Generator[Frame, None, Grown]:
    """Send a map while it grows; the generator returns its last frame."""
    for grown in frames:
        yield from growth.frames(grown)
        yield from loading.waiting()  # the first frame, the start, needs nothing
    return grown
