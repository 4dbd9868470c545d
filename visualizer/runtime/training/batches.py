"""The pictures in the order a network meets them, augmented and normalised, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from visualizer.errors import VisualizerError
from visualizer.runtime.training.data import Split
from visualizer.runtime.training.task import Task

if TYPE_CHECKING:
    from visualizer.runtime.training.augmenting import Augmenter


class Inputs:
    """Turns pictures into what the network takes: (n, C, H, W) uint8 -> float32, normalised."""

    def __init__(self, task: Task) -> None:
        self.mean, self.std = (
            torch.tensor(values)[:, None, None] for values in (task.data.mean, task.data.std)
        )
        _, height, width = task.input_shape
        self.places: Tensor | None = None
        if task.recipe.pixels_shuffled:
            generator = torch.Generator().manual_seed(task.seed)
            self.places = torch.randperm(height * width, generator=generator)

    def __call__(self, pictures: Tensor) -> Tensor:
        """Shuffle the pixels where the task says so, and normalise."""
        if self.places is not None:
            moved = pictures.flatten(2)[:, :, self.places]
            pictures = moved.reshape(pictures.shape)
        return pictures.float().div_(255).sub_(self.mean).div_(self.std)


class Batches:
    """Draws the order of every epoch and hands out its batches; all from one generator."""

    def __init__(self, task: Task, inputs: Inputs) -> None:
        self.task, self.inputs = task, inputs
        self.generator = torch.Generator().manual_seed(task.seed)
        self.split = _part(task.data.train, task)
        self.count = len(self.split.labels)
        self.sizes = _sizes(self.count, task.recipe.batch_size)
        self.augmenter: Augmenter | None = None
        if task.recipe.augment:
            from visualizer.runtime.training.augmenting import Augmenter

            self.augmenter = Augmenter(task.recipe.augment)
            _refuse_lonely_pairs(self.augmenter, task)
        self._epoch = -1
        self._order: Sequence[Tensor] = ()

    def take(self, epoch: int, number: int) -> tuple[Tensor, Tensor]:
        """Give batch ``number`` of ``epoch`` (both from 0): inputs and labels.

        Labels are class indices (n,), or shares (n, K) where the pipeline mixes pictures. Batches
        are asked for in their order, each once.
        """
        if epoch != self._epoch:
            self._begin(epoch)
        chosen = self._order[number]
        pictures, labels = self.split.pictures[chosen], self.split.labels[chosen]
        if self.augmenter is not None:
            numbers = (chosen + epoch * self.count).tolist()
            shares = functional.one_hot(labels, len(self.task.data.classes)).float()
            pictures, shares = self.augmenter.batch(pictures, shares, numbers, self.task.seed)
            labels = shares if self.augmenter.pairs else labels
        recipe = self.task.recipe
        batch = moved(self.inputs(pictures), recipe.shift, recipe.flip, self.generator)
        return batch.contiguous(memory_format=torch.channels_last), labels

    def _begin(self, epoch: int) -> None:
        fresh = self.task.data.fresh
        if fresh is not None and epoch > 0 and self.task.recipe.pictures is None:
            self.split = fresh(epoch)
        order = torch.randperm(self.count, generator=self.generator)
        self._epoch, self._order = epoch, torch.split(order, self.sizes)


def classes_of(labels: Tensor) -> Tensor:
    """Name each picture's class (n,): of shares (n, K) that of the largest, the first of equals."""
    return labels if labels.ndim == 1 else labels.argmax(1)


def _refuse_lonely_pairs(augmenter: Augmenter, task: Task) -> None:
    if augmenter.pairs and task.recipe.batch_size == 1:
        pair = augmenter.pairs[0]
        raise VisualizerError(
            f"Batches of 1 picture leave {pair.transform.title} none to mix it with. Choose a "
            f"batch size of 2 or more, or take {pair.id} out of the pipeline."
        )


def _sizes(count: int, most: int) -> list[int]:
    """Cut an epoch into batches; a last one of a single picture joins the one before."""
    sizes = [most] * (count // most)
    rest = count % most
    if rest == 1 and sizes and most > 1:
        sizes[-1] += 1
    elif rest:
        sizes.append(rest)
    return sizes


def _part(split: Split, task: Task) -> Split:
    """Take as many pictures as the recipe says, class by class in turn."""
    wanted = task.recipe.pictures
    if wanted is None:
        return split
    if wanted > len(split.labels):
        raise VisualizerError(
            f"{task.data.title} has {len(split.labels):,} pictures to train on, not {wanted:,}. "
            "Choose fewer, or all of them."
        )
    order = torch.randperm(len(split.labels), generator=torch.Generator().manual_seed(task.seed))
    ranks = torch.empty_like(order)
    for kind in range(len(task.data.classes)):
        own = split.labels[order] == kind
        ranks[own] = torch.arange(int(own.sum()))
    chosen = order[torch.argsort(ranks, stable=True)][:wanted]
    return Split(split.pictures[chosen], split.labels[chosen])


def evenly(split: Split, most: int) -> Split:
    """Take at most so many pictures, at least one, evenly spread over the split."""
    count = len(split.labels)
    if count <= most:
        return split
    chosen = torch.linspace(0, count - 1, max(most, 1)).long()
    return Split(split.pictures[chosen], split.labels[chosen])


def moved(batch: Tensor, shift: int, flip: bool, generator: torch.Generator) -> Tensor:
    """Mirror and shift each picture of (n, C, H, W) by its own draw; borders fill with zeros."""
    count, _, height, width = batch.shape
    if flip:
        mirrored = torch.rand(count, generator=generator) < 0.5
        batch = torch.where(mirrored[:, None, None, None], batch.flip(3), batch)
    if shift:
        padded = functional.pad(batch, [shift] * 4)
        top, left = torch.randint(2 * shift + 1, (2, count), generator=generator)
        rows = top[:, None] + torch.arange(height)
        columns = left[:, None] + torch.arange(width)
        picture = torch.arange(count)[:, None, None]
        batch = padded.permute(0, 2, 3, 1)[picture, rows[:, :, None], columns[:, None, :]]
        batch = batch.permute(0, 3, 1, 2)
    return batch
