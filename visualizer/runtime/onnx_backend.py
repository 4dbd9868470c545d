"""Run a network through ONNX Runtime: the same values as PyTorch, without gradients."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from visualizer.runtime.graph import INPUT, Graph, Layer
from visualizer.runtime.onnx_export import export
from visualizer.runtime.segment import Segment, between

Array = NDArray[np.float32]
PROVIDERS = {"cuda": "CUDAExecutionProvider", "cpu": "CPUExecutionProvider"}
SESSIONS_MOST = 8  # each keeps folded copies of its weights


def channels_first(value: Array, layer: Layer) -> Array:
    """View a layer's output as (N, channels, height, width)."""
    if layer.rank == 2:
        return value[:, :, None, None]
    return value.transpose(0, 3, 1, 2) if layer.channels_last else value


def native(value: Array, layer: Layer) -> Array:
    """Lay (N, channels, height, width) as the network holds it."""
    if layer.rank == 2:
        value = value.reshape(value.shape[:2])
    elif layer.channels_last:
        value = value.transpose(0, 2, 3, 1)
    return np.ascontiguousarray(value, dtype=np.float32)


class OnnxBackend:
    """One session whose outputs are all layers, and one for each part of the network asked for.

    The runtime merges steps whose values nobody reads, so a part with one target is the fastest.
    """

    name = "onnx"

    def __init__(self, graph: Graph, device: str) -> None:
        self.graph = graph
        self.device = device
        self.weights = {
            name: value.detach().cpu().numpy()
            for name, value in graph.module.state_dict().items()
            if value.is_floating_point()
        }
        everything = [layer.name for layer in graph.layers if layer.name != INPUT]
        self.session = self._session(between(graph, (INPUT,), everything))
        self._sessions: OrderedDict[Segment, onnxruntime.InferenceSession] = OrderedDict()
        self._lock = threading.Lock()

    def _session(self, segment: Segment) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = export(self.graph, self.weights, segment)
        shared = [t.name for t in model.graph.initializer if t.external_data]
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(self.weights[name]) for name in shared]
        options.add_external_initializers(shared, values)
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=[PROVIDERS[self.device]]
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

    def evaluate(self, segment: Segment, values: Sequence[Array]) -> list[Array]:
        """Compute a segment's targets from its sources' values; a single one serves all N."""
        count = len(values[0])
        feed = {
            name: native(np.broadcast_to(value, (count, *value.shape[1:])), self.graph[name])
            for name, value in zip(segment.sources, values, strict=True)
        }
        made = self._part(segment).run(list(segment.targets), feed)
        return [
            channels_first(value, self.graph[name])
            for name, value in zip(segment.targets, made, strict=True)
        ]

    def _part(self, segment: Segment) -> onnxruntime.InferenceSession:
        with self._lock:  # making one takes about as long as a run
            if segment not in self._sessions:
                self._sessions[segment] = self._session(segment)
            self._sessions.move_to_end(segment)
            while len(self._sessions) > SESSIONS_MOST:
                self._sessions.popitem(last=False)
            return self._sessions[segment]
