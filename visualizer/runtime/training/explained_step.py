"""One step of a training with every number on the way: forward, loss, backward, update."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.maths.cross_entropy import cross_entropy, smoothed_targets, softmax
from visualizer.runtime.graph import INPUT, SOFTMAX, Layer
from visualizer.runtime.segment import channels_first
from visualizer.runtime.training.batches import classes_of
from visualizer.runtime.training.gradient_origin import Origin, origin
from visualizer.runtime.training.step_start import StepStart, passed
from visualizer.runtime.training.weight_gradient import WeightGradient, weight_gradient

Array = NDArray[np.float32]
KEPT_BYTES = 64_000_000
HIDDEN = (INPUT, SOFTMAX)


@dataclass(frozen=True)
class Change:
    """A weight array through the step; ``before`` and ``after`` are the optimiser's buffers."""

    layer: str
    old: Array
    gradient: Array
    new: Array
    before: Mapping[str, Array]
    after: Mapping[str, Array]


class ExplainedStep:
    """What the next step of a training does, worked out on copies; the training knows nothing.

    ``loss`` is the batch's own, as the training has it. Shapes: ``logits``, ``probabilities`` and
    ``targets`` (n, K), ``losses`` (n,), ``labels`` (n,). Where the pipeline mixes pictures,
    ``shares`` (n, K) are their labels, and ``labels`` the classes of the largest ones. ``changes``
    are the weights by their dotted paths: old, gradient, new, and the optimiser's buffers before
    and after.
    """

    def __init__(self, start: StepStart) -> None:
        self.start = start
        self.step, self.epoch = start.step, start.epoch
        self._kept: OrderedDict[str, tuple[Array, Array]] = OrderedDict()
        self._lock = Lock()  # the copies serve one question at a time
        run = passed(start)
        self.logits = _array(run.logits)
        self.loss = float(run.loss)
        if not math.isfinite(self.loss):
            raise VisualizerError(
                f"The loss of step {self.step + 1} is no number: nothing to take apart. "
                "Start again with a lower learning rate."
            )
        self.labels = classes_of(start.labels).detach().cpu().numpy()
        self.shares = None if start.labels.ndim == 1 else _array(start.labels)
        known = self.labels if self.shares is None else self.shares
        self.targets = smoothed_targets(known, self.logits.shape[1], start.smoothing)
        self.probabilities = softmax(self.logits)
        self.losses = cross_entropy(self.logits, self.targets)
        self.changes = self._update(run.gradients)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """List the network's steps in order, from the one behind the input to the logits."""
        return tuple(layer for layer in self.start.graph.layers if layer.name not in HIDDEN)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Tell the optimiser's name and its numbers at this step."""
        optimiser = self.start.optimiser
        given = optimiser.param_groups[0]
        kind = type(optimiser).__name__.lower()
        name = "momentum" if kind == "sgd" and given["momentum"] else kind
        listed: dict[str, Any] = {"name": name, "rate": float(given["lr"])}
        listed["weight_decay"] = float(given["weight_decay"])
        if kind == "sgd":
            return {**listed, "momentum": float(given["momentum"])}
        return {**listed, "betas": [float(b) for b in given["betas"]], "eps": float(given["eps"])}

    def maps(self, layer: str) -> tuple[Array, Array]:
        """Get what a layer produced for the batch, and the loss's gradient by it: (n, C, h, w).

        Raises:
            UnknownNameError: no such layer.
        """
        return self.maps_of([layer])[layer]

    def maps_of(self, layers: Sequence[str]) -> dict[str, tuple[Array, Array]]:
        """Get values and gradients of several layers, with one run at most."""
        with self._lock:
            missing = [name for name in dict.fromkeys(layers) if name not in self._kept]
            found = {name: self._kept[name] for name in layers if name in self._kept}
            if missing:
                found |= self._run_again(missing)
            for name in layers:
                self._kept.setdefault(name, found[name])
                self._kept.move_to_end(name)
            self._spare(len(set(layers)))
            return found

    def weight(self, name: str, index: tuple[int, ...]) -> WeightGradient:
        """Open one weight's gradient: the batch's pictures, and each one's positions.

        Raises:
            UnknownNameError: no such array.
            VisualizerError: no such weight in it, or a kind of layer that is not taken apart.
        """
        change = self.change(name)
        if len(index) != change.old.ndim or any(
            not 0 <= at < size for at, size in zip(index, change.old.shape, strict=True)
        ):
            shape = " × ".join(map(str, change.old.shape))
            raise VisualizerError(
                f"{name} has no weight {index}: its shape is {shape}, counted from 0."
            )
        return weight_gradient(self, change.layer, name, index)

    def origin(self, layer: str, picture: int, cell: tuple[int, int, int]) -> Origin:
        """Open one gradient by a layer's value: what of the layers behind made it."""
        return origin(self, layer, picture, cell)

    def change(self, name: str) -> Change:
        """Find a weight array by its dotted path.

        Raises:
            UnknownNameError: there is none.
        """
        if name not in self.changes:
            raise UnknownNameError(
                f"There is no weight array {name!r}. There are {', '.join(self.changes)}."
            )
        return self.changes[name]

    def update(self, name: str, index: tuple[int, ...]) -> dict[str, Any]:
        """Tell one weight's update: settings, old value, gradient, buffers and new value."""
        change = self.change(name)
        return {
            **self.settings,
            "old": float(change.old[index]),
            "gradient": float(change.gradient[index]),
            "before": {key: float(_at(value, index)) for key, value in change.before.items()},
            "after": {key: float(_at(value, index)) for key, value in change.after.items()},
            "new": float(change.new[index]),
        }

    def agreeing(self, network: nn.Module) -> int:
        """Count the weights of ``network`` that are the foretold new ones, bit for bit."""
        weights = dict(network.named_parameters())
        return sum(
            int((_array(weights[name]).view(np.int32) == change.new.view(np.int32)).sum())
            for name, change in self.changes.items()
        )

    @property
    def size_bytes(self) -> int:
        """Estimate the memory it takes: weights, gradients, buffers, the batch, kept maps."""
        arrays = [
            value.nbytes
            for change in self.changes.values()
            for value in (
                change.old, change.gradient, change.new,
                *change.before.values(), *change.after.values(),
            )
        ]  # fmt: skip
        maps = sum(2 * value.nbytes for value, _ in self._kept.values())
        return sum(arrays) + maps + 4 * self.start.inputs.numel()

    def _run_again(self, layers: list[str]) -> dict[str, tuple[Array, Array]]:
        for name in layers:
            if name not in self.start.graph.nodes or name == SOFTMAX:
                known = ", ".join(layer.name for layer in self.layers)
                raise UnknownNameError(f"There is no layer {name!r}. There are {known}.")
        run, found = passed(self.start, layers), {}
        for name in layers:
            value, layer = run.values[name], self.start.graph[name]
            gradient = torch.zeros_like(value) if value.grad is None else value.grad
            both = (channels_first(value, layer), channels_first(gradient, layer))
            found[name] = (_array(both[0]), _array(both[1]))
        return found

    def _spare(self, newest: int) -> None:
        """Let go of what was asked for longest ago, beyond the memory it may take."""
        used = sum(2 * value.nbytes for value, _ in self._kept.values())
        while used > KEPT_BYTES and len(self._kept) > newest:
            _, (gone, _) = self._kept.popitem(last=False)
            used -= 2 * gone.nbytes

    def _update(self, gradients: dict[str, Tensor]) -> dict[str, Change]:
        """Let the copied optimiser take its step, and put the old weights back."""
        start = self.start
        weights = dict(start.graph.module.named_parameters())
        homes = {name: layer.name for layer in self.layers for name in layer.weights}
        old = {name: weight.detach().clone() for name, weight in weights.items()}
        before = {name: _buffers(start.optimiser, weight) for name, weight in weights.items()}
        with start.alone():
            start.optimiser.step()
        new = {name: _array(weight).copy() for name, weight in weights.items()}
        with torch.no_grad():
            for name, weight in weights.items():
                weight.copy_(old[name])
        return {
            name: Change(
                homes.get(name, ""),
                _array(weight),
                _array(gradients[name]),
                new[name],
                before[name],
                _buffers(start.optimiser, weight),
            )
            for name, weight in weights.items()
            if name in gradients
        }


def _buffers(optimiser: torch.optim.Optimizer, weight: Tensor) -> dict[str, Array]:
    names = {"exp_avg": "mean", "exp_avg_sq": "square", "momentum_buffer": "buffer", "step": "step"}
    found = optimiser.state.get(weight, {})
    return {
        names[key]: np.array(_array(value) if isinstance(value, Tensor) else value, np.float32)
        for key, value in found.items()
        if key in names and value is not None
    }


def _at(values: Array, index: tuple[int, ...]) -> Any:
    return values[index] if values.ndim else values


def _array(value: Tensor) -> Array:
    return value.detach().float().cpu().numpy()
