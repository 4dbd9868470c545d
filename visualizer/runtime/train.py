"""Train the project's own small networks: whole data set in memory, seeded, one record an epoch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads slow small steps tenfold

import torch
from torch import Tensor, nn
from torch.nn import functional

BATCH_TEST = 1000


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: AdamW with a one-cycle learning rate (Smith, arXiv:1708.07120).

    Units: ``shift`` is the largest shift in pixels on either axis, ``flip`` mirrors half of the
    pictures left to right.
    """

    epochs: int
    learning_rate: float
    batch_size: int = 128
    weight_decay: float = 0.01
    label_smoothing: float = 0.0
    shift: int = 0
    flip: bool = False


@dataclass(frozen=True)
class Split:
    """Normalised pictures (n, C, H, W) float32 and their class indices (n,) int64."""

    pictures: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Epoch:
    """What one pass over the data came to; ``accuracy`` is on the test split, in [0, 1]."""

    number: int
    loss: float
    accuracy: float


def augment(batch: Tensor, recipe: Recipe, generator: torch.Generator) -> Tensor:
    """Shift and mirror each picture of (n, C, H, W) by its own draw; borders fill with zeros."""
    count, _, height, width = batch.shape
    if recipe.flip:
        mirrored = torch.rand(count, generator=generator) < 0.5
        batch = torch.where(mirrored[:, None, None, None], batch.flip(3), batch)
    if recipe.shift:
        span = 2 * recipe.shift + 1
        padded = functional.pad(batch, [recipe.shift] * 4)
        top, left = torch.randint(span, (2, count), generator=generator)
        rows = top[:, None] + torch.arange(height)
        columns = left[:, None] + torch.arange(width)
        picture = torch.arange(count)[:, None, None]
        batch = padded.permute(0, 2, 3, 1)[picture, rows[:, :, None], columns[:, None, :]]
        batch = batch.permute(0, 3, 1, 2)
    return batch


@torch.inference_mode()
def accuracy(model: nn.Module, split: Split) -> float:
    """Measure the share of pictures whose highest logit is the labelled class."""
    model.eval()
    right = 0
    for pictures, labels in zip(
        torch.split(split.pictures, BATCH_TEST), torch.split(split.labels, BATCH_TEST), strict=True
    ):
        right += int((model(pictures).argmax(1) == labels).sum())
    return right / len(split.labels)


def train(
    build: Callable[[], nn.Module], recipe: Recipe, data: Split, test: Split, *, seed: int
) -> Iterator[tuple[nn.Module, Epoch]]:
    """Yield the network and what it reached after every epoch.

    The same seed gives the same weights on the same machine with the same number of threads; the
    caller's random state is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build().to(memory_format=torch.channels_last)
        state = torch.random.get_rng_state()
    shuffle = torch.Generator().manual_seed(seed)
    steps = -(-len(data.labels) // recipe.batch_size)
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, epochs=recipe.epochs, steps_per_epoch=steps
    )
    for number in range(1, recipe.epochs + 1):
        with torch.random.fork_rng(devices=[]):  # dropout draws from the global generator
            torch.random.set_rng_state(state)
            loss = _epoch(model, recipe, data, optimiser, schedule, shuffle)
            state = torch.random.get_rng_state()
        yield model, Epoch(number, loss, accuracy(model, test))


def _epoch(
    model: nn.Module,
    recipe: Recipe,
    data: Split,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    shuffle: torch.Generator,
) -> float:
    """Take one pass over the data; the mean training loss comes back."""
    model.train()
    total = 0.0
    order = torch.randperm(len(data.labels), generator=shuffle)
    for chosen in torch.split(order, recipe.batch_size):
        pictures = augment(data.pictures[chosen], recipe, shuffle)
        logits = model(pictures.contiguous(memory_format=torch.channels_last))
        loss = functional.cross_entropy(
            logits, data.labels[chosen], label_smoothing=recipe.label_smoothing
        )
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        total += loss.item() * len(chosen)
    return total / len(data.labels)
