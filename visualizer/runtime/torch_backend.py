"""Run a network through PyTorch and keep what each layer produced."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx, nn

from visualizer.runtime.graph import Graph, Layer

Array = NDArray[np.float32]


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Put ``module`` into evaluation mode; every part's own mode is restored on any exit."""
    modes = [(part, part.training) for part in module.modules()]
    try:
        module.eval()
        yield
    finally:
        for part, was_training in modes:
            part.training = was_training


def channels_first(value: Array, layer: Layer) -> Array:
    """View a layer's output as (N, channels, height, width)."""
    if layer.rank == 2:
        return value[:, :, None, None]
    return value.transpose(0, 3, 1, 2) if layer.channels_last else value


class TorchBackend:
    """The traced network on one device. No hooks: each step's value is kept as it is made."""

    name = "torch"

    def __init__(self, graph: Graph, device: torch.device) -> None:
        self.graph = graph
        self.device = device
        self.lock = Lock()

    def run(self, batch: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Compute the values of the ``wanted`` layers.

        Shapes: (N, C, H, W) float32 -> each (N, channels, height, width) float32.
        """
        inputs = torch.from_numpy(np.ascontiguousarray(batch)).to(self.device)
        keep = {self.graph.nodes[name] for name in wanted}
        with self.lock, torch.inference_mode(), evaluating(self.graph.module):
            recorder = _Recorder(self.graph.module, keep)
            recorder.run(inputs)
        return {
            name: channels_first(
                recorder.kept[self.graph.nodes[name]].float().cpu().numpy(), self.graph[name]
            )
            for name in wanted
        }


class _Recorder(fx.Interpreter):
    """Keep the chosen values and let the others go as soon as nothing reads them."""

    def __init__(self, module: fx.GraphModule, keep: Collection[str]) -> None:
        super().__init__(module)
        self.keep = keep
        self.kept: dict[str, Tensor] = {}

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        if n.name in self.keep:
            self.kept[n.name] = value
        return value
