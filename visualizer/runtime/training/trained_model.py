"""A network that was trained here, as a model like any other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import torch
from torch import nn

from visualizer.runtime.graph import Graph, trace
from visualizer.runtime.model import Backend, Model, choose_device
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.runtime.training.history import History
from visualizer.runtime.training.origin import Architecture
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.zoo.spec import Labels, ModelSpec, Weights


@dataclass(frozen=True)
class TrainedModel(Model):
    """A model that knows its training; ``moment`` is None for the network as it was when taken."""

    training: Training
    moment: int | None

    @property
    def history(self) -> History:
        """Give losses, accuracies and rates by step, and the validation records."""
        return self.training.history

    @property
    def task(self) -> Task:
        """Give network, data, recipe and seed."""
        return self.training.task

    @property
    def architecture(self) -> Architecture | None:
        """Tell how the network is built; None where nobody knows."""
        return self.task.architecture

    @property
    def pixels_shuffled(self) -> bool:
        """Tell whether it knows only pictures whose pixels were shuffled."""
        return self.task.recipe.pixels_shuffled

    @property
    def test_accuracy(self) -> float:
        """Give the share of right answers on the test split, in [0, 1]."""
        return self.training.test_accuracy(self.moment)


def make_model(
    training: Training,
    k: int | None = None,
    *,
    name: str = "trained",
    device: str = "cpu",
    backend: str = "torch",
) -> TrainedModel:
    """Make a model of the network as it is, or as it was at moment ``k``.

    Raises:
        UnknownNameError: there is no such moment.
        BackendError: this machine lacks the device, or the runtime cannot use it.
    """
    chosen = choose_device(device, backend)
    task = training.task
    module = training.module(k)
    graph = trace(module, task.input_shape)
    spec = made_spec(training, graph, name)
    gradients = TorchBackend(graph, torch.device(chosen if backend == "torch" else "cpu"))
    runtime: Backend = gradients
    if backend == "onnx":
        from visualizer.runtime.onnx_backend import OnnxBackend

        runtime = OnnxBackend(graph, chosen)
    return TrainedModel(
        spec, module, graph, runtime, gradients, chosen, spec.weights.label, training, k
    )


def made_spec(training: Training, graph: Graph, name: str) -> ModelSpec:
    """Describe the network as the menu describes its own."""
    task = training.task
    return ModelSpec(
        name=name,
        title=f"{task.network.title}, {task.data.title}",
        build=partial(_untrained, training),
        input_shape=task.input_shape,
        mean=task.data.mean,
        std=task.data.std,
        labels=cast(Labels, task.data.labels),
        cam_layer=cam_layer(graph),
        parameters=sum(value.numel() for value in training.network.parameters()),
        source=task.network.source,
        weights=Weights(
            label=f"{task.data.title} (trained here)",
            path=lambda: Path(f"{name}.safetensors"),  # it is in memory alone
            sha256="",
            read=lambda _path: dict(training.moments[-1].state),
            licence="your own",
            size_bytes=sum(
                value.numel() * value.element_size() for value in training.moments[0].state.values()
            ),
        ),
        resize=task.data.resize or task.input_shape[1],
        interpolation=task.data.interpolation,
        classes=task.data.classes,
    )


def _untrained(training: Training) -> nn.Module:
    """Build the network as it was before its first step."""
    made = training.task.make()
    made.load_state_dict(training.moments[0].state)
    return made


def cam_layer(graph: Graph) -> str:
    """Name the last feature maps, after their activation and before the last pooling."""
    found = "input"
    for layer in graph.layers:
        _, height, width = layer.output_shape
        if height * width > 1 and "pool" not in layer.op and layer.op != "identity":
            found = layer.name
    return found
