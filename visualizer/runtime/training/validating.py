"""How a network does on pictures that it does not learn from: once over them, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional

from visualizer.runtime.training.data import Split
from visualizer.runtime.training.history import Answers, Validation

ANSWERS_MOST = 1000  # pictures whose answers are kept, the first ones


def validating(
    logits: Callable[[Tensor], Tensor], split: Split, at_once: int, *, step: int, epoch: int
) -> Iterator[Validation | None]:
    """Measure ``at_once`` pictures at a time; None each time but the last.

    ``logits`` makes (n, classes) of pictures (n, C, H, W) uint8.
    """
    total, right, count = 0.0, 0, len(split.labels)
    predicted, losses = [], []
    for start in range(0, count, at_once):
        part = slice(start, start + at_once)
        labels = split.labels[part]
        answers = logits(split.pictures[part])
        each = functional.cross_entropy(answers, labels, reduction="none")
        chosen = answers.argmax(1)
        total += each.sum().item()
        right += int((chosen == labels).sum())
        if start < ANSWERS_MOST:
            predicted.append(chosen)
            losses.append(each)
        if start + at_once < count:
            yield None
    kept = Answers(
        torch.cat(predicted)[:ANSWERS_MOST].numpy().astype("uint8"),
        torch.cat(losses)[:ANSWERS_MOST].numpy().copy(),
    )
    yield Validation(step, epoch, total / count, right / count, kept)
