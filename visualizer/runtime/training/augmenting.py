"""A pipeline of augmentations for batches: every picture gets its own draw, as in its own tab.

Draw ``number`` of a picture is the draw that :class:`~visualizer.runtime.augmentation.draw.Drawer`
makes of it: same seeds, same random numbers, same pixels (a level may differ by rounding). Steps
that can be are computed for the whole batch at once, the others picture by picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as vision

from visualizer.errors import VisualizerError
from visualizer.runtime.augmentation.draw import DRAWS_MOST, Drawer
from visualizer.runtime.augmentation.pipeline import Pipeline, Step, format_pipeline, parse
from visualizer.runtime.augmentation.seeded import step_seed
from visualizer.runtime.training import augmenting_levels as levels
from visualizer.runtime.training import augmenting_moves as moves
from visualizer.runtime.training.augmenting_draws import Stream, streams

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
        VisualizerError: the text cannot be read, or mixes two pictures.
    """

    def __init__(self, pipeline: str) -> None:
        self.steps = parse(pipeline)
        pair = next((step for step in self.steps if step.on and step.transform.pair), None)
        if pair is not None:
            raise VisualizerError(
                f"{pair.transform.title} mixes two pictures and their labels; here every picture "
                f"has one label. Take {pair.id} out of the pipeline, or switch it off."
            )
        self._plans: dict[tuple[int, int], _Plan] = {}

    def __call__(self, pictures: Tensor, numbers: Sequence[int] | Tensor, seed: int) -> Tensor:
        """Make draw ``numbers[i]`` of picture i.

        Shapes: (n, C, H, W) uint8 with C 1 or 3, and n numbers -> (n, C, H, W) uint8.

        Raises:
            VisualizerError: a step does not fit pictures of this size.
        """
        drawn = [int(number) % DRAWS_MOST for number in numbers]
        plan = self._plan(pictures.shape[-2], pictures.shape[-1])
        batched = [part for part in plan if part.batched is not None]
        seeds = [[step_seed(seed, one, part.id, part.nth) for one in drawn] for part in batched]
        ready = iter(streams(seeds, WORDS))
        for part in plan:
            if part.batched is not None:
                pictures = _played(pictures, next(ready), part.batched)
            else:
                pictures = _each(pictures, part.steps, drawn, seed)
        return pictures

    def notes(self, height: int, width: int) -> tuple[str, ...]:
        """Say what is done so that all pictures keep the network's input size."""
        steps, changed = fitted(self.steps, min(height, width))
        found = []
        if changed:
            found.append(
                f"Sizes are scaled to the network's input of {height} × {width} pixels: "
                f"{format_pipeline([step for step in steps if step.id in SIZED])}."
            )
        if any(step.on and not _keeps_size(step, height, width) for step in steps):
            found.append(f"At the end pictures are resized to {height} × {width} pixels.")
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
    """One step for whole batches, or steps that a Drawer makes: the pipeline with others off.

    ``nth`` counts how many steps of its kind came before.
    """

    id: str
    nth: int
    batched: Step | None
    steps: Pipeline


_Plan = Sequence[_Part]


def _planned(steps: Pipeline, height: int, width: int) -> _Plan:
    seen: Counter[str] = Counter()
    parts: list[_Part] = []
    for place, step in enumerate(steps):
        if step.on and not _keeps_size(step, height, width):
            return [*parts, _Part(step.id, 0, None, _only(steps, range(place, len(steps))))]
        if step.on:
            alone = None if _is_batched(step) else _only(steps, range(place, place + 1))
            parts.append(_Part(step.id, seen[step.id], None if alone else step, alone or ()))
        seen[step.id] += 1
    return parts


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


def _each(pictures: Tensor, steps: Pipeline, numbers: list[int], seed: int) -> Tensor:
    """Apply steps picture by picture; what has another size at the end is resized."""
    channels, height, width = pictures.shape[1:]
    made = []
    for picture, number in zip(levels.in_colour(pictures), numbers, strict=True):
        pixels = Drawer(picture.permute(1, 2, 0).numpy(), steps, seed).draw(number).pixels
        image = torch.from_numpy(pixels).permute(2, 0, 1)
        if image.shape[-2:] != (height, width):
            image = vision.resize(image, [height, width], antialias=True)
        made.append(image)
    return levels.as_before(torch.stack(made), channels)
