"""Small networks whose attributions can be worked out by hand."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from visualizer.runtime.attribution import Question
from visualizer.runtime.graph import trace
from visualizer.runtime.model import Array, Model, load_model
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.zoo import find


def toy(module: nn.Module, input_shape: tuple[int, int, int]) -> Model:
    """Wrap a module as a network; its record is LeNet-5's and not read."""
    graph = trace(module.eval(), input_shape)
    backend = TorchBackend(graph, torch.device("cpu"))
    return Model(find("lenet5"), module, graph, backend, backend, "cpu", "untrained")


def random_batch(shape: tuple[int, ...], seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal((1, *shape), dtype=np.float32)


def asks(model: Model, batch: Array, target: int, against: int | None = None) -> Question:
    cotangent = np.zeros((1, *model.layer(model.logits).output_shape), np.float32)
    cotangent[0, target] = 1
    if against is not None:
        cotangent[0, against] = -1
    return Question(model, batch, cotangent)


def score(question: Question, batch: Array) -> float:
    logits = question.model.values(batch, [question.model.logits])[question.model.logits]
    return float((logits * question.cotangent).sum())


def untrained(name: str) -> Model:
    return load_model(name, backend="onnx", weights=None)
