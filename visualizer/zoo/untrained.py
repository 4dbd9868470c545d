"""A network before training: random parameters that repeat."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from visualizer.zoo.spec import ModelSpec

_one_at_a_time = threading.RLock()  # who has it may ask again


def build_seeded(spec: ModelSpec, seed: int) -> nn.Module:
    """Draw a network's parameters; one seed gives one network, in any thread.

    The caller's random state is left as it was, on every device.
    """
    with borrowed_generator() as generator:
        generator.manual_seed(seed)  # torch.manual_seed would reach every device
        return spec.build()


@contextmanager
def borrowed_generator() -> Iterator[torch.Generator]:
    """Have torch's one generator to oneself; it goes back as it was. Callers wait for another."""
    with _one_at_a_time, torch.random.fork_rng(devices=[]):
        yield torch.default_generator
