"""Gradient ascent on a picture, step by step."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from visualizer.errors import VisualizerError
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model
from visualizer.runtime.pattern.canvas import Canvas
from visualizer.runtime.pattern.objective import Objective, before, climbed, descent, texture
from visualizer.runtime.pattern.views import Size, Views, look, wrapped
from visualizer.runtime.segment import between

Pictures = NDArray[np.uint8]

STEPS = 128
STEPS_MOST = 4096
COUNT_MOST = 6
SIDE = 128  # what a larger network is shown, unless it needs its own size
SIDE_LEAST, SIDE_MOST = 16, 512
RATE = 0.05
MANY = 64  # larger pictures have so many waves that most hardly matter; these three are for them
STILL = 0.3  # Adam's epsilon, in root mean squares of the gradient: waves below it move less
NEAR = 4  # up to this stride a cell sees little of the picture, which is then without end
CONSTANT = {True: 6.0, False: 2.0}  # the plain colour's weight, of endless pictures and of others
COOLING = 0.3  # the last share of the steps, in which the rate falls to 0
DECAY_MOST = 1.75  # from stride 32 on; 1 up to stride 16
DIVERSITY = 0.25  # below 0.5, where a picture gains more by staying grey than by differing


@dataclass(frozen=True)
class Progress:
    """How far an ascent has come.

    Shapes: ``values`` (steps since the last report, N): the objective at random views.
    """

    step: int
    steps: int
    values: NDArray[np.float32]
    remaining_s: float


class Ascent:
    """N pictures on their way to what an objective asks for; the same seed, the same pictures.

    The network runs up to the objective's layer and no further.

    Raises:
        UnknownNameError: no such layer.
        VisualizerError: the layer has no such channel or cell, or it cannot be reached from a
            picture of this size; too many steps or pictures.
    """

    def __init__(
        self,
        model: Model,
        objective: Objective,
        *,
        steps: int = STEPS,
        size: Size | None = None,
        count: int = 1,
        seed: int = 0,
        views: Views | None = None,
    ) -> None:
        _within("steps", steps, 1, STEPS_MOST)
        _within("pictures at once", count, 1, COUNT_MOST)
        self.model, self.objective, self.steps = model, objective, steps
        self.views = views or Views()
        seen = texture(model, before(model, objective))
        self._wanted = (objective.layer, before(model, objective), seen)
        targets = tuple(dict.fromkeys(self._wanted))
        self._run = model.gradients.differentiable(between(model.graph, (INPUT,), targets))
        self.size = natural_size(model) if size is None else size
        for side in self.size:
            _within("cells on a side", side, SIDE_LEAST, SIDE_MOST)
        self._device = next(model.module.parameters()).device
        self._generator = torch.Generator().manual_seed(seed)
        self._large = max(self.size) > MANY
        self._endless = self._large and objective.cell is None and stride(model, seen) <= NEAR
        self._canvas = self._blank(count, decay(model, seen))
        still = STILL if self._large else 1e-8
        self._adam = torch.optim.Adam([self._canvas.coefficients], lr=RATE, eps=still)
        self._mean = torch.tensor(model.spec.mean, device=self._device).view(-1, 1, 1)
        self._std = torch.tensor(model.spec.std, device=self._device).view(-1, 1, 1)
        self.taken = 0
        self._refuse_wrong_size()
        self.start = self.values()

    def _blank(self, count: int, steepness: float) -> Canvas:
        """Begin the pictures: noise on the mean colour, with a margin unless they have no end."""
        return Canvas(
            count,
            self.size if self._endless else self.views.canvas(self.size),
            self.model.spec.mean,
            self._generator,
            steepness,
            CONSTANT[self._endless] if self._large else 1.0,
            self._device,
        )

    def step(self) -> NDArray[np.float32]:
        """Look once, and move the pictures uphill; give the objective before the move: (N,)."""
        self._adam.param_groups[0]["lr"] = RATE * cooling(self.taken / self.steps)
        count = len(self._canvas.coefficients)
        with torch.enable_grad():
            matrices = self.views.matrices(count, self.size, self._generator)
            pictures = (self._canvas.pixels() - self._mean) / self._std
            if self._endless:
                margin = (self.views.margin(self.size[0]), self.views.margin(self.size[1]))
                pictures = wrapped(pictures, margin, self._generator)
            maps, unrectified, looks = self._look(
                look(pictures, matrices.to(self._device), self.size)
            )
            driven = climbed(maps, unrectified)
            loss = descent(self.objective, driven, looks if count > 1 else None, DIVERSITY)
            (gradient,) = torch.autograd.grad(loss, self._canvas.coefficients)
        self._refuse_flat(gradient)
        self._canvas.coefficients.grad = normalised(gradient) if self._large else gradient
        self._adam.step()
        self.taken += 1
        values: NDArray[np.float32] = self.objective.values(maps.detach()).cpu().numpy()
        return values

    def run(self, pause_s: float = math.inf) -> Iterator[Progress]:
        """Take all steps; report every ``pause_s``, after the first step and at the end."""
        began = reported = time.perf_counter()
        values: list[NDArray[np.float32]] = []
        while self.taken < self.steps:
            values.append(self.step())
            now = time.perf_counter()
            if now - reported >= pause_s or self.taken in (1, self.steps):
                left_s = (now - began) / self.taken * (self.steps - self.taken)
                yield Progress(self.taken, self.steps, np.stack(values), left_s)
                reported, values = time.perf_counter(), []

    def pictures(self) -> Pictures:
        """Round the pictures to what a screen shows: (N, H, W, 3); grey ones three times."""
        with torch.no_grad():
            pixels = self._canvas.pixels()
            if not self._endless:
                pixels = self.views.centre(pixels, self.size)
            levels = (255 * pixels).round().to(torch.uint8).permute(0, 2, 3, 1)
        return levels.expand(*levels.shape[:3], 3).cpu().numpy()

    def values(self) -> NDArray[np.float32]:
        """Evaluate the objective on the pictures as :meth:`pictures` shows them: (N,)."""
        channels = self.model.spec.input_shape[0]
        seen = torch.from_numpy(self.pictures()[..., :channels]).to(self._device) / 255
        with torch.no_grad():
            made = self._look((seen.permute(0, 3, 1, 2) - self._mean) / self._std)
        values: NDArray[np.float32] = self.objective.values(made[0]).cpu().numpy()
        return values

    def _look(self, batch: Tensor) -> list[Tensor]:
        """Run the network: the objective's layer, the one before its rectifier, one for looks."""
        made = self._run(batch.contiguous(memory_format=torch.channels_last))
        found = dict(zip(self._run.segment.targets, made, strict=True))
        return [found[name] for name in self._wanted]

    def _refuse_wrong_size(self) -> None:
        """Run the network once on plain grey, to see whether it takes pictures of this size."""
        own = self.model.spec.input_shape
        try:
            with torch.no_grad():
                made = self._look(torch.zeros(1, own[0], *self.size, device=self._device))[0]
        except RuntimeError as error:
            if self.size == own[1:]:
                raise
            raise VisualizerError(
                f"{self.model.spec.title} cannot get from {self.size[0]} × {self.size[1]} cells to "
                f"{self.objective.layer}. Choose its own size, {own[1]} × {own[2]}."
            ) from error
        self.objective.check((made.shape[1], made.shape[2], made.shape[3]))

    def _refuse_flat(self, gradient: Tensor) -> None:
        if self.taken == 0 and not gradient.abs().max() > 0:
            raise VisualizerError(
                f"{self.objective.layer} has no slope to climb here: nothing that a picture could "
                "change a little changes it. Choose another seed, channel or layer."
            )


