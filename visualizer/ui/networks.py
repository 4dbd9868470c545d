"""Networks that visitors trained: named by a secret, examined in every tab, gone with the page."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from visualizer.errors import NetworkGoneError, VisualizerError
from visualizer.runtime.model import UNTRAINED
from visualizer.runtime.training.trained_model import TrainedModel, make_model
from visualizer.runtime.training.training import Training
from visualizer.ui.trainings import Trainings
from visualizer.zoo.spec import ModelSpec

TITLE_MOST = 16  # letters of the data's title in the network's
MODELS_MOST = 16  # one moment of one training each
NAME = re.compile(r"([0-9a-f]{32})(?:_([0-9]{1,5}))?")


def own_name(name: str) -> tuple[str, int | None] | None:
    """Take the name of an own network apart: its training's handle and its moment.

    ``HANDLE_3`` is the third moment, ``HANDLE`` the newest (None); other names give None.
    """
    found = NAME.fullmatch(name)
    if found is None:
        return None
    handle, moment = found.groups()
    return handle, None if moment is None else int(moment)


def file_stem(spec: ModelSpec) -> str:
    """Name a file after a network: by its title where the name is a secret."""
    if own_name(spec.name) is None:
        return spec.name
    return re.sub(r"[^a-z0-9]+", "-", spec.title.lower()).strip("-")


class KeptNetworks:
    """Moments of trainings as networks like any other, the least recently used put away first."""

    def __init__(
        self, trainings: Trainings, device: str, backend: str, most: int = MODELS_MOST
    ) -> None:
        self.trainings = trainings
        self.device = device
        self.backend = backend
        self.most = most
        self._models: OrderedDict[str, TrainedModel] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Count the networks in memory."""
        return len(self._models)

    def get(self, name: str, *, trained: bool = True) -> TrainedModel:
        """Take an own network; ``trained=False`` gives it as it was before its first step.

        Raises:
            NetworkGoneError: its training is no longer kept, or never reached that moment.
        VisualizerError: it learned from shuffled pixels, which no other tab shows.
        """
        model = self._model(name, trained)
        if model.task.recipe.pixels_shuffled:
            raise VisualizerError(
                "This network learned from pictures whose pixels were shuffled: elsewhere it would "
                "see them in order and know nothing. Train it with pixels in their places."
            )
        return model

    def spec(self, name: str) -> ModelSpec:
        """Describe an own network; errors as :meth:`get`, but for shuffled pixels."""
        return self._model(name, True).spec

    def _model(self, name: str, trained: bool) -> TrainedModel:
        handle, training, moment = self._find(name)
        moment = moment if trained else 0
        full = f"{handle}_{moment}"
        with self._lock:
            found = self._models.get(full)
            if found is not None:
                self._models.move_to_end(full)
                return found
        with training.lock:
            made = make_model(training, moment, name=full, device=self.device, backend=self.backend)
        made = titled(made, training, moment)
        with self._lock:
            if handle in self.trainings:  # else its visitor left meanwhile
                self._models[full] = made
            while len(self._models) > self.most:
                self._models.popitem(last=False)
        return made

    def forget(self, handle: str) -> None:
        """Put away all moments of one training."""
        with self._lock:
            for name in [name for name in self._models if name.startswith(handle)]:
                del self._models[name]

    def entries(self, visitor: str) -> list[dict[str, Any]]:
        """List a visitor's networks as entries of the page's menu, the newest training first."""
        return [
            menu_entry(handle, training)
            for handle, training in reversed(self.trainings.of(visitor).items())
            if not training.task.recipe.pixels_shuffled
        ]

    def _find(self, name: str) -> tuple[str, Training, int]:
        taken = own_name(name)
        if taken is None or taken[0] not in self.trainings:
            raise NetworkGoneError(
                "This network is no longer on the server: what a page trained is kept as long as "
                "it is open. Train it again in the Training tab, or choose another network."
            )
        handle, moment = taken
        training = self.trainings.get(handle)
        newest = len(training.moments) - 1
        if moment is not None and moment > newest:
            raise NetworkGoneError(
                f"This training has no moment {moment}: it has reached moment {newest}. "
                "Choose an earlier one."
            )
        return handle, training, newest if moment is None else moment


def menu_entry(handle: str, training: Training) -> dict[str, Any]:
    """Describe a training's newest network for the menu, without making it."""
    task, newest = training.task, len(training.moments) - 1
    moments = [
        {"title": moment_title(training, number), "weights": label_of(training, number)}
        for number in range(newest + 1)
    ]
    return {
        "name": f"{handle}_{newest}",
        "title": f"{base_title(training)}, {moments[newest]['title']}",
        "weights": moments[newest]["weights"],
        "source": task.network.source,
        "input": list(task.input_shape),
        "labels": task.data.labels,
        "parameters": sum(value.numel() for value in training.network.parameters()),
        "ready": True,
        "download": False,
        "size_bytes": size_of(training, newest),
        "licence": "own",
        "own": True,
        "training": handle,
        "base": base_title(training),
        "moments": moments,
    }


def moment_title(training: Training, number: int) -> str:
    """Say which moment of a training this is: ``epoch 3 of 10``, or before the first step."""
    moment, epochs = training.moments[number], training.task.recipe.epochs
    return f"epoch {moment.epoch} of {epochs}" if moment.step else "before its first step"


def base_title(training: Training) -> str:
    """Name a training's network and data in short."""
    task, data = training.task, training.task.data.title
    if len(data) > TITLE_MOST:
        data = task.data.name if task.data.labels != "own" else f"{data[: TITLE_MOST - 1]}…"
    return f"{task.network.title}, {data}"


def label_of(training: Training, number: int) -> str:
    """Say what a moment's weights are worth: the share of validation pictures they get right."""
    moment = training.moments[number]
    return f"validation {100 * moment.accuracy:.1f} %" if moment.step else UNTRAINED


def size_of(training: Training, number: int) -> int:
    """Count the bytes of a moment's weights."""
    state = training.moments[number].state
    return sum(value.numel() * value.element_size() for value in state.values())


def titled(model: TrainedModel, training: Training, number: int) -> TrainedModel:
    """Name a moment's network for the menu, and say what its weights are."""
    label = label_of(training, number)
    title = f"{base_title(training)}, {moment_title(training, number)}"
    weights = replace(model.spec.weights, label=label, size_bytes=size_of(training, number))
    return replace(model, spec=replace(model.spec, title=title, weights=weights), weights=label)
