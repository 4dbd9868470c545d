"""Does the network need what a heatmap marks? Remove the marked cells and watch the class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.imputation import impute
from visualizer.errors import VisualizerError
from visualizer.maths.resize import resize_bilinear
from visualizer.runtime.graph import INPUT, SOFTMAX
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource
from visualizer.runtime.segment import between
from visualizer.zoo import labels

Array = NDArray[np.float32]
Score = Callable[[Array], Array]

POINTS = 32  # steps from the whole picture to none of it
TOGETHER = 8  # points of both curves per pass
ROAD_SHARES = (0.2, 0.4, 0.6, 0.8)
BLUR_SHARE = 20  # the blur's standard deviation is this part of the input's side
SEED = 0


@dataclass(frozen=True)
class Curve:
    """A class's probability when shares (n,) of the cells are changed; its area once complete."""

    shares: Array
    scores: Array

    @property
    def area(self) -> float:
        """Integrate from 0 to 1 by trapezoids."""
        return float(np.trapezoid(self.scores, self.shares))


@dataclass(frozen=True)
class Faithfulness:
    """What the measurements found, as far as they have come.

    ``deletion``: hottest cells first become the mean colour; a small area is good. ``insertion``:
    hottest first return to a blurred picture; a large area is good. ``hottest_removed`` and
    ``coldest_removed``: ROAD's two orders, with cells filled from their neighbours.
    """

    deletion: Curve
    insertion: Curve
    hottest_removed: Curve
    coldest_removed: Curve
    notes: tuple[str, ...] = ()

    @property
    def road(self) -> float:
        """Give half the mean difference of ROAD's two orders; large is good, 0 is chance."""
        return float((self.coldest_removed.scores - self.hottest_removed.scores).mean() / 2)


@dataclass(frozen=True)
class Progress:
    """Measurements under way."""

    step: int
    steps: int
    found: Faithfulness


def faithfulness(
    model: Model,
    picture: PictureSource,
    heatmap: NDArray[np.floating],
    target: int | None = None,
    *,
    framing: str = "crop",
) -> Faithfulness:
    """Measure whether the network needs what ``heatmap`` marks, for one class.

    Shapes: heatmap (h, w) over what the network sees of the picture; enlarged where it is smaller.
    ``target=None`` takes the most probable class.

    Raises:
        VisualizerError: a map of another form, or without any difference; no such class.
    """
    batch = model.preprocess(picture, framing).numpy()
    count = len(labels(model.spec))
    if target is None:
        target = int(model.values(batch, [SOFTMAX])[SOFTMAX][0, :, 0, 0].argmax())
    if not 0 <= target < count:
        raise VisualizerError(
            f"Class {target} is outside {model.spec.title}, which knows {count}: 0 to {count - 1}."
        )
    cotangent = np.zeros((1, count, 1, 1), np.float32)
    cotangent[0, target] = 1
    *_, last = measure(model, batch, np.asarray(heatmap, np.float32), cotangent)
    return last.found


