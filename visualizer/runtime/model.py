"""A loaded network: its layers, its preprocessing, its values on a picture."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin slow small steps tenfold

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from visualizer.errors import BackendError, UnknownNameError, WeightsError
from visualizer.runtime.download import download as fetch
from visualizer.runtime.framing import network_input
from visualizer.runtime.graph import Graph, Layer, trace
from visualizer.runtime.picture import PictureSource, read_picture
from visualizer.runtime.segment import Segment, logits
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import find
from visualizer.zoo.checksum import verified
from visualizer.zoo.spec import ModelSpec
from visualizer.zoo.untrained import build_seeded

Array = NDArray[np.float32]
DEVICES = ("auto", "cpu", "cuda", "mps")
BACKENDS = ("torch", "onnx")
UNTRAINED = "untrained"


class Backend(Protocol):
    """What runs a network: PyTorch or ONNX Runtime."""

    name: str

    def run(self, batch: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Compute (N, channels, height, width) values of the ``wanted`` layers."""

    def evaluate(self, segment: Segment, values: Sequence[Array]) -> list[Array]:
        """Compute a segment's targets from its sources' values."""


@dataclass(frozen=True)
class Model:
    """A network ready to be examined.

    ``weights`` is the data set it was trained on, or ``untrained``. ``module`` is the network
    itself; its weights are those that every run uses. ``gradients`` runs it in PyTorch, whatever
    the ``runtime``.
    """

    spec: ModelSpec
    module: nn.Module
    graph: Graph
    runtime: Backend
    gradients: TorchBackend
    device: str
    weights: str

    @property
    def name(self) -> str:
        """Give the network's name in the menu of :func:`list_models`."""
        return self.spec.name

    @property
    def backend(self) -> str:
        """Name the runtime: ``torch`` or ``onnx``."""
        return self.runtime.name

    @property
    def trained(self) -> bool:
        """Tell whether the weights were learned."""
        return self.weights != UNTRAINED

    @property
    def layers(self) -> tuple[Layer, ...]:
        """List every step in order of execution, the probabilities (``softmax``) last."""
        return self.graph.layers[1:]

    @property
    def size_bytes(self) -> int:
        """Estimate the memory the weights take."""
        return sum(value.numel() * value.element_size() for value in self.module.parameters())

    def layer(self, name: str) -> Layer:
        """Find a layer (or ``input``) by name.

        Raises:
            UnknownNameError: there is none; the nearest names are listed.
        """
        names = [layer.name for layer in self.graph.layers]
        if name not in names:
            near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names[1:4]
            raise UnknownNameError(
                f"{self.spec.title} has no layer {name!r}. Nearest: {', '.join(near)}."
            )
        return self.graph[name]

    def array(self, name: str, channel: int) -> NDArray[Any]:
        """Read what a weight, named by its dotted path, holds for one output channel."""
        owner, _, attribute = name.rpartition(".")
        value: Tensor = getattr(self.graph.module.get_submodule(owner), attribute)
        return value[channel].detach().cpu().numpy()

    def preprocess(self, picture: PictureSource, framing: str = "crop") -> Tensor:
        """Turn a picture into the network's input: (1, C, H, W) float32, normalised."""
        return torch.from_numpy(network_input(read_picture(picture), self.spec, framing))

    @cached_property
    def logits(self) -> str:
        """Name the layer in front of the softmax."""
        return logits(self.graph)

    def evaluate(self, segment: Segment, values: Sequence[Array]) -> list[Array]:
        """Run a part of the network on the fastest runtime; see :mod:`visualizer.runtime.segment`.

        Shapes: one (N, C, h, w) per source, a single picture serves all N -> the same per target.
        """
        return self.runtime.evaluate(segment, values)

    def pull_back(
        self, segment: Segment, values: Sequence[Array], cotangent: Array
    ) -> tuple[Array, Array]:
        """Run a part with one target, and differentiate ``cotangent`` times it by its first source.

        Shapes: as :meth:`evaluate`; cotangent as the target -> (target, gradient).
        """
        return self.gradients.pull_back(segment, values, cotangent)

    def values(self, batch: Tensor | Array, layers: Collection[str]) -> dict[str, Array]:
        """Compute what each of ``layers`` produced on a batch of inputs.

        Shapes: (N, C, H, W) float32 -> each (N, channels, height, width) float32.
        """
        for name in layers:
            self.layer(name)
        array = batch.detach().cpu().numpy() if isinstance(batch, Tensor) else batch
        return self.runtime.run(np.asarray(array, dtype=np.float32), layers)


def load_model(
    name: str,
    device: str = "auto",
    backend: str = "torch",
    *,
    weights: str | None = "trained",
    download: bool = False,
) -> Model:
    """Load a network with its trained weights, or with random ones (``weights=None``).

    ``download=True`` allows an official file that is not on this machine to be fetched.

    Raises:
        UnknownNameError: no such network; the nearest names are listed.
        BackendError: this machine lacks the device, or the runtime cannot use it.
        WeightsError: the weights are not here, or damaged.
    """
    spec = find(name)
    chosen = choose_device(device, backend)
    if weights not in (None, "trained", UNTRAINED):
        raise WeightsError(f"There are no weights {weights!r}. Choose 'trained' or None.")
    trained = weights == "trained"
    module = build_seeded(spec, seed=0)
    if trained:
        module.load_state_dict(_read(spec, download), strict=True)
    return model_of(spec, module, chosen, backend, trained=trained)


def model_of(
    spec: ModelSpec, module: nn.Module, device: str, backend: str, *, trained: bool = True
) -> Model:
    """Make a network that is loaded ready to be examined; ``device`` is one of this machine's."""
    graph = trace(module.eval(), spec.input_shape)
    label = spec.weights.label if trained else UNTRAINED
    gradients = TorchBackend(graph, torch.device(device if backend == "torch" else "cpu"))
    runtime = gradients if backend == "torch" else _onnx(graph, device)
    return Model(spec, module, graph, runtime, gradients, device, label)


def _read(spec: ModelSpec, download: bool) -> dict[str, Tensor]:
    weights = spec.weights
    if not weights.path().is_file():
        if not download:
            raise WeightsError(
                f"The weights of {spec.title} ({weights.size_bytes / 1e6:.0f} MB) are not on this "
                "machine. Download them (download=True), or choose untrained ones (weights=None)."
            )
        fetch(weights)
    return weights.read(verified(weights))


def choose_device(device: str = "auto", backend: str = "torch") -> str:
    """Settle on ``cpu``, ``cuda`` or ``mps``.

    Raises:
        BackendError: an unknown name, or a device that is not there.
    """
    if backend not in BACKENDS:
        raise BackendError(f"There is no runtime {backend!r}. Choose {' or '.join(BACKENDS)}.")
    if device not in DEVICES:
        raise BackendError(f"There is no device {device!r}. Choose {', '.join(DEVICES)}.")
    usable = _usable(backend)
    if device == "auto":
        return usable[0]
    if device not in usable:
        raise BackendError(
            f"{backend} cannot use {device} on this machine. Usable: {', '.join(usable)}."
        )
    return device


def _usable(backend: str) -> list[str]:
    if backend == "onnx":
        import onnxruntime

        cuda = "CUDAExecutionProvider" in onnxruntime.get_available_providers()
        return ["cuda", "cpu"] if cuda else ["cpu"]
    found = ["cuda"] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def _onnx(graph: Graph, device: str) -> Backend:
    from visualizer.runtime.onnx_backend import OnnxBackend

    return OnnxBackend(graph, device)
