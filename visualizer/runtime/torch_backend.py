"""Run a network through PyTorch and keep what each layer produced."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx

from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.graph import Graph
from visualizer.runtime.segment import Segment, TorchSegment, channels_first, pull_back

Array = NDArray[np.float32]
SEGMENTS_MOST = 32  # they share the network's weights


class TorchBackend:
    """The traced network on one device. No hooks: each step's value is kept as it is made."""

    name = "torch"

    def __init__(self, graph: Graph, device: torch.device) -> None:
        self.graph = graph
        graph.module.to(device)
        self.lock = Lock()
        self._segments: OrderedDict[Segment, TorchSegment] = OrderedDict()
        self._preparing = Lock()

    def run(self, batch: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Compute the values of the ``wanted`` layers.

        Shapes: (N, C, H, W) float32 -> each (N, channels, height, width) float32.
        """
        inputs = self.tensor(batch)
        keep = {self.graph.nodes[name] for name in wanted}
        with self.lock, torch.inference_mode(), evaluating(self.graph.module):
            recorder = _Recorder(self.graph.module, keep)
            recorder.run(inputs)
        return {
            name: array(channels_first(recorder.kept[self.graph.nodes[name]], self.graph[name]))
            for name in wanted
        }

    def evaluate(self, segment: Segment, values: Sequence[Array]) -> list[Array]:
        """Compute a segment's targets from its sources' values; a single one serves all N."""
        run = self.differentiable(segment)
        with torch.inference_mode():
            return [array(made) for made in run(*map(self.tensor, values))]

    def pull_back(
        self, segment: Segment, values: Sequence[Array], cotangent: Array
    ) -> tuple[Array, Array]:
        """Compute the only target, and the gradient of ``cotangent`` times it by the first source.

        Shapes: each (N, C, h, w), or (1, C, h, w) to serve all N -> (target, gradient).
        """
        run = self.differentiable(segment)
        made, gradient = pull_back(run, [*map(self.tensor, values)], self.tensor(cotangent))
        return array(made), array(gradient)

    def differentiable(self, segment: Segment) -> TorchSegment:
        """Give a segment as a function of tensors, open to autograd."""
        with self._preparing:
            if segment not in self._segments:
                self._segments[segment] = TorchSegment(self.graph, segment)
            self._segments.move_to_end(segment)
            while len(self._segments) > SEGMENTS_MOST:
                self._segments.popitem(last=False)
            return self._segments[segment]

    def tensor(self, value: Array) -> Tensor:
        """Hand an array over to the network's device, in its precision."""
        reference = next(self.graph.module.parameters())
        return torch.from_numpy(np.ascontiguousarray(value)).to(reference)


def array(value: Tensor) -> Array:
    """Take a tensor back as float32."""
    return value.detach().float().cpu().numpy()


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
