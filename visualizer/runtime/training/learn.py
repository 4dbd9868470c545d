"""Train a network in one call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import Any

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.training.data import Data, load_data
from visualizer.runtime.training.data_menu import find_data
from visualizer.runtime.training.history import StepRecord
from visualizer.runtime.training.recipe import CHOICES, Recipe, default_recipe
from visualizer.runtime.training.remembering import ROOM_BYTES
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.trained_model import TrainedModel, make_model
from visualizer.runtime.training.training import Training
from visualizer.zoo.stack import Network, find_network

OPTIMISERS = CHOICES["optimiser"]


def train(
    network: str | Network = "lenet5",
    data: str | Collection | Data = "digits",
    *,
    epochs: int | None = None,
    augment: str | None = None,
    side: int | None = None,
    seed: int = 0,
    on_step: Callable[[StepRecord], object] | None = None,
    **recipe: Any,
) -> TrainedModel:
    """Train a small network and give it back, with its ``history`` and ``test_accuracy``.

    ``network`` is a name, or a stack as text: ``conv(8,3);relu;globalavgpool;flatten;
    linear(classes)``. ``data`` is a name or a labelled collection; its pictures are brought to
    ``side`` × ``side``. ``augment`` is a pipeline's text. Further keywords are fields of
    :class:`~visualizer.runtime.training.recipe.Recipe`; what is left out is as usual for this
    network and these pictures. ``on_step`` is called with a record of every step.

    Raises:
        UnknownNameError: no such network, data or field of a recipe.
        StackError: the stack does not fit the pictures.
        VisualizerError: a number outside its limits, or a loss that is no number any more.
    """
    chosen = network if isinstance(network, Network) else find_network(network)
    pictures = data
    if not isinstance(pictures, Data):
        pictures = load_data(pictures, side=side or usual_side(chosen, pictures))
    named = {"augment": augment, "epochs": epochs}
    given = {name: value for name, value in named.items() if value is not None} | recipe
    task = Task(chosen, pictures, _recipe(chosen, pictures, given), seed)
    training = Training(task, ROOM_BYTES)
    for record in training.run():
        if on_step is not None:
            on_step(record)
    if training.why is not None:
        raise VisualizerError(training.why)
    name = f"{chosen.name}_{pictures.name}_{_digest(training)}"
    return make_model(training, len(training.moments) - 1, name=name)


def _recipe(network: Network, data: Data, given: Mapping[str, Any]) -> Recipe:
    """Set the usual recipe to what is given.

    Raises:
        UnknownNameError: a recipe has no such field.
        VisualizerError: a value is not legal.
    """
    known = [field.name for field in fields(Recipe)]
    strange = next((name for name in given if name not in known), None)
    if strange is not None:
        near = get_close_matches(strange, known, cutoff=0.4) or known
        raise UnknownNameError(
            f"A recipe has no field {strange[:40]!r}. Nearest: {', '.join(near)}."
        )
    optimiser = given.get("optimiser", "adamw")
    usual = default_recipe(network, data, optimiser if optimiser in OPTIMISERS else "adamw")
    return replace(usual, **given)


def _digest(training: Training) -> str:
    """Name the weights, so that what is remembered of one network is never taken for another's."""
    digest = hashlib.sha256()
    for value in training.moments[-1].state.values():
        digest.update(value.numpy().tobytes())
    return digest.hexdigest()[:12]


def usual_side(network: Network, source: str | Collection) -> int:
    """Give the side of the pictures: the data's own, or for a collection the network's."""
    return find_data(source).side if isinstance(source, str) else network.side
