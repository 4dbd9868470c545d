"""Run a network through ONNX Runtime: the same values as PyTorch, without gradients."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from visualizer.runtime.graph import INPUT, Graph
from visualizer.runtime.onnx_export import export
from visualizer.runtime.torch_backend import channels_first

Array = NDArray[np.float32]
PROVIDERS = {"cuda": "CUDAExecutionProvider", "cpu": "CPUExecutionProvider"}


class OnnxBackend:
    """One session whose outputs are all layers; a run computes those that are asked for."""

    name = "onnx"

    def __init__(self, graph: Graph, device: str) -> None:
        self.graph = graph
        self.weights = {
            name: value.detach().cpu().numpy()
            for name, value in graph.module.state_dict().items()
            if value.is_floating_point()
        }
        self.outputs = [layer.name for layer in graph.layers if layer.name != INPUT]
        self.session = self._session(self.outputs, device)

    def _session(self, outputs: Collection[str], device: str) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = export(self.graph, self.weights, list(outputs))
        shared = [t.name for t in model.graph.initializer if t.external_data]
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(self.weights[name]) for name in shared]
        options.add_external_initializers(shared, values)
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=[PROVIDERS[device]]
        )

    def run(self, batch: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Compute the values of the ``wanted`` layers.

        Shapes: (N, C, H, W) float32 -> each (N, channels, height, width) float32.
        """
        asked = [name for name in wanted if name != INPUT]
        feed = {INPUT: np.ascontiguousarray(batch, dtype=np.float32)}
        values = self.session.run(asked, feed) if asked else []
        found = {
            name: channels_first(value, self.graph[name])
            for name, value in zip(asked, values, strict=True)
        }
        return {name: batch if name == INPUT else found[name] for name in wanted}