def measure(model: Model, batch: Array, heat: Array, cotangent: Array) -> Iterator[Progress]:
    """Measure step by step: deletion and insertion together, then ROAD share by share.

    Shapes: batch (1, C, H, W), heat (h, w), cotangent (1, classes, 1, 1): which probabilities
    count, 1 for the class and -1 for one it is compared with.

    Source: Petsiuk et al., arXiv:1806.07421, section 4.1 (deletion and insertion); Rong et al.,
    arXiv:2202.00449, section 4 (ROAD).
    """
    place = removal_ranks(_fitting(heat, batch), np.random.default_rng(SEED))
    segment = between(model.graph, (INPUT,), (SOFTMAX,))

    def score(pictures: Array) -> Array:
        (found,) = model.evaluate(segment, [pictures])
        return (found * cotangent).sum(axis=(1, 2, 3))

    empty = Curve(np.zeros(0, np.float32), np.zeros(0, np.float32))
    steps = -(-(POINTS + 1) // TOGETHER) + len(ROAD_SHARES)
    found, step = Faithfulness(empty, empty, empty, empty, _ties(heat)), 0
    for deletion, insertion in _curves(batch, place, score):
        found, step = Faithfulness(deletion, insertion, empty, empty, found.notes), step + 1
        yield Progress(step, steps, found)
    for hottest, coldest in _road(batch, place, score):
        found = Faithfulness(found.deletion, found.insertion, hottest, coldest, found.notes)
        step += 1
        yield Progress(step, steps, found)


def removal_ranks(heat: Array, rng: np.random.Generator) -> NDArray[np.int64]:
    """Number the cells, hottest 0; equal ones in random order, since the map says nothing."""
    flat = heat.ravel()
    order = np.lexsort((rng.random(flat.size), -flat))
    place = np.empty(flat.size, np.int64)
    place[order] = np.arange(flat.size)
    return place.reshape(heat.shape)


def blurred(batch: Array) -> Array:
    """Blur with a Gaussian of a twentieth of the side, its weights adding to 1 at the border."""
    rows, columns = (_gauss(size) for size in batch.shape[2:])
    return np.matmul(rows, np.matmul(batch, columns.T))


def _gauss(size: int) -> Array:
    apart = np.arange(size)[:, None] - np.arange(size)
    weights = np.exp(-0.5 * (apart * BLUR_SHARE / size) ** 2)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def _curves(batch: Array, place: NDArray[np.int64], score: Score) -> Iterator[tuple[Curve, Curve]]:
    shares = np.linspace(0, 1, POINTS + 1).astype(np.float32)
    blur = blurred(batch)
    falls, rises = np.zeros(0, np.float32), np.zeros(0, np.float32)
    for start in range(0, POINTS + 1, TOGETHER):
        part = shares[start : start + TOGETHER]
        changed = (place < np.round(part * place.size)[:, None, None])[:, None]
        emptied = np.where(changed, np.float32(0), batch)
        returned = np.where(changed, batch, blur)
        scores = score(np.concatenate([emptied, returned]))
        falls = np.concatenate([falls, scores[: len(part)]])
        rises = np.concatenate([rises, scores[len(part) :]])
        seen = shares[: len(falls)]
        yield Curve(seen, falls), Curve(seen, rises)


def _road(batch: Array, place: NDArray[np.int64], score: Score) -> Iterator[tuple[Curve, Curve]]:
    rng = np.random.default_rng(SEED)
    pairs = np.zeros((0, 2), np.float32)
    for share in ROAD_SHARES:
        count = round(share * place.size)
        removed = (place < count, place >= place.size - count)
        pictures = np.stack([impute(batch[0], one, rng) for one in removed])
        pairs = np.concatenate([pairs, score(pictures)[None]])
        seen = np.array(ROAD_SHARES[: len(pairs)], np.float32)
        yield Curve(seen, pairs[:, 0]), Curve(seen, pairs[:, 1])


def _fitting(heat: Array, batch: Array) -> Array:
    height, width = batch.shape[2:]
    if heat.ndim != 2 or heat.shape[0] > height or heat.shape[1] > width:
        raise VisualizerError(
            f"A heatmap of shape {heat.shape} does not fit the input, {height} x {width} cells. "
            "Give (h, w) values of at most that size."
        )
    if not np.isfinite(heat).all():
        raise VisualizerError("The heatmap holds values that are no numbers: nothing to measure.")
    if heat.min() == heat.max():
        raise VisualizerError(
            f"The heatmap is {heat.min():.4g} everywhere, so it puts no cell before another. "
            "Choose another class, layer or method."
        )
    return resize_bilinear(heat, height, width)


def _ties(heat: Array) -> tuple[str, ...]:
    share = float((heat == heat.min()).mean())
    if share < 0.5:
        return ()
    return (
        f"{share:.0%} of the map is equally cold; there the order of removal is random, and the "
        "same each time.",
    )
