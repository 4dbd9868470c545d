"""What a visitor takes home of a training: the weights with their task, and ONNX."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from typing import Any

import torch
from safetensors.torch import save

from visualizer.errors import VisualizerError
from visualizer.runtime.graph import INPUT, SOFTMAX
from visualizer.runtime.onnx_export import whole_file
from visualizer.runtime.segment import between
from visualizer.runtime.training.origin import Transferred
from visualizer.runtime.training.reading import FORMAT
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.trained_model import TrainedModel
from visualizer.runtime.training.training import Training


def weights_file(training: Training, k: int, test_accuracy: float | None = None) -> bytes:
    """Give moment ``k`` as a safetensors file whose metadata carry the whole task.

    Raises:
        VisualizerError: it was taught further from a network of which nobody knows how it is built.
    """
    moment = training.moment(k)
    metadata = {"format": FORMAT, "task": json.dumps(task_record(training, k, test_accuracy))}
    return save({name: value.contiguous() for name, value in moment.state.items()}, metadata)


def task_record(training: Training, k: int, test_accuracy: float | None) -> dict[str, Any]:
    """Write down network, data, recipe, seed and what was reached, without any secret name."""
    if test_accuracy is None:
        test_accuracy = training.test_accuracy(k)
    task, moment = training.task, training.moment(k)
    return {
        **_network_record(task),
        "data": {
            "name": task.data.name,
            "title": task.data.title,
            "digest": task.data.digest,
            "labels": task.data.labels,
            "classes": task.data.classes,
            "mean": task.data.mean,
            "std": task.data.std,
            "input_shape": task.input_shape,
            "resize": task.data.resize or task.input_shape[1],
            "interpolation": task.data.interpolation,
            "counts": counts(task),
        },
        "recipe": asdict(task.recipe),
        "seed": task.seed,
        "moment": {
            "epoch": moment.epoch,
            "step": moment.step,
            "validation_loss": moment.loss,
            "validation_accuracy": moment.accuracy,
            "test_accuracy": test_accuracy,
        },
        "made_with": f"PyTorch {torch.__version__}, {platform.machine()}",
    }


def _network_record(task: Task) -> dict[str, Any]:
    built = task.architecture
    if built is None:
        raise VisualizerError(
            f"{task.network.title} began with a network that was made elsewhere, so a file could "
            "not say how to build it. Take it home as ONNX."
        )
    network = {"title": task.network.title, "source": task.network.source, **asdict(built)}
    if task.origin is None:
        return {"network": network}
    return {"network": network, "transfer": origin_record(task.origin)}


def origin_record(origin: Transferred) -> dict[str, Any]:
    """Write down what a network was taught further from, and how."""
    return {
        "base": origin.base,
        "menu": origin.menu,
        "weights": origin.weights,
        "way": origin.way,
        "per_class": origin.per_class,
        "frozen": origin.frozen,
    }


def counts(task: Task) -> dict[str, int]:
    """Count the pictures of each part; those of training as the recipe limits them."""
    train = len(task.data.train.labels)
    return {
        "train": min(train, task.recipe.pictures or train),
        "validation": len(task.data.validation.labels),
        "test": len(task.data.test.labels),
    }


def onnx_file(model: TrainedModel) -> bytes:
    """Write the network as ONNX with its weights inside.

    Input ``input`` (N, C, H, W): a picture whose shorter side is resized, its middle, pixels in
    [0, 1] minus mean, by standard deviation; all three are in the metadata. Outputs: the logits
    under their layer's name, and ``softmax``.
    """
    weights = {
        name: value.detach().cpu().numpy()
        for name, value in model.graph.module.state_dict().items()
        if value.is_floating_point()
    }
    segment = between(model.graph, (INPUT,), (model.logits, SOFTMAX))
    spec = model.spec
    notes = {
        "title": spec.title,
        "classes": json.dumps(spec.classes),
        "mean": json.dumps(spec.mean),
        "std": json.dumps(spec.std),
        "resize": f"{spec.resize}, {spec.interpolation}",
        "source": spec.source,
        "seed": str(model.task.seed),
    }
    if model.task.origin is not None:
        notes["transfer"] = json.dumps(origin_record(model.task.origin))
    return whole_file(model.graph, weights, segment, notes)
