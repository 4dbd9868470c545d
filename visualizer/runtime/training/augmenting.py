"""A pipeline of augmentations for batches: every picture gets its own draw, as in its own tab.

Draw ``number`` of a picture is the draw that :class:`~visualizer.runtime.augmentation.draw.Drawer`
makes of it: same seeds, same random numbers, same pixels (a level may differ by rounding). Steps
that can be are computed for the whole batch at once, the others picture by picture. MixUp and
CutMix mix a batch's pictures with one another, and their labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as vision

from visualizer.runtime.augmentation.draw import DRAWS_MOST, Drawer
from visualizer.runtime.augmentation.pipeline import Pipeline, Step, format_pipeline, parse
from visualizer.runtime.augmentation.seeded import step_seed
from visualizer.runtime.training import augmenting_levels as levels
from visualizer.runtime.training import augmenting_moves as moves
from visualizer.runtime.training.augmenting_draws import Stream, streams
from visualizer.runtime.training.augmenting_levels import as_before, in_colour
from visualizer.runtime.training.augmenting_pairs import drawn, mixed, mixed_apart

WORDS = 32  # random numbers that a step asks for at most: erasing, 1 + 2 × 10 + 2
SIZED = ("resized_crop", "crop", "center_crop", "resize")
Batched = Callable[[Tensor, Stream, Step], Tensor]


def _unchanged(pictures: Tensor, _stream: Stream, _step: Step) -> Tensor:
    return pictures


BATCHED: Mapping[str, Batched] = {
    "hflip": moves.mirrored,
    "vflip": moves.upside_down,
    "rotate": moves.rotated,
    "affine": moves.affine,
    "crop": moves.cropped,
    "resized_crop": moves.resized_crops,
    "center_crop": _unchanged,  # where sizes are kept
    "resize": _unchanged,
    "erase": moves.erased,
    "jitter": levels.jittered,
    "channels": levels.exchanged,
    "grey": levels.greyed,
    "invert": levels.inverted,
    "posterize": levels.posterized,
    "solarize": levels.solarized,
    "autocontrast": levels.stretched,
    "equalize": levels.equalized,
    "sharpness": levels.sharpened,
}


class Augmenter:
    """A pipeline's text, bound to batches.

    Raises:
        UnknownNameError: no such transform.
        VisualizerError: the text cannot be read.
    """

    def __init__(self, pipeline: str) -> None:
        self.steps = parse(pipeline)
        self._plans: dict[tuple[int, int], _Plan] = {}

    @property
    def pairs(self) -> tuple[Step, ...]:
        """List the steps that mix two pictures, and with them their labels."""
        return tuple(step for step in self.steps if step.on and step.transform.pair)

    def __call__(self, pictures: Tensor, numbers: Sequence[int] | Tensor, seed: int) -> Tensor:
        """Make draw ``numbers[i]`` of picture i; what happens to labels is left out.

        Shapes: (n, C, H, W) uint8 with C 1 or 3, and n numbers -> (n, C, H, W) uint8.

        Raises:
            VisualizerError: a step does not fit pictures of this size.
        """
        return self.batch(pictures, torch.ones(len(pictures), 1), numbers, seed)[0]

    def batch(
        self, pictures: Tensor, targets: Tensor, numbers: Sequence[int] | Tensor, seed: int
    ) -> tuple[Tensor, Tensor]:
        """Make draw ``numbers[i]`` of picture i, and mix the labels as the pictures are mixed.

        A batch's pictures are mixed with the one before, changed by the steps up to there; a single
        picture has itself as its partner, and stays as it is.

        Shapes: (n, C, H, W) uint8 with C 1 or 3, targets (n, K) float32, the classes' shares -> the
        same.

        Raises:
            VisualizerError: a step does not fit pictures of this size.
        """
        numbers = [int(number) % DRAWS_MOST for number in numbers]
        plan = self._plan(pictures.shape[-2], pictures.shape[-1])
        batched = [part for part in plan.together if part.batched is not None]
        ready = iter(streams([part.seeds(numbers, seed) for part in batched], WORDS))
        sizes = [(pictures.shape[-2], pictures.shape[-1])] * len(pictures)
        for part in plan.together:
            if part.batched is not None:
                pictures = _played(pictures, next(ready), part.batched)
            elif part.pair is not None:
                mixes = drawn(part.pair, part.seeds(numbers, seed), sizes)
                pictures, targets = mixed(pictures, targets, part.pair, mixes)
            else:
                made = _each(in_colour(pictures), part.steps, numbers, seed)
                pictures = as_before(torch.stack(made), pictures.shape[1])
        if plan.apart:
            pictures, targets = _apart(pictures, targets, plan.apart, numbers, seed)
        return pictures, targets

    def notes(self, height: int, width: int) -> tuple[str, ...]:
        """Say what becomes of sizes, so that all pictures fit the network, and of labels."""
        steps, changed = fitted(self.steps, min(height, width))
        found = []
        if changed:
            found.append(
                f"Sizes are scaled to the network's input of {height} × {width} pixels: "
                f"{format_pipeline([step for step in steps if step.id in SIZED])}."
            )
        if any(step.on and not _keeps_size(step, height, width) for step in steps):
            found.append(f"At the end pictures are resized to {height} × {width} pixels.")
        if self.pairs:
            names = " and ".join(dict.fromkeys(step.transform.title for step in self.pairs))
            found.append(
                f"{names} mix the pictures of a batch, and their labels in the same shares: the "
                "training accuracy counts the class of the largest share. Validation is on plain "
                "pictures."
            )
        return tuple(found)

    def _plan(self, height: int, width: int) -> _Plan:
        """Split the pipeline; from the first step that changes sizes on, pictures go alone."""
        key = height, width
        if key not in self._plans:
            steps = fitted(self.steps, min(height, width))[0]
            self._plans[key] = _planned(steps, height, width)
        return self._plans[key]


@dataclass(frozen=True)
class _Part:
    """A step for whole batches, one that mixes, or steps that a Drawer makes, all others off.

    ``nth`` counts how many steps of its kind came before.
    """

    id: str
    nth: int
    batched: Step | None = None
    pair: Step | None = None
    steps: Pipeline = ()

    def seeds(self, numbers: Sequence[int], seed: int) -> list[int]:
        """Give the seed of each draw of the step."""
        return [step_seed(seed, number, self.id, self.nth) for number in numbers]


@dataclass(frozen=True)
class _Plan:
    """Parts for whole batches; from the first step that changes sizes on, for single pictures."""

    together: Sequence[_Part]
    apart: Sequence[_Part]


def _planned(steps: Pipeline, height: int, width: int) -> _Plan:
    seen: Counter[str] = Counter()
    together: list[_Part] = []
    apart: list[_Part] = []
    for place, step in enumerate(steps):
        nth, seen[step.id] = seen[step.id], seen[step.id] + 1
        if not step.on:
            continue
        keeps = not apart and _keeps_size(step, height, width)
        if step.transform.pair:
            part = _Part(step.id, nth, pair=step)
        elif keeps and _is_batched(step):
            part = _Part(step.id, nth, batched=step)
        else:
            part = _Part(step.id, nth, steps=_only(steps, range(place, place + 1)))
        (together if keeps else apart).append(part)
    return _Plan(together, apart)


def _only(steps: Pipeline, places: range) -> Pipeline:
    return tuple(replace(step, on=step.on and place in places) for place, step in enumerate(steps))


def fitted(steps: Pipeline, side: int) -> tuple[Pipeline, bool]:
    """Scale sizes so that the last of them is ``side``; tells whether any changed.

    A crop of 224 from 256 becomes one of 28 from 32: the same share of the picture.
    """
    sizes = [moves.number(step, "size") for step in steps if step.on and step.id in SIZED]
    if not sizes or sizes[-1] == side:
        return steps, False
    factor = side / sizes[-1]
    return tuple(_scaled(step, factor) if step.on else step for step in steps), True


def _scaled(step: Step, factor: float) -> Step:
    known = {parameter.name: parameter for parameter in step.transform.parameters}
    scaled = dict(step.parameters)
    for name in {"size", "padding"} & set(known):
        value = moves.number(step, name)
        wanted = max(round(value * factor), int(value > 0))
        scaled[name] = min(max(wanted, int(known[name].minimum)), int(known[name].maximum))
    return replace(step, parameters=scaled)


def _keeps_size(step: Step, height: int, width: int) -> bool:
    if step.id in SIZED:
        return height == width == moves.number(step, "size")
    if step.id == "rotate":
        return not step.parameters["expand"]
    return step.id not in ("zoom_out", "pad")


def _is_batched(step: Step) -> bool:
    """Tell whether a step that keeps sizes is computed for all pictures at once."""
    if step.id == "erase":
        return step.parameters["value"] != "noise"
    return step.id in BATCHED


def _played(pictures: Tensor, stream: Stream, step: Step) -> Tensor:
    """Apply a step to those pictures for which it fires."""
    change = BATCHED[step.id]
    if not (step.transform.own_chance or step.chance < 1):
        return change(pictures, stream, step)
    fires = stream.uniform() < np.float32(step.chance)
    if fires.all():
        return change(pictures, stream, step)
    made = pictures.clone()
    if fires.any():
        chosen = torch.from_numpy(fires)
        made[chosen] = change(pictures[chosen], stream.of(fires), step)
    return made


def _each(images: Iterable[Tensor], steps: Pipeline, numbers: list[int], seed: int) -> list[Tensor]:
    """Apply steps to pictures (3, h, w) of any size, one by one."""
    made = []
    for image, number in zip(images, numbers, strict=True):
        pixels = Drawer(image.permute(1, 2, 0).numpy(), steps, seed).draw(number).pixels
        made.append(torch.from_numpy(pixels).permute(2, 0, 1))
    return made


def _apart(
    pictures: Tensor, targets: Tensor, parts: Sequence[_Part], numbers: list[int], seed: int
) -> tuple[Tensor, Tensor]:
    """Let sizes change; what has another size than before at the end is resized."""
    channels, height, width = pictures.shape[1:]
    images = list(in_colour(pictures))
    for part in parts:
        if part.pair is not None:
            sizes = [(image.shape[-2], image.shape[-1]) for image in images]
            mixes = drawn(part.pair, part.seeds(numbers, seed), sizes)
            images, targets = mixed_apart(images, targets, part.pair, mixes)
        else:
            images = _each(images, part.steps, numbers, seed)
    made = [
        image
        if image.shape[-2:] == (height, width)
        else vision.resize(image, [height, width], antialias=True)
        for image in images
    ]
    return as_before(torch.stack(made), channels), targets
