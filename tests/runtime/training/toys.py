"""A task that trains in a blink: two kinds of small grey pictures, one brighter on its left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from visualizer.runtime.training.data import Data, Split
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.zoo.stack import find_network

HEIGHT, WIDTH = 6, 8
STACK = "conv(3,3,padding=1);relu;maxpool(2);dropout;flatten;linear(classes)"
LINEAR = "flatten;linear(classes)"


def toy_split(count: int, seed: int) -> Split:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 2
    pictures = torch.randint(0, 160, (count, 1, HEIGHT, WIDTH), generator=generator)
    pictures[labels == 1, :, :, :4] += 90
    return Split(pictures.to(torch.uint8), labels)


def toy_data(count: int = 50) -> Data:
    return Data(
        "toy", "Toy pictures", ("even", "left"), "own", toy_split(count, 0), toy_split(30, 1),
        toy_split(40, 2), (0.4,), (0.25,), (), None, "toy",
    )  # fmt: skip


def toy_task(stack: str = STACK, *, seed: int = 0, data: Data | None = None, **recipe: Any) -> Task:
    usual = Recipe(epochs=3, learning_rate=0.01, batch_size=8)
    return Task(find_network(stack), data or toy_data(), replace(usual, **recipe), seed)
