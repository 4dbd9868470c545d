"""One draw of a pipeline: the picture, and what fired with which values."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from visualizer.errors import VisualizerError
from visualizer.runtime.augmentation.objects import Found, as_objects, as_tensors
from visualizer.runtime.augmentation.pipeline import Pipeline, Step
from visualizer.runtime.augmentation.policies import Telling
from visualizer.runtime.augmentation.seeded import Seeded, step_seed

Pixels = NDArray[np.uint8]
Given = TypeVar("Given")
Made = TypeVar("Made")
MOVING = {"ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate"}
AREA_MOST = 4_000_000  # pixels: borders and canvases may multiply
DRAWS_MOST = 1_000_000
THREADS_MOST = 4


@dataclass(frozen=True)
class Applied:
    """A step that fired: its place in the pipeline, what it drew in words and in numbers.

    ``torch.manual_seed(seed)`` and torchvision's own transform give the same result.
    """

    step: int
    id: str
    title: str
    text: str
    values: dict[str, Any]
    seed: int


@dataclass(frozen=True, eq=False)
class Draw:
    """A drawn picture, pixels (H, W, 3) uint8; ``skipped`` lists steps left out by chance.

    ``share`` is what the label keeps of its class where another picture was mixed in. ``lost``
    tells that boxes could not move along.
    """

    number: int
    pixels: Pixels
    applied: tuple[Applied, ...]
    skipped: tuple[int, ...]
    objects: tuple[Found, ...] = ()
    share: float = 1.0
    lost: bool = False


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(THREADS_MOST, os.cpu_count() or 1), "augmentation")


def together(work: Callable[[Given], Made], items: Sequence[Given]) -> list[Made]:
    """Do the same with each item, in several threads; the results are in the items' order."""
    return [work(one) for one in items] if len(items) == 1 else list(_pool().map(work, items))


class Drawer:
    """A pipeline bound to a picture: makes any of its draws, in any order."""

    def __init__(
        self,
        pixels: Pixels,
        steps: Pipeline,
        seed: int = 0,
        *,
        partner: Pixels | None = None,
        objects: Sequence[Found] = (),
    ) -> None:
        self.original = pixels
        self.image = as_image(pixels)
        self.partner = None if partner is None else as_image(partner)
        self.seed = seed
        self.objects = tuple(objects)
        self.steps = _numbered(steps)
        self.made = {place: made(step) for place, _, step in self.steps}
        for _, _, step in self.steps:
            if step.transform.pair and partner is None:
                raise VisualizerError(
                    f"{step.transform.title} mixes two pictures and there is one: "
                    "give a second, the partner."
                )

    def draw(self, number: int) -> Draw:
        """Make draw ``number``, counted from 0.

        Raises:
            VisualizerError: a transform does not fit the picture, such as a crop larger than it.
        """
        if not 0 <= number < DRAWS_MOST:
            raise VisualizerError(f"Draw {number} is not made; choose 0 to {DRAWS_MOST - 1:,}.")
        applied, skipped, share, lost = [], [], 1.0, False
        image, extra = self.image, as_tensors(self.objects, *self.image.shape[-2:])
        for place, nth, step in self.steps:
            seed = step_seed(self.seed, number, step.id, nth)
            transform = self.made[place]
            if isinstance(transform, Telling):
                transform = made(step)  # it takes notes, and other threads draw, too
            played = self._played(step, transform, Seeded(seed), image, extra)
            if played is None:
                skipped.append(place)
                continue
            image, extra, params = played
            lost = lost or bool(self.objects and not extra)
            text, values = step.transform.tell(params, step.parameters)
            share *= values["share"] if step.transform.pair else 1.0
            applied.append(Applied(place, step.id, step.transform.title, text, values, seed))
        pixels = np.stack(image.numpy(), axis=2)  # type: ignore[call-overload]
        found = as_objects(self.objects, extra)
        return Draw(number, pixels, tuple(applied), tuple(skipped), found, share, lost)

    def draws(self, numbers: Sequence[int]) -> list[Draw]:
        """Make several draws at once, in as many threads as there are processors, up to four."""
        return together(self.draw, numbers)

    def _played(
        self,
        step: Step,
        transform: v2.Transform,
        seeded: Seeded,
        image: Tensor,
        extra: list[Tensor],
    ) -> tuple[Tensor, list[Tensor], dict[str, Any]] | None:
        """Apply one step as torchvision does, keeping its parameters; None when it is skipped."""
        record = step.transform
        if (record.own_chance or step.chance < 1) and seeded.rand() >= step.chance:
            return None
        refuse_misfit(step, *image.shape[-2:])
        try:
            if record.pair:
                return self._mixed(transform, seeded, image)
            if isinstance(transform, Telling):
                with seeded:
                    moved = transform(image)
                names = {name for name, _ in transform.told}
                kept = [] if names & MOVING or step.id == "augmix" else extra
                return moved, kept, {"operations": transform.told}
            with seeded:
                params = transform.make_params([image, *extra])
            passing = step.id == "erase"  # it leaves boxes as they are
            with seeded if record.late else nullcontext():
                moved = transform.transform(image, params)
            kept = extra if passing else [transform.transform(one, params) for one in extra]
        except (ValueError, RuntimeError) as error:
            height, width = image.shape[-2:]
            raise VisualizerError(
                f"{record.title} cannot be applied to {height} × {width} pixels "
                f"(height × width): {str(error).splitlines()[0].rstrip('.')}."
            ) from error
        _refuse_large(step, moved, self.image)
        return moved, kept, params

    def _mixed(
        self, transform: v2.Transform, seeded: Seeded, image: Tensor
    ) -> tuple[Tensor, list[Tensor], dict[str, Any]]:
        """Mix with the partner, cut to the same size: a batch of two, of which the first counts."""
        if self.partner is None:
            raise VisualizerError("Mixing needs a second picture, the partner.")
        batch = torch.stack([image, covering(self.partner, *image.shape[-2:])]).float()
        with seeded:
            params = transform.make_params([batch])
        mixed = transform.transform(batch, {**params, "labels": None, "batch_size": 2})[0]
        return mixed.round().to(torch.uint8), [], params


