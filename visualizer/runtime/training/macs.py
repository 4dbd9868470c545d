"""What a network costs: multiply-accumulates of one picture, counted while it runs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from visualizer.runtime.evaluating import evaluating


def macs_of(network: nn.Module, input_shape: tuple[int, int, int]) -> int:
    """Count the multiply-accumulates of convolutions and fully connected layers."""
    total = 0

    def count(part: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        weight = part.weight
        assert isinstance(weight, Tensor)
        total += output.numel() * weight[0].numel()

    layers = [part for part in network.modules() if isinstance(part, nn.Conv2d | nn.Linear)]
    hooks = [part.register_forward_hook(count) for part in layers]
    try:
        with torch.inference_mode(), evaluating(network):
            network(torch.zeros(1, *input_shape))
    finally:
        for hook in hooks:
            hook.remove()
    return total
