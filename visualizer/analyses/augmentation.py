"""Random draws of a picture, and whether a network still says the same to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.drawn import in_batches
from visualizer.analyses.response_curve import untouched_target
from visualizer.errors import VisualizerError
from visualizer.runtime.augmentation.draw import Applied, Drawer, working_copy
from visualizer.runtime.augmentation.pipeline import Pipeline, Step, parse
from visualizer.runtime.augmentation.presets import PRESETS
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource, Pixels, read_picture

Transforms = str | Sequence[Step]
N_MOST = 10_000


@dataclass(frozen=True)
class Agreement:
    """A network's answers to draws of one picture.

    Shapes: probability of ``target`` and most probable class ``top``, both (n,).
    """

    target: int
    probability: NDArray[np.float32]
    top: NDArray[np.int64]

    @property
    def rate(self) -> float:
        """Tell in what share of the draws the target is the most probable class."""
        return float((self.top == self.target).mean())


def augment(
    picture: PictureSource,
    transforms: Transforms,
    n: int = 16,
    seed: int = 0,
    *,
    partner: PictureSource | None = None,
    shorter_side: int | None = None,
) -> list[tuple[Pixels, tuple[Applied, ...]]]:
    """Draw ``n`` augmented pictures, each with the steps that fired and the values they drew.

    ``transforms`` is a preset's name, a pipeline's text (``hflip;rotate(degrees=15,p=0.5)``) or a
    list of :class:`Step`. Draw k of a seed is the same whatever ``n`` is. ``partner`` is the
    second picture of MixUp and CutMix. ``shorter_side`` reduces larger pictures first, as
    ``v2.Resize`` does; the page draws with 256.

    Shapes: a picture (H, W, 3) -> n pairs of a picture (h, w, 3), uint8, and what was applied.

    Raises:
        UnknownNameError: no such preset or transform.
        VisualizerError: a setting outside its range, or a crop larger than the picture.
        PictureError: the file is no picture.
    """
    drawer = _drawer(picture, transforms, n, seed, partner, shorter_side)
    return [(draw.pixels, draw.applied) for draw in drawer.draws(range(n))]


def agreement(
    model: Model,
    picture: PictureSource,
    transforms: Transforms,
    n: int = 16,
    seed: int = 0,
    *,
    target: int | None = None,
    framing: str = "crop",
    partner: PictureSource | None = None,
) -> Agreement:
    """Run a network on ``n`` draws: does it still see ``target``, or the untouched picture's class?

    Raises: as :func:`augment`, and VisualizerError where there is no such class.
    """
    drawer = _drawer(picture, transforms, n, seed, partner)
    target = untouched_target(model, drawer.original, target, framing)
    shares = np.stack(list(answers(model, drawer, range(n), framing)))
    return Agreement(target, shares[:, target], shares.argmax(axis=1))


def answers(
    model: Model, drawer: Drawer, numbers: Sequence[int], framing: str = "crop"
) -> Iterator[NDArray[np.float32]]:
    """Yield a network's probabilities (classes,) for each draw, computed in batches."""
    pictures = (drawer.draw(number).pixels for number in numbers)
    for _, shares in in_batches(model, pictures, framing):
        yield from shares


def _drawer(
    picture: PictureSource,
    transforms: Transforms,
    n: int,
    seed: int,
    partner: PictureSource | None,
    shorter_side: int | None = None,
) -> Drawer:
    if not 1 <= n <= N_MOST:
        raise VisualizerError(f"{n} draws cannot be made at once; choose 1 to {N_MOST:,}.")
    sources = [picture] if partner is None else [picture, partner]
    pictures = [read_picture(source) for source in sources]
    if shorter_side is not None:
        pictures = [working_copy(pixels, shorter_side=shorter_side)[0] for pixels in pictures]
    return Drawer(pictures[0], as_pipeline(transforms), seed, partner=(*pictures[1:], None)[0])


def as_pipeline(transforms: Transforms) -> Pipeline:
    """Read a preset's name, a pipeline's text or a list of steps."""
    if not isinstance(transforms, str):
        return tuple(transforms)
    for preset in PRESETS:
        if preset.name == transforms:
            return parse(preset.pipeline)
    return parse(transforms)