def natural_size(model: Model) -> Size:
    """Choose a picture's size: the network's own, or less where that is large.

    Units: cells. A network that flattens its maps takes no size but its own.
    """
    _, height, width = model.spec.input_shape
    shrink = min(1, SIDE / max(height, width))
    return round(height * shrink), round(width * shrink)


def decay(model: Model, layer: str) -> float:
    """Choose how fast waves lose weight with their frequency: faster for maps of few cells.

    With 1 / frequency, pictures for such layers fill up with fine detail that no photo has.
    """
    return min(DECAY_MOST, max(1.0, 1 + (DECAY_MOST - 1) * math.log2(stride(model, layer) / 16)))


def stride(model: Model, layer: str) -> float:
    """Tell how many rows of the input there are to one row of a layer's map."""
    return model.spec.input_shape[1] / model.layer(layer).output_shape[1]


def normalised(gradient: Tensor) -> Tensor:
    """Divide each picture's gradient by its root mean square, so that Adam's epsilon means a share.

    Else every wave would go the same way as far, also where its gradient is all but chance: a
    picture that wants one plain colour fills up with specks.

    Shapes: (N, ...) -> the same.
    """
    size = gradient.square().flatten(1).mean(dim=1).sqrt().clamp_min(1e-30)
    return gradient / size.view(-1, *[1] * (gradient.ndim - 1))


def cooling(share: float) -> float:
    """Give the rate at ``share`` of the way: whole at first, then down a straight line to 0."""
    return min(1.0, (1 - share) / COOLING)


def _within(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise VisualizerError(f"There can be {least} to {most} {what}, not {value}.")
