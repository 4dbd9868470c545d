"""What an optimised picture is to make large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor
from torch.nn import functional

from visualizer.errors import VisualizerError
from visualizer.runtime.graph import INPUT, SOFTMAX
from visualizer.runtime.model import Model

RECTIFIERS = ("relu", "relu6")
LEAK = 0.1
RIM = 16  # one cell in sixteen on each side


@dataclass(frozen=True)
class Objective:
    """A value of a layer: of a channel, of one of its cells, or of the layer as a whole.

    ``channel=None`` means the whole layer; ``cell`` is (row, column) or the word ``centre``;
    ``negative`` looks for what the channel is most set against.
    """

    layer: str
    channel: int | None = None
    cell: tuple[int, int] | Literal["centre"] | None = None
    negative: bool = False

    @property
    def sign(self) -> int:
        """Say where to go: up (1) or down (-1)."""
        return -1 if self.negative else 1

    def values(self, made: Tensor) -> Tensor:
        """Reduce a layer's values to one number per picture, whatever the direction.

        Shapes: (N, C, h, w) -> (N,): a channel's mean, one cell, or the mean square of a layer.

        Source: Olah, Mordvintsev & Schubert, Distill 2017, section "Optimization Objectives"; the
        whole layer: Mordvintsev, Olah & Tyka, Inceptionism, 2015 (DeepDream).
        """
        if self.channel is None:
            return made.square().mean(dim=(1, 2, 3))
        channel = made[:, self.channel]
        if self.cell is None:
            return channel.mean(dim=(1, 2))
        rows, columns = channel.shape[1:]
        row, column = (rows // 2, columns // 2) if self.cell == "centre" else self.cell
        return channel[:, row, column]

    def check(self, shape: tuple[int, int, int]) -> None:
        """Refuse what a layer of this shape (C, h, w) does not have.

        Raises:
            VisualizerError: no such channel or cell, or a whole layer downwards.
        """
        channels, rows, columns = shape
        if self.channel is None:
            if self.cell is not None or self.negative:
                raise VisualizerError(
                    f"All of {self.layer} has neither cells nor a direction. Choose a channel."
                )
            return
        if not 0 <= self.channel < channels:
            raise VisualizerError(
                f"Channel {self.channel} is outside {self.layer}, which has {channels}: "
                f"0 to {channels - 1}."
            )
        if self.cell is None or isinstance(self.cell, str):
            return
        row, column = self.cell
        if not (0 <= row < rows and 0 <= column < columns):
            raise VisualizerError(
                f"Cell ({row}, {column}) is outside {self.layer}, which has {rows} × {columns} "
                "cells here."
            )


def before(model: Model, objective: Objective) -> str:
    """Name the layer in front of the objective's rectifier, else the objective's layer itself.

    Raises:
        UnknownNameError: no such layer.
        VisualizerError: the layer has nothing to climb.
    """
    layer = model.layer(objective.layer)
    if layer.name == INPUT:
        raise VisualizerError("The input is the picture itself. Choose a layer of the network.")
    if layer.name == SOFTMAX:
        raise VisualizerError(
            "A probability also grows when all other classes shrink, so it makes no picture of its "
            f"class. Choose the logits in front of it: {model.logits!r}."
        )
    return layer.inputs[0] if layer.op in RECTIFIERS else layer.name


def climbed(maps: Tensor, unrectified: Tensor) -> Tensor:
    """Give a rectifier a slope where it is silent or full, so that there is a way out.

    Where nothing is rectified both are the same, and so is the result.

    Shapes: both (N, C, h, w) -> (N, C, h, w).

    Source: Maas, Hannun & Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013
    (leaky ReLU); here on both ends, and only while climbing.
    """
    return maps + LEAK * (unrectified - maps)


def interior(maps: Tensor) -> Tensor:
    """Leave a rim out, where the network sees its own padding rather than the picture.

    Shapes: (N, C, h, w) -> (N, C, h - 2 (h // 16), w - 2 (w // 16)).
    """
    rows, columns = maps.shape[2] // RIM, maps.shape[3] // RIM
    return maps[:, :, rows : maps.shape[2] - rows, columns : maps.shape[3] - columns]


def texture(model: Model, name: str) -> str:
    """Name the last layer up to ``name`` with more than one cell: it tells looks apart."""
    layer = model.layer(name)
    while layer.output_shape[1] * layer.output_shape[2] == 1:
        layer = model.layer(layer.inputs[0])
    return layer.name


def likeness(maps: Tensor) -> Tensor:
    """Measure how alike several pictures look to a layer: mean cosine of their Gram matrices.

    Shapes: (N, C, h, w), N >= 2 -> scalar in [-1, 1].

    Source: Olah, Mordvintsev & Schubert, Distill 2017, section "Diversity" and its appendix.
    """
    flat = maps.flatten(2)
    gram = functional.normalize((flat @ flat.transpose(1, 2)).flatten(1), dim=1)
    count = len(gram)
    return ((gram @ gram.T).sum() - count) / (count * (count - 1))


def descent(objective: Objective, maps: Tensor, looks: Tensor | None, diversity: float) -> Tensor:
    """Write what gradient descent makes small: minus the objective, plus likeness of the pictures.

    Variety is weighed against the size that the objective has now, so it means the same anywhere.

    Shapes: maps (N, C, h, w); looks (N, K, y, x) where the pictures are to differ.
    """
    whole = objective.cell is not None
    values = objective.sign * objective.values(maps if whole else interior(maps))
    loss = -values.sum()
    if looks is not None:
        loss = loss + diversity * values.detach().abs().sum() * likeness(looks)
    return loss
