"""What a network in training looks like: filters, maps, answers, features; small enough to send."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.graph import INPUT, SOFTMAX, trace
from visualizer.runtime.segment import logits
from visualizer.runtime.torch_backend import TorchBackend
from visualizer.runtime.training.history import Answers, Moment
from visualizer.runtime.training.training import Training

PICTURES_MOST = 1000  # of the validation split, whose answers are shown
FEATURES_MOST = 300  # of them, whose features are
WIDTH_MOST = 512  # values of one picture's features
VALUES_MOST = 131_072  # of filters or maps; further channels are left out
MACS_SHOWN = 4e9  # at most about a third of a second for one display
MACS_AT_ONCE = 4e8  # about a fortieth: a display, too, is made in slices
FILTERS = ("conv2d", "linear")

State = Mapping[str, Tensor]
Shown = tuple[dict[str, Any], dict[str, NDArray[Any]]]
Steps = Generator[None, None, Shown]


@dataclass(frozen=True)
class Look:
    """What is looked at: the filters and maps of ``layer``, for a validation picture.

    ``picture``, (1, C, H, W) float32, normalised, its pixels where they are, takes the place of the
    validation picture ``example``.
    """

    layer: str
    example: int = 0
    picture: NDArray[np.float32] | None = None


class Display:
    """A copy of a training's network that takes on its states, one after another."""

    def __init__(self, training: Training) -> None:
        self.training = training
        with training.lock:
            self.module = training.module()
        self.graph = trace(self.module, training.task.input_shape)
        self.backend = TorchBackend(self.graph, torch.device("cpu"))
        self.lock = threading.Lock()
        self._own = self.module.state_dict()
        self.logits = logits(self.graph)
        self.features = self.graph[self.logits].inputs[0]
        self.macs = sum(
            layer.parameters * layer.output_shape[1] * layer.output_shape[2]
            for layer in self.graph.layers
        )

    @property
    def layers(self) -> list[dict[str, Any]]:
        """List the layers in order: name, kind, shape, and whether there are filters."""
        return [
            {
                "name": layer.name,
                "kind": layer.kind,
                "settings": layer.settings,
                "shape": list(layer.output_shape),
                "parameters": layer.parameters,
                "filters": layer.op in FILTERS,
            }
            for layer in self.graph.layers
            if layer.name not in (INPUT, SOFTMAX)
        ]

    @property
    def count(self) -> int:
        """Count the validation pictures whose answers are shown."""
        whole = len(self.training.task.data.validation.labels)
        return min(whole, PICTURES_MOST, max(50, int(MACS_SHOWN / max(1, self.macs))))

    def check(self, look: Look) -> None:
        """Refuse what cannot be looked at.

        Raises:
            UnknownNameError: no such layer.
            VisualizerError: no such picture.
        """
        names = [layer["name"] for layer in self.layers]
        if look.layer not in names:
            raise UnknownNameError(
                f"The network has no layer {look.layer[:40]!r}; it has {', '.join(names)}."
            )
        count = len(self.training.task.data.validation.labels)
        if look.picture is None and look.example >= count:
            raise VisualizerError(
                f"There is no validation picture {look.example}; there are {count}, 0 to "
                f"{count - 1}."
            )

    def shuffled(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Move the pixels of normalised pictures (n, C, H, W) where the training has them."""
        places = self.training.inputs.places
        if places is None:
            return inputs
        flat = inputs.reshape(*inputs.shape[:2], -1)
        return flat[:, :, places.numpy()].reshape(inputs.shape)

    def take(self, state: State) -> None:
        """Take on the weights of a moment."""
        with torch.no_grad():
            for name, value in state.items():
                self._own[name].copy_(value)

    def steps(self, look: Look, answers: Answers | None = None) -> Steps:
        """Work out what is to be seen, in slices; the generator returns header and arrays.

        Arrays: filters (out, in, kH, kW) float32, maps (C, h, w) uint8, predicted (n,) uint8,
        loss_each (n,) float32, features (m, d) uint8; see :func:`levels` for the uint8 ones.
        ``answers``, where a validation has given them, need not be worked out again.
        """
        header, arrays = self.glance(look)
        predicted, losses, features = [], [], []
        labels = self.training.task.data.validation.labels
        size = max(8, int(MACS_AT_ONCE / max(1, self.macs)))
        count = self.count if answers is None else min(self.count, FEATURES_MOST)
        for start in range(0, count, size):
            yield
            stop = min(start + size, count)
            made = self._run(slice(start, stop), (self.logits, self.features))
            if answers is None:
                found = torch.from_numpy(made[self.logits][:, :, 0, 0])
                loss = functional.cross_entropy(found, labels[start:stop], reduction="none")
                predicted.append(found.argmax(1).numpy())
                losses.append(loss.numpy())
            if start < FEATURES_MOST:
                features.append(made[self.features].reshape(stop - start, -1))
        vectors = np.concatenate(features)[:FEATURES_MOST]
        vectors = vectors[:, :: -(-vectors.shape[1] // WIDTH_MOST)]
        if answers is None:
            answers = Answers(np.concatenate(predicted).astype(np.uint8), np.concatenate(losses))
        arrays["features"], header["features_range"] = levels(vectors)
        return header, arrays | self._answered(answers)

    def glance(self, look: Look) -> Shown:
        """Give the filters and the maps of one layer: what is seen most, and costs least."""
        if look.picture is None:
            inputs = self._inputs(slice(look.example, look.example + 1))
        else:
            inputs = self.shuffled(look.picture)
        names = (look.layer,) if look.picture is None else (look.layer, self.logits)
        made = self._values(inputs, tuple(dict.fromkeys(names)))
        maps = made[look.layer][0]
        fits = max(1, VALUES_MOST // (maps.shape[1] * maps.shape[2]))
        header, arrays = self._filters(look, self._own)
        header |= {"maps_of": len(maps)}
        header["example"] = look.example
        arrays["maps"], header["maps_range"] = levels(maps[:fits])
        if look.picture is not None:
            header |= {"example": None, "answer": self._answer(made[self.logits])}
            arrays["seen"] = self._seen(look.picture)
        return header, arrays

    def kept(self, look: Look, moment: Moment) -> Shown:
        """Give what is known of a moment without computing: its filters, its answers."""
        header, arrays = self._filters(look, moment.state)
        return header, arrays if moment.answers is None else arrays | self._answered(moment.answers)

    def _answer(self, logits: NDArray[np.float32]) -> dict[str, Any]:
        """Name the most probable class, and how probable it is."""
        probabilities = functional.softmax(torch.from_numpy(logits).flatten(), dim=0)
        chosen = int(probabilities.argmax())
        return {"class": chosen, "probability": float(probabilities[chosen])}

    def _seen(self, picture: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Turn a normalised picture back into levels, (H, W, C) uint8."""
        data = self.training.task.data
        levels_of = picture[0].transpose(1, 2, 0) * np.array(data.std) + np.array(data.mean)
        return np.rint(np.clip(levels_of, 0, 1) * 255).astype(np.uint8)

    def _answered(self, answers: Answers) -> dict[str, NDArray[Any]]:
        predicted, losses = answers.predicted[: self.count], answers.losses[: self.count]
        return {"predicted": predicted, "loss_each": losses.astype(np.float32)}

    def _filters(self, look: Look, state: State) -> Shown:
        layer = self.graph[look.layer]
        header = {"layer": layer.name, "filters_of": 0}
        if layer.op not in FILTERS:
            return header, {}
        weights = state[layer.weights[0]].numpy()
        filters = weights[:, :, None, None] if weights.ndim == 2 else weights
        header["filters_of"] = len(filters)
        return header, {"filters": filters[: max(1, VALUES_MOST // filters[0].size)].copy()}

    def _inputs(self, part: slice) -> NDArray[np.float32]:
        pictures = self.training.task.data.validation.pictures[part]
        return self.training.inputs(pictures).numpy()

    def _run(self, part: slice, names: tuple[str, ...]) -> dict[str, NDArray[np.float32]]:
        return self._values(self._inputs(part), names)

    def _values(
        self, inputs: NDArray[np.float32], names: tuple[str, ...]
    ) -> dict[str, NDArray[np.float32]]:
        """Run with the threads of the training: more would wait for one another on busy cores."""
        before = torch.get_num_threads()
        torch.set_num_threads(self.training.task.recipe.threads)
        try:
            return self.backend.run(inputs, names)
        finally:
            torch.set_num_threads(before)


def levels(values: NDArray[np.float32]) -> tuple[NDArray[np.uint8], list[float]]:
    """Give values as 8-bit levels within their range: value = low + level / 255 · (high - low)."""
    finite = np.nan_to_num(values)
    low, high = float(finite.min()), float(finite.max())
    extent = high - low if high > low else 1.0
    return np.rint((finite - low) / extent * 255).astype(np.uint8), [low, high]


def finished(steps: Steps) -> Shown:
    """Run a display to its end at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Shown = end.value
            return found
