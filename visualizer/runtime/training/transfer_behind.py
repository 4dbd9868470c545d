"""Part of a network at work while the rest stands still."""

from __future__ import annotations

from collections.abc import Collection
from types import MethodType
from typing import cast

from torch import Tensor, nn

from visualizer.runtime.graph import trace
from visualizer.runtime.segment import TorchSegment, logits, tail

STILL = "still_names"  # the attribute that names what is held in evaluation mode


class Behind(nn.Module):
    """What runs behind a layer of a network, on the values of that layer; weights are shared."""

    def __init__(self, network: nn.Module, input_shape: tuple[int, int, int], layer: str) -> None:
        super().__init__()
        self.still = [network.get_submodule(name) for name in getattr(network, STILL, ())]
        graph = trace(network, input_shape)
        self.part = TorchSegment(graph, tail(graph, layer, logits(graph))).module

    def forward(self, values: Tensor) -> Tensor:
        """Compute logits (n, classes)."""
        (found,) = self.part(values)
        return cast(Tensor, found)

    def train(self, mode: bool = True) -> Behind:
        """Train, but for what is held still."""
        super().train(mode)
        for part in self.still:
            part.train(False)
        return self


def hold(network: nn.Module, names: Collection[str]) -> None:
    """Keep the named modules in evaluation mode, whatever is asked of the network."""
    setattr(network, STILL, tuple(sorted(names)))
    setattr(network, "train", MethodType(_train_the_rest, network))  # noqa: B010
    network.train(network.training)


def _train_the_rest(network: nn.Module, mode: bool = True) -> nn.Module:
    nn.Module.train(network, mode)
    for name in getattr(network, STILL):
        network.get_submodule(name).train(False)
    return network