def made(step: Step) -> v2.Transform:
    """Build torchvision's transform of a step."""
    return step.transform.make(step.parameters, step.chance)


def _numbered(steps: Pipeline) -> list[tuple[int, int, Step]]:
    """Give each step that is on its place, and how many of its kind came before."""
    seen: Counter[str] = Counter()
    found = []
    for place, step in enumerate(steps):
        if step.on:
            found.append((place, seen[step.id], step))
        seen[step.id] += 1
    return found


def as_image(pixels: Pixels) -> Tensor:
    """Turn (H, W, 3) into torchvision's (3, H, W); uint8 both."""
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))


def covering(image: Tensor, height: int, width: int) -> Tensor:
    """Resize and crop a picture from its middle so that it has exactly this size."""
    factor = max(height / image.shape[-2], width / image.shape[-1])
    size = [
        max(height, round(image.shape[-2] * factor)),
        max(width, round(image.shape[-1] * factor)),
    ]
    return functional.center_crop(functional.resize(image, size, antialias=True), [height, width])


def working_copy(
    pixels: Pixels, objects: Sequence[Found] = (), shorter_side: int = 256
) -> tuple[Pixels, tuple[Found, ...]]:
    """Reduce a picture whose shorter side is longer: ``v2.Resize(256)``; boxes move along."""
    if min(pixels.shape[:2]) <= shorter_side:
        return pixels, tuple(objects)
    extra = as_tensors(tuple(objects), *pixels.shape[:2])
    resize = v2.Resize(shorter_side)
    small = resize.transform(as_image(pixels), {})
    moved = [resize.transform(one, {}) for one in extra]
    return np.ascontiguousarray(small.permute(1, 2, 0).numpy()), as_objects(tuple(objects), moved)


def refuse_misfit(step: Step, height: int, width: int) -> None:
    """Refuse a crop larger than the picture.

    Raises:
        VisualizerError: it is larger.
    """
    if step.id != "crop" or step.parameters["pad_if_needed"]:
        return
    size, border = step.parameters["size"], step.parameters["padding"]
    short = int(size) - 2 * int(border) - min(height, width)  # type: ignore[arg-type]
    if short > 0:
        raise VisualizerError(
            f"A crop of {size} × {size} does not fit a picture of {height} × {width} pixels "
            f"(height × width) with a border of {border}. Choose a size up to "
            f"{min(height, width) + 2 * int(border)}, or widen small pictures."  # type: ignore[arg-type]
        )


def _refuse_large(step: Step, image: Tensor, original: Tensor) -> None:
    area, most = image.shape[-2] * image.shape[-1], max(AREA_MOST, 4 * original[0].numel())
    if area > most:
        raise VisualizerError(
            f"{step.transform.title} makes {area:,} pixels, the limit is {most:,}. "
            "Widen the picture less."
        )
