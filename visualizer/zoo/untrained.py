"""A network before training: random parameters that repeat."""

from __future__ import annotations

import threading

import torch
from torch import nn

from visualizer.zoo.spec import ModelSpec

_one_at_a_time = threading.Lock()


def build_seeded(spec: ModelSpec, seed: int) -> nn.Module:
    """Draw a network's parameters; one seed gives one network, in any thread.

    The caller's random state is left as it was, on every device.
    """
    with _one_at_a_time, torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)  # torch.manual_seed would reach every device
        return spec.build()
