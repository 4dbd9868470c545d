"""How long a comparison takes on this machine, from one measured step of its network."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
from torch import nn
from torch.nn import functional

from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_scale import recipe_of
from visualizer.runtime.training.transfer_training import LEARNING_MACS, PORTION_LEAST
from visualizer.zoo.untrained import borrowed_generator

STEP_S = 1.5e-3  # of an optimiser's step, whatever the network
START_S = 0.02  # of a training: its network is copied and looked at
SMALL_PORTION = 8


@dataclass(frozen=True)
class Pace:
    """Seconds a picture: seen by the frozen network, asked of one in training, learned from."""

    seen: float
    asked: float
    learned: float

    def looking(self, pictures: int) -> float:
        """Foretell the seconds of caching what the frozen network makes of pictures."""
        return self.seen * pictures

    def training(self, base: Base, way: str, pictures: int, held: int, frozen: str | None) -> float:
        """Foretell one training's seconds, and those of asking it for ``held`` pictures."""
        behind = base.share_behind(base.frozen(way, frozen))
        recipe = recipe_of(way, pictures, base.scale)
        steps = recipe.epochs * -(-pictures // recipe.batch_size)
        learning = recipe.epochs * pictures * self.learned
        return START_S + STEP_S * steps + behind * (learning + held * self.asked)


def expected(
    base: Base, classes: int, per_class: Sequence[int], ways: Sequence[str], seeds: int, held: int
) -> float:
    """Foretell a comparison's seconds on this machine, if nothing else is under way on it."""
    pace = pace_of(base)
    total = 0.0
    if {"frozen", "head"} & set(ways):
        total += pace.looking(held + seeds * classes * max(per_class))
    for way in ways:
        for count in per_class:
            total += seeds * pace.training(base, way, classes * count, held, base.usual_cut)
    return total


_known: WeakKeyDictionary[nn.Module, Pace] = WeakKeyDictionary()
_measuring = threading.Lock()


def pace_of(base: Base) -> Pace:
    """Measure a network once: a portion of pictures forward, and one forward and backward."""
    with _measuring:
        found = _known.get(base.model.module)
        if found is None:
            found = _known[base.model.module] = _measured(base)
    return found


def _measured(base: Base) -> Pace:
    count = max(PORTION_LEAST, LEARNING_MACS // base.macs) if base.large else SMALL_PORTION
    inputs = torch.zeros(count, *base.model.spec.input_shape)
    labels = torch.zeros(count, dtype=torch.int64)
    with borrowed_generator():
        network = base.build(2).to(memory_format=torch.channels_last)
    images = inputs.contiguous(memory_format=torch.channels_last)

    def learn() -> None:
        loss = functional.cross_entropy(network(images), labels)
        loss.backward()  # type: ignore[no-untyped-call]

    def ask() -> None:
        with torch.inference_mode():
            network(images)

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        seen = _seconds(lambda: base.values(inputs, (base.last,)))
        return Pace(seen / count, _seconds(ask) / count, _seconds(learn) / count)
    finally:
        torch.set_num_threads(before)


def _seconds(work: Callable[[], object]) -> float:
    """Take the processor time of the second run; the first one makes things ready."""
    work()
    start_s = time.thread_time()
    work()
    return time.thread_time() - start_s
